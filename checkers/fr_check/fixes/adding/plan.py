"""The plan of a new variable, by its kind: what it is called, whose it is, and which places that means."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.secrecy import is_secret_name
from fr_check.core.trouble import Trouble
from fr_check.env_keys.rules.ambient_name import AMBIENT
from fr_check.fixes.plan import Plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from fr_check.core.context import Context

    WishKind = Literal["frontend", "backend", "secret"]


_KEY = pattern(r"[A-Z_][A-Z0-9_]*")


class Wish(NamedTuple):
    """What to add: the variable, what it is for, and what is said of it.

    `owner` is the class of settings that it belongs to, `after` the variable that it is to stand below; `in_submodule`
    allows an edit in the working tree of a submodule.
    """

    key: str
    kind: WishKind
    default: str | None = None
    type: str | None = None
    describe: str | None = None
    app: str | None = None
    owner: str | None = None
    after: str | None = None
    in_submodule: bool = False


def plan(context: Context, wish: Wish) -> Plan:
    """All edits that make a new variable known.

    Raises:
        Trouble: the name is none, it is of another kind, or a place is written so that no edit is safe.
    """
    _demand_name(wish)
    made = Plan(context.repository)
    if wish.kind == "frontend":
        from fr_check.fixes.adding import frontend  # noqa: PLC0415 - one kind a run

        frontend.add(context, wish, made)
        return made
    if wish.kind == "secret" and wish.default is not None:
        raise Trouble("a secret has no default in the source code", "leave out --default")
    if wish.kind != "secret" and is_secret_name(wish.key):
        raise Trouble(f"`{wish.key}` sounds like a secret", "use `--kind secret`, or another name")
    from fr_check.fixes.adding import backend  # noqa: PLC0415 - one kind a run

    backend.add(context, wish, made)
    if wish.kind == "backend" and context.facts("dockerfile-args").public(wish.key):
        made.remind(f"`{wish.key}` is public by its prefix: a page that reads it shows it to everybody")
    return made


def _demand_name(wish: Wish) -> None:
    if not _KEY.fullmatch(wish.key):
        upper = re.sub(r"\W", "_", wish.key).upper()
        raise Trouble(f"`{wish.key}` is no name of a variable", f"use capitals, digits and underscores: `{upper}`?")
    if wish.key in AMBIENT:
        raise Trouble(
            f"`{wish.key}` is set by the surroundings already", f"choose a name of its own: `APP_{wish.key}`?"
        )
    if wish.describe and not wish.describe.isprintable():
        raise Trouble("a description is one line", "leave out line ends")
