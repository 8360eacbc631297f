"""Edits that pass an argument to a build, or take one out, in compose files and workflows."""

from __future__ import annotations

from fr_check.core.edits import SAFE, UNSAFE, Edit, Fix, Refused
from fr_check.core.patterns import pattern
from fr_check.dockerfile_args.comparison.passing import compose_line
from fr_check.edits.lines import delete_lines, insert_after, line_end
from fr_check.edits.yaml import add_below, add_key, entry_at, is_in_braces, item_at, remove_at, remove_holder
from fr_check.edits.yaml_flow import in_braces
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_nodes import Mapping, Scalar, Sequence, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from fr_check.builds.model import Build
    from fr_check.core.model import Location
    from fr_check.core.text import Text
    from fr_check.sources.compose.variable import Variable
    from fr_check.sources.yaml_nodes import Node


def argument_line(name: str, *, defaulted: bool, like: Variable) -> str:
    """What to write below `args:` for a variable of `environment`: the value that it has there, where that is known."""
    copied = _like(like.scalar.text, like, name)
    if copied is None or isinstance(copied, Refused):
        return compose_line(name, defaulted=defaulted)
    return f"`{copied[0]}` (in a list: `- {copied[1]}`)"


def pass_in_compose(
    text: Text, build: Build, name: str, *, defaulted: bool, like: Variable | None = None
) -> Fix | Refused:
    """Adds an argument below `args:`; one with a default in the Dockerfile without a value, which leaves that alone.

    `like` is an entry whose value it gets, if that has one.
    """
    found = _build_key(text, build.location) if build.location.path == text.path else None
    if found is None:
        return Refused("the build is written in a way that is left to its author")
    service, key, value = found
    entry, item = (f"{name}:", name) if defaulted else (f"{name}: ${{{name}:-}}", f"{name}=${{{name}:-}}")
    copied = _like(text, like, name)
    if isinstance(copied, Refused):
        return copied
    entry, item = copied or (entry, item)
    edit: Edit | Refused
    if isinstance(value, Scalar) and key.value == "build":
        if is_in_braces(service):
            # The quotes of an entry in braces are its own, and so are those of the folder.
            edits = (
                Edit(text.path, value.start, value.start, "{context: "),
                Edit(text.path, value.end, value.end, f", args: {{{in_braces(entry, '')}}}}}"),
            )
            return Fix(SAFE, edits)
        return _long_form(text, key, value, entry)
    args = value.entries.get("args") if isinstance(value, Mapping) else None
    if key.value == "args":
        edit = add_below(text, key, value, entry, item)
    elif args is not None:
        edit = add_below(text, args.key, args.value, entry, item)
    elif isinstance(value, Mapping):
        edit = add_key(text, value, ("args:", entry))
    else:
        return Refused("the build is written in a way that is left to its author")
    return edit if isinstance(edit, Refused) else Fix(SAFE, (edit,))


def _like(text: Text, like: Variable | None, name: str) -> tuple[str, str] | Refused | None:
    """An entry's value as `_copied` writes it; None for one that has none."""
    return None if like is None or like.bare else _copied(text, like, name)


def _copied(text: Text, like: Variable, name: str) -> tuple[str, str] | Refused:
    """The value of an entry as one of a mapping, in the quotes that it has there, and as an item of a list."""
    scalar = like.scalar
    written = text.string[scalar.start : scalar.end]
    if scalar.text is not text or scalar.style in {"|", ">"} or "\n" in written or written[:1] in {"*", "&", "!"}:
        return Refused(f"the value of `{name}` below `environment` is written in a way that is left to its author")
    item = f"{name}={like.value}"
    if scalar.style or not _PLAIN_ITEM.fullmatch(item):
        item = _in_quotes(item)
    if like.listed:
        value = like.value or ""
        written = value if _PLAIN_VALUE.fullmatch(value) else _in_quotes(value)
    return f"{name}: {written}", item


def _in_quotes(written: str) -> str:
    return f"'{written.replace(chr(39), chr(39) * 2)}'"


def _build_key(text: Text, location: Location) -> tuple[Mapping, Scalar, Node] | None:
    """The `args` or `build` key at a place, or the `build` of the service that begins there, with what holds it."""
    found = entry_at(text, location.span)
    if found is None:
        return None
    outer, key, value = found
    if key.value in {"args", "build"}:
        return outer, key, value
    if not isinstance(value, Mapping) or (inner := value.entries.get("build")) is None:
        return None
    return value, inner.key, inner.value


def _long_form(text: Text, key: Scalar, value: Scalar, entry: str) -> Fix:
    """`build: ./web` as a mapping with `context` and `args`."""
    end = line_end(text, text.place(key.start)[0])
    indent = " " * (text.place(key.start)[1] - 1)
    args = f"{indent}  args:", f"{indent}    {entry}"
    colon = text.string.index(":", key.end) + 1
    # What stands behind the folder speaks of it.
    number = text.place(value.end)[0]
    below = insert_after(text, number, end.join(args))
    return Fix(SAFE, (Edit(text.path, colon, value.start, f"{end}{indent}  context: "), below))


