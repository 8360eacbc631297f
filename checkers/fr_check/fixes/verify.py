"""What an edited file must still be: parsed as before, and changed in as many facts as there are edits."""

from __future__ import annotations

import ast
from difflib import SequenceMatcher

from fr_check.core import python_syntax
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fr_check.core.edits import Edit


def broken(path: str, before: str, after: str, edits: Sequence[Edit]) -> str:
    """Why an edited text must not be written, in words that follow the name of the file; empty where it may be.

    No more facts may differ than the edits speak of: a key and its value for each line.
    """
    old, new = Text(before, path), Text(after, path)
    facts = _facts(path, old), _facts(path, new)
    if isinstance(facts[1], str):
        # A file that could not be read before may still be mended.
        return "" if isinstance(facts[0], str) else f"would no longer be read: {facts[1]}"
    if isinstance(facts[0], str):
        return ""
    changed = _changes(facts[0], facts[1])
    spoken_of = sum(_PER_LINE * (1 + _parts(before, edit)) for edit in edits)
    if changed <= spoken_of:
        return ""
    # What an anchor or a merge key repeats would change in every place that repeats it.
    lines = sorted({old.place(edit.start)[0] for edit in edits})
    place = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines))}"
    return f"says more in other places with this edit of {place} than it is about: change it by hand"


_PER_LINE = 2


def _parts(before: str, edit: Edit) -> int:
    """How many lines and items an edit puts in or takes out, but for one."""
    return max(edit.text.count(sign) + before.count(sign, edit.start, edit.end) for sign in "\n,")


def _changes(before: Sequence[object], after: Sequence[object]) -> int:
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in codes if tag != "equal")


def _facts(path: str, text: Text) -> list[object] | str:
    """What a file says, one entry a fact, in order; or why it cannot be read."""
    name = path.rpartition("/")[2].lower()
    reader = next((reader for fits, reader in _READERS if fits(name)), None)
    return reader(text) if reader is not None else list(text.string.split("\n"))


def _python(text: Text) -> list[object] | str:
    tree = python_syntax.parse(text.string)
    if isinstance(tree, python_syntax.Unparsed):
        return tree.message
    blocks = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [ast.dump(node) for node in ast.walk(tree) if isinstance(node, ast.stmt) and not isinstance(node, blocks)]


def _yaml(text: Text) -> list[object] | str:
    from fr_check.sources import yaml_tree  # noqa: PLC0415 - only where such a file is edited
    from fr_check.sources.yaml_nodes import Scalar, walk  # noqa: PLC0415

    document = yaml_tree.parse(text)
    if document.problems or not document.complete:
        return document.problems[0].message if document.problems else "not read whole"
    return [node.value if isinstance(node, Scalar) else type(node).__name__ for node in walk(document.root)]


def _toml(text: Text) -> list[object] | str:
    from fr_check.sources import toml_places  # noqa: PLC0415 - likewise

    document = toml_places.parse(text)
    return (
        document.problems[0].message
        if document.problems
        else [f"{len(path)} {path[-1]!r}" for path in document.spans if path]
    )


def _dockerfile(text: Text) -> list[object] | str:
    from fr_check.sources import dockerfile  # noqa: PLC0415 - likewise

    return [instruction.keyword for instruction in dockerfile.parse(text).instructions]


def _dotenv(text: Text) -> list[object] | str:
    from fr_check.sources import dotenv  # noqa: PLC0415 - likewise

    return [(one.key, one.value.reveal() if one.value else None) for one in dotenv.parse(text).assignments]


def _template(text: Text) -> list[object] | str:
    from fr_check.sources.gotemplate import parse  # noqa: PLC0415 - likewise

    found = parse(text)
    return found.problems[0].message if found.problems else [key.name for key in found.keys]


_TEMPLATES = (".ctmpl", ".tmpl", ".tpl")
# The first that fits reads a file, by its name in lower case.
_READERS: tuple[tuple[Callable[[str], bool], Callable[[Text], list[object] | str]], ...] = (
    (lambda name: name.endswith(".py"), _python),
    (lambda name: name.endswith((".yml", ".yaml")), _yaml),
    (lambda name: name.endswith(".toml"), _toml),
    (lambda name: name.endswith(_TEMPLATES), _template),
    (lambda name: "dockerfile" in name, _dockerfile),
    (lambda name: "env" in name and not name.endswith(".hcl"), _dotenv),
)
