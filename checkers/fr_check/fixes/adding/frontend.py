"""A public variable: the example, and every image and build of a frontend."""

from __future__ import annotations

from fr_check.core.secrecy import is_secret_name
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.edits.example import insert_key
from fr_check.env_keys.values.written import quoted
from fr_check.fixes.adding.builds import declare_everywhere
from fr_check.fixes.adding.examples import with_comments
from fr_check.fixes.apps import is_in
from fr_check.sources import dotenv
from fr_check.sources.bundlers import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.core.context import Context
    from fr_check.fixes.adding.plan import Wish
    from fr_check.fixes.plan import Plan

_SCHEMAS = (".d.ts", "env.ts", "env.mjs", "env.js", "schema.mjs", "schema.ts")


def add(context: Context, wish: Wish, made: Plan) -> None:
    """Plans everything.

    Raises:
        Trouble: there is no frontend, or the name fits none.
    """
    facts = context.facts("dockerfile-args")
    if not facts.frontends:
        raise Trouble("there is no frontend here whose build puts variables into a page", "use `--kind backend`")
    pages = [one for one in facts.frontends if wish.app is None or is_in(f"{one.path}/.", wish.app)]
    if not pages:
        ways = " or ".join(f"`--app {one.path or '.'}`" for one in facts.frontends)
        raise Trouble(f"no frontend is in {wish.app}", f"name its folder: {ways}")
    if not facts.public(wish.key):
        bare = next((wish.key[len(prefix) :] for prefix in PREFIXES if wish.key.startswith(prefix)), wish.key)
        raise Trouble(f"`{wish.key}` has no public prefix", f"did you mean `{facts.prefixes[0]}{bare}`?")
    if is_secret_name(wish.key):
        raise Trouble(f"`{wish.key}` sounds like a secret, and a page shows it to everybody", "choose another name")
    _example(facts, pages, wish, made)
    declare_everywhere(facts, {one.path for one in pages}, wish.key, made)
    _schemas(context, facts, pages, wish, made)
    if not any(wish.key in frontend.reads for frontend in pages):
        objects = dict.fromkeys(frontend.environment for frontend in pages)
        made.next.append(" or ".join(f"read it as `{name}.{wish.key}`" for name in objects))


def _example(facts: Any, pages: list[Any], wish: Wish, made: Plan) -> None:
    folders = frozenset(frontend.path for frontend in facts.frontends)
    paths = sorted({path for frontend in pages for path in facts.documented.of(frontend.path, folders)})
    mine = [frontend.path for frontend in pages if frontend.path]
    own = [path for path in paths if any(is_in(path, folder) for folder in mine)] or paths
    if not own:
        made.remind(f"no example documents variables of the page: `{wish.key}={wish.default or ''}`")
        return
    text: Text = made.text(own[0])
    content = text.parsed(dotenv.parse)
    if wish.key in content.last():
        made.there.append(f"{own[0]}: `{wish.key}` is documented")
        return
    value = quoted(wish.default or "")
    if value is None:
        raise Trouble(
            f"the default of `{wish.key}` has no spelling in {own[0]} that `sh`, Compose and python-dotenv read alike",
            "choose one without line ends, `${`, and backslashes before quotes",
        )
    edit = insert_key(text, content, f"{wish.key}={value}", [*content.last(), wish.key], after=wish.after)
    head = [f"# {wish.describe}"] if wish.describe else []
    made.add(with_comments(edit, head, text), "the example")


def _schemas(context: Context, facts: Any, pages: list[Any], wish: Wish, made: Plan) -> None:
    """Files that declare each public variable: types and schemas, where a person adds the new one."""
    names = {name for frontend in pages for name in frontend.reads if facts.public(name)}
    for path in context.repository.paths():
        if wish.app is not None and not is_in(path, wish.app):
            continue
        text = context.repository.read(path) if path.endswith(_SCHEMAS) else None
        if not isinstance(text, Text) or wish.key in text.string:
            continue
        there = [(text.string.find(name), name) for name in names if name in text.string]
        if there:
            at, name = max(there)
            made.remind(f"declare it in {path}:{text.place(at)[0]}, beside `{name}`")