def pass_in_workflow(text: Text, build: Build, name: str, made: str = "") -> Fix | Refused:
    """Adds a line to `build-args: |`: what other builds pass, else a variable of the repository that is to be set."""
    line = f"{name}={made or f'${{{{ vars.{name} }}}}'}"
    unset = f"`gh variable set {name}`, if the repository has no such variable: an unset one is passed empty"
    remains = "" if made else unset
    for node in walk(text.parsed(yaml_tree.parse).root):
        if not isinstance(node, Mapping) or not _holds(text, node, build.location):
            continue
        found = node.entries.get("build-args")
        misspelt = next((key.value for key, _ in node.items if key.value.lower() in _MISSPELT), None)
        if found is None and misspelt is not None:
            return Refused(
                f"what it passes stands below `{misspelt}`, which the action does not read: rename that first"
            )
        if found is None or found.via is not None:
            edit = add_key(text, node, ("build-args: |", line))
            return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,), remains)
        value = found.value
        if not isinstance(value, Scalar) or value.style != "|":
            return _in_several_lines(text, found.key, value, line, remains)
        body = [n for n in range(text.place(value.start)[0] + 1, text.line_count + 1) if text.offset(n) < value.end]
        filled = [n for n in body if text.line(n).strip()]
        if not filled:
            return Refused("`build-args` holds no line to go by")
        indent = text.line(filled[0])[: len(text.line(filled[0])) - len(text.line(filled[0]).lstrip())]
        return Fix(UNSAFE, (insert_after(text, filled[-1], f"{indent}{line}"),), remains)
    return Refused("the step is written in a way that is left to its author")


def _in_several_lines(text: Text, key: Scalar, value: Node, line: str, remains: str) -> Fix | Refused:
    """`build-args` that are plain, quoted or folded as a text of several lines, with one line more."""
    number = text.place(key.start)[0]
    place = f"`build-args` in line {number} of {text.path}"
    if not isinstance(value, Scalar) or value.start < key.end or not value.value.strip():
        return Refused(f"{place} is no text of several lines: write it below a `|`, with the line `{line}`")
    written = text.string[value.start : value.end]
    lines = [one.strip() for one in value.value.split("\n") if one.strip()]
    folded = [one.strip() for one in written.split("\n")[1:] if one.strip()]
    rest = text.line(text.place(value.end)[0])[text.place(value.end)[1] - 1 :].strip()
    if any(sign in one for one in lines for sign in " ,") or (
        lines != folded if value.style == ">" else folded or rest or len(lines) > 1
    ):
        return Refused(f"{place} is not one argument a line: write it below a `|`, with the line `{line}`")
    if value.style == ">":
        last = text.place(value.start + len(written.rstrip()))[0]
        indent = text.line(last)[: len(text.line(last)) - len(text.line(last).lstrip())]
        header = Edit(text.path, value.start, value.start + 1, "|")
        return Fix(UNSAFE, (header, insert_after(text, last, f"{indent}{line}")), remains)
    end, indent = line_end(text, number), " " * (text.place(key.start)[1] + 1)
    made = end.join(("|", f"{indent}{lines[0]}", f"{indent}{line}"))
    return Fix(UNSAFE, (Edit(text.path, value.start, value.end, made),), remains)


def _holds(text: Text, mapping: Mapping, location: Location) -> bool:
    """Whether a mapping is the `with` of the step at a place."""
    if location.span is None or not {"context", "build-args", "file", "push", "tags"} & mapping.entries.keys():
        return False
    start = text.place(mapping.start)[0]
    return start - _STEP <= location.span.line <= text.place(mapping.end)[0]


# What a plain item of a list may hold whatever stands around it.
_PLAIN_ITEM = pattern(r"[\w=${}.:/?+-]*[\w=$}./?+-]")
# A reference, a path or an address, which is a text in a mapping, too: other words may be numbers or booleans there.
_PLAIN_VALUE = pattern(r"(?:[$/]|[a-z]+://)(?:[\w=${}.:/?+-]*[\w=$}./?+-])?")
# What `build-args` is written as by mistake; the first is of the action's first version.
_MISSPELT = frozenset(("build_args", "build-arg", "build_arg", "buildargs", "buildarg", "build-arguments"))
_ARGUMENT = pattern(r"""\s*(?:--build-arg[ =]+)?["']?(?P<name>\w+)=""")
# How many lines above its `with` a step may begin.
_STEP = 12


def drop_argument(text: Text, build: Build, location: Location) -> Fix | Refused:
    """Takes an argument out of compose's `args`, or its line out of `build-args: |`."""
    listed = entry_at(text, location.span) is not None or item_at(text, location.span) is not None
    edit = remove_at(text, location.span) if listed else without_line(text, build.passed, location)
    return edit if isinstance(edit, Refused) else Fix(UNSAFE, (edit,))


def without_line(text: Text, names: Container[str], location: Location) -> Edit | Refused:
    """Takes the line of an argument of one of these names out of `build-args: |`, and the key with the last one."""
    if location.span is None:
        return Refused("the place of the argument is not known")
    for node in walk(text.parsed(yaml_tree.parse).root):
        inside = (
            isinstance(node, Scalar)
            and node.style in {"|", ">"}
            and node.start < text.offset(location.span.line) < node.end
        )
        if inside and isinstance(node, Sequence | Mapping | Scalar):
            first, last = text.place(node.start)[0] + 1, text.place(node.end)[0]
            others = [n for n in range(first, last + 1) if text.line(n).strip() and n != location.span.line]
            named = _ARGUMENT.match(text.line(location.span.line))
            if location.span.end_line == location.span.line and named and named["name"] in names:
                if not others:
                    return remove_holder(text, node)
                return delete_lines(text, location.span.line, location.span.line)
    return Refused("the argument is written in a way that is left to its author")
