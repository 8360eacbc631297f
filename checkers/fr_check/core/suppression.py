"""Inline directives: `# fr-check: ignore[rule] reason`, on the line of a finding or alone on the line above."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Mapping

    from fr_check.core.model import Finding, Location
    from fr_check.core.text import Text

# A comment opener of some format, then the directive. In Markdown `#` opens a heading, so only `<!--` counts there;
# behind a quote or a backtick it is being talked about.
_DIRECTIVE = pattern(r"(?P<opener>#|//|/\*|<!--|;)[ \t]*fr-check:[ \t]*ignore(?:\[(?P<rules>[^\]\r\n]*)\])?")
_REASON = pattern(r"[^\r\n]{0,2000}")
# What another tool is told behind it (the `noqa` of a linter), or a second directive.
_NEXT = pattern(r"(?<![ \t])[ \t]+(?:#|//)[ \t]*(?:(?:noqa|nosec|NOSONAR|nolint)\b|eslint-|@ts-|[a-z][\w-]*:)")
_CLOSER = pattern(r"\s*(?:\*/|-->).*$")


# Lines; a step or an instruction is hardly ever longer.
_REACH = 100
# Characters into a line: nobody reads what stands farther, in packed code.
_FAR = 2_000


class Directive(NamedTuple):
    """One directive: the rules it names, the lines it speaks about (from 1, both included), and where it stands."""

    rules: tuple[str, ...]
    reason: str
    line: int
    last: int
    location: Location


class Use(NamedTuple):
    """A directive and one rule it names; `used` says whether a finding was taken out by it."""

    directive: Directive
    rule: str
    used: bool


def may_hold_directive(data: bytes) -> bool:
    """Whether a file is to be read for its directives, even where a checker has no use for what else it says."""
    return b"fr-check:" in data


def directives(text: Text) -> tuple[Directive, ...]:
    """Every directive of a text, in order."""
    if "fr-check:" not in text.string:
        return ()
    found = []
    is_comment = _comment_test(text)
    walked = (0, 0)
    for match in _DIRECTIVE.finditer(text.string):
        if text.place(match.start())[1] > _FAR or not is_comment(match):
            continue
        written = _REASON.match(text.string, match.end())
        rest = written[0] if written is not None else ""
        following = _NEXT.search(rest)
        rest = rest if following is None else rest[: following.start()]
        span = text.span(match.start(), match.end() + len(rest))
        names = tuple(name.strip() for name in (match["rules"] or "").split(",") if name.strip())
        reason = _CLOSER.sub("", rest).strip()
        line = _target(text, span.line, span.column, walked)
        walked = (span.line, line) if line > walked[1] else walked
        found.append(Directive(names, reason, line, _last(text, line), text.at(span)))
    return tuple(found)


def _comment_test(text: Text) -> Callable[[re.Match[str]], bool]:
    """Whether a match is a comment, as far as the format lets that be told."""
    if text.path.endswith((".md", ".mdx")):
        return lambda match: match["opener"] == "<!--"
    if text.path.endswith(".py"):
        comments = _python_comments(text)
        if comments is not None:
            return lambda match: _begins_in(comments, text, match.start())
    return lambda match: text.string[match.start() - 1 : match.start()] not in ("`", '"', "'")


def _begins_in(comments: Mapping[int, int], text: Text, offset: int) -> bool:
    """Whether a comment begins at an offset, or one behind another on its line: `# noqa: E501  # fr-check: ...`."""
    line, column = text.place(offset)
    start = comments.get(line, column + 1)
    return column == start or (column > start and text.string[offset - 1].isspace())


def _python_comments(text: Text) -> dict[int, int] | None:
    """Line -> column of its comment, from 1; None where the text is not Python."""
    import io  # noqa: PLC0415 - only where there is a directive
    import tokenize  # noqa: PLC0415

    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text.string, newline=None).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    return {token.start[0]: token.start[1] + 1 for token in tokens if token.type == tokenize.COMMENT}


def _target(text: Text, line: int, column: int, walked: tuple[int, int]) -> int:
    """A directive behind code speaks of its own line; one alone on its line of the next that holds no directive.

    `walked` is such a line above, and the line of which it speaks: it is that of those between them, too.
    """
    before = text.line(line)[: column - 1].strip()
    if before not in ("", "{{", "{{-", "{", "{/*") and not _is_comment(before):
        return line
    if walked[0] < line < walked[1]:
        return walked[1]
    line += 1
    while line < text.line_count and _is_comment(text.line(line)) and _DIRECTIVE.search(text.line(line)):
        line += 1
    return line


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("#", "//", "/*", "<!--", ";"))


def _last(text: Text, line: int) -> int:
    """The last line of what starts on a line: of an item of a YAML list, such as a step, or of a line that goes on."""
    content = text.line(line).lstrip()
    depth = len(text.line(line)) - len(content)
    last = line
    if text.path.endswith((".yml", ".yaml")) and content.startswith("- "):
        for number in range(line + 1, min(line + _REACH, text.line_count + 1)):
            inner = text.line(number).lstrip()
            if inner and len(text.line(number)) - len(inner) <= depth:
                break
            last = number if inner else last
    if text.line(last).rstrip().endswith("\\"):
        while last < min(line + _REACH, text.line_count) and _goes_on(text.line(last).strip()):
            last += 1
    return last


def _goes_on(content: str) -> bool:
    """Whether the next line belongs to the same: in a Dockerfile neither a comment nor a blank line ends anything."""
    return content.endswith("\\") or not content or content.startswith("#")


def apply(
    findings: Iterable[Finding], texts: Iterable[Text]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Use, ...]]:
    """Splits findings into those that stay and those taken out, and says which directives did so."""
    found = [directive for text in texts for directive in text.parsed(directives)]
    kept: list[Finding] = []
    removed: list[Finding] = []
    used: set[tuple[Directive, str]] = set()
    for finding in findings:
        hits = [directive for directive in found if finding.rule in directive.rules and _covers(directive, finding)]
        (removed if hits else kept).append(finding)
        used.update((directive, finding.rule) for directive in hits)
    named = [(directive, rule) for directive in found for rule in directive.rules or ("",)]
    return tuple(kept), tuple(removed), tuple(Use(*pair, pair in used) for pair in named)


def _covers(directive: Directive, finding: Finding) -> bool:
    place, span = finding.location, finding.location.span
    if (place.path, place.revision) != (directive.location.path, directive.location.revision):
        return False
    return span is not None and any(directive.line <= line <= directive.last for line in (span.line, span.end_line))
