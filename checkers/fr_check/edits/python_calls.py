"""Arguments of a call put in or named otherwise: `ast` says where the call stands, libcst writes it, byte for byte.

libcst is imported when a call is rewritten: that takes longer than all the checks of a repository.
"""

from __future__ import annotations

from fr_check.core import python_syntax
from fr_check.core.edits import Edit, Refused
from fr_check.edits.python import node_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    import libcst

    from fr_check.core.text import Text


def renamed(text: Text, call: ast.Call, old: str, new: str, value: str | None = None) -> Edit | Refused:
    """Gives an argument another name and, with `value`, another value."""
    import libcst  # noqa: PLC0415 - see above

    def change(written: libcst.Call) -> libcst.Call:
        made = []
        for arg in written.args:
            if arg.keyword is not None and arg.keyword.value == old:
                named = arg.with_changes(keyword=libcst.Name(new))
                made.append(named if value is None else named.with_changes(value=libcst.parse_expression(value)))
            else:
                made.append(arg)
        return written.with_changes(args=made)

    return _rewritten(text, call, change)


def with_argument(text: Text, call: ast.Call, name: str, value: str) -> Edit | Refused:
    """Adds a named argument behind the others, on a line of its own where they have theirs."""
    import libcst  # noqa: PLC0415 - see above

    def change(written: libcst.Call) -> libcst.Call | None:
        equal = libcst.AssignEqual(libcst.SimpleWhitespace(""), libcst.SimpleWhitespace(""))
        added = libcst.Arg(libcst.parse_expression(value), keyword=libcst.Name(name), equal=equal)
        return _with_last(written, added)

    return _rewritten(text, call, change)


def _with_last(written: libcst.Call, added: libcst.Arg) -> libcst.Call | None:
    """The call with one argument more; None where a comment behind the last one would come to stand elsewhere."""
    import libcst  # noqa: PLC0415 - see above

    if not written.args:
        return written.with_changes(args=[added])
    *others, last = written.args
    between = _between(written, others)
    if not isinstance(last.comma, libcst.Comma):
        tail = last.whitespace_after_arg
        if isinstance(tail, libcst.ParenthesizedWhitespace) and tail.first_line.comment is not None:
            return None
        added = added.with_changes(whitespace_after_arg=tail)
    else:
        # The comma behind the last one stays the last; a comment behind it stays with its argument.
        behind = last.comma.whitespace_after
        comma = last.comma
        if isinstance(behind, libcst.ParenthesizedWhitespace):
            comma = comma.with_changes(whitespace_after=_bare(behind))
            if isinstance(between, libcst.ParenthesizedWhitespace):
                between = between.with_changes(first_line=behind.first_line, empty_lines=behind.empty_lines)
        added = added.with_changes(comma=comma)
    followed = last.with_changes(
        comma=libcst.Comma(whitespace_after=between), whitespace_after_arg=libcst.SimpleWhitespace("")
    )
    return written.with_changes(args=[*others, followed, added])


def _between(written: libcst.Call, others: list[libcst.Arg]) -> libcst.BaseParenthesizableWhitespace:
    """What stands between two arguments of the call: a blank, or a new line and its indent."""
    import libcst  # noqa: PLC0415 - see above

    before: object = written.whitespace_before_args
    if others and isinstance(others[-1].comma, libcst.Comma):
        before = others[-1].comma.whitespace_after
    return _bare(before) if isinstance(before, libcst.ParenthesizedWhitespace) else libcst.SimpleWhitespace(" ")


def _bare(white: libcst.ParenthesizedWhitespace) -> libcst.ParenthesizedWhitespace:
    """A new line without the comments."""
    import libcst  # noqa: PLC0415 - see above

    line = libcst.TrailingWhitespace(newline=white.first_line.newline)
    return white.with_changes(first_line=line, empty_lines=[])


def _rewritten(text: Text, call: ast.Call, change: Callable[[libcst.Call], libcst.Call | None]) -> Edit | Refused:
    import libcst  # noqa: PLC0415 - see above

    start, end = node_span(text, call)
    source = text.string[start:end]
    left = Refused(f"the call in line {call.lineno} of {text.path} is written in a way that is left to its author")
    newline = "\r\n" if "\r\n" in source else "\n"
    try:
        written = libcst.parse_expression(source, libcst.PartialParserConfig(default_newline=newline))
    except (libcst.ParserSyntaxError, RecursionError):
        return left
    code = libcst.Module([], default_newline=newline).code_for_node
    if not isinstance(written, libcst.Call) or code(written) != source:
        return left
    changed = change(written)
    if changed is None:
        return left
    made = code(changed)
    if python_syntax.expression(made) is None:
        return left
    return Edit(text.path, start, end, made)
