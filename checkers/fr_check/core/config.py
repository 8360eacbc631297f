"""[tool.fr-check] in pyproject.toml, or .fr-check.toml, as one typed value.

The NamedTuples are the schema: a field is a key (with `-` for `_`), its annotation the type that is accepted. What
concerns one checker stands in that checker's own `policy.py`. `core/policy_tables.py` reads all of them from TOML, and
says which types there may be; without any file the defaults describe finance_report's own layout.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the annotations are read at run time

from fr_check.core.model import Location, Severity  # noqa: TC001 - likewise
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")


class Allowance(NamedTuple):
    """An entry below `allow`: findings of `rule` whose subject and path match the globs are expected, for a reason.

    `until` is the last day (2027-01-31) on which it holds; None: it holds for good.
    """

    rule: str
    subject: str
    path: str
    reason: str
    location: Location
    until: str | None = None


class Config(NamedTuple):
    """The whole policy of a repository; `path` is the file it was read from, `remarks` what to tell the user.

    `places` says where each key stands that is written (`coverage.line`), `tables` holds what each checker's own table
    says, by the NamedTuple that is its schema.
    """

    path: str | None = None
    select: tuple[str, ...] = ()
    preset: str = ""
    require: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    allow_unknown: bool = False
    format: str = "text"
    baseline: str | None = None
    extend: str | None = None
    severity: Mapping[str, Severity | None] = {}
    allow: tuple[Allowance, ...] = ()
    tables: Mapping[type, object] = {}
    remarks: tuple[str, ...] = ()
    places: Mapping[str, Location] = {}

    def of(self, kind: type[T]) -> T:
        """What a checker's own table says; its defaults where none is written."""
        found = self.tables.get(kind)
        return found if isinstance(found, kind) else kind()
