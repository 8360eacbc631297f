"""Reads Cobertura XML with expat: any producer's layout, several classes of one file, and files that do not add up.

Files are kept packed while reading (arrays of line numbers, not objects), so that a million lines stay small.
"""

from __future__ import annotations

from array import array
from xml.parsers import expat  # entities are refused below, and expat fetches nothing by itself

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.cobertura_parts import FORM, Root, fork
from fr_check.sources.measurement import (
    MAX_LINE,
    Counts,
    Detail,
    Fault,
    Fork,
    Ratio,
    Record,
    Report,
    capped,
    total,
    unite,
)

_CONDITION = pattern(r"\((\d{1,6})/(\d{1,6})\)")
# What expat says when a file ends in its middle: in a tag, a section, a character, or with elements open.
_CUT = frozenset(
    {
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    }
)
_Branch = tuple[int, int, int, str]


class _Refused(Exception):  # noqa: N818 - control flow out of expat's callbacks, never seen outside this module
    """The file declares an entity."""


class _Packed(NamedTuple):
    """One `<class>`: line numbers, whether each was hit, and (line, taken, total, names of missing arms)."""

    lines: array[int]
    hits: bytearray
    branches: list[_Branch]


class _Handler:
    """What expat calls. `faults` collects what is no number; `methods` is the depth below a `<methods>` element."""

    def __init__(self) -> None:
        self.root: dict[str, str] = {}
        self.name = ""
        self.files: dict[str, list[_Packed]] = {}
        self.faults: list[Fault] = []
        self.roots: list[str] = []
        self.text: list[str] | None = None
        self.in_class = False
        self.methods = 0
        self.packed = _Packed(array("I"), bytearray(), [])
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.EntityDeclHandler = self.entity
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def entity(self, *_: object) -> None:
        """Any entity declaration, internal or external."""
        raise _Refused

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "line":
            if self.in_class and not self.methods:
                self.line(attributes)
        elif tag == "class":
            self.in_class = True
            self.packed = _Packed(array("I"), bytearray(), [])
            self.files.setdefault(attributes.get("filename", attributes.get("name", "")), []).append(self.packed)
            self.name = attributes.get("filename", "")
        elif tag == "methods":
            self.methods += 1
        elif tag == "source":
            self.text = []
            self.parser.CharacterDataHandler = self.text.append
        elif not self.root:
            self.root = {"": tag, **attributes}

    def line(self, attributes: dict[str, str]) -> None:
        """A `<line>` of a class; hits may be a flag or a count."""
        try:
            number, hits = int(attributes["number"]), float(attributes.get("hits", "0"))
        except (KeyError, ValueError):
            number, hits = -1, 0.0
        if not 0 <= number <= MAX_LINE:
            self.faults.append(
                Fault("malformed", f"a line of `{self.name}` without a number", self.parser.CurrentLineNumber)
            )
            return
        self.packed.lines.append(number)
        self.packed.hits.append(hits > 0)
        condition = attributes.get("condition-coverage")
        found = None if condition is None else _CONDITION.search(condition)
        if found is not None:
            taken, arms = int(found[1]), int(found[2])
            self.packed.branches.append((number, min(taken, arms), arms, attributes.get("missing-branches", "")))

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "class":
            self.in_class = False
        elif tag == "methods":
            self.methods -= 1
        elif tag == "source" and self.text is not None:
            self.roots.append("".join(self.text).strip())
            self.text = None
            self.parser.CharacterDataHandler = None


def read(data: bytes) -> Report:
    """Reads any Cobertura file; what expat cannot read is a fault with the line it stopped at."""
    handler = _Handler()
    faults: list[Fault] = []
    try:
        handler.parser.Parse(data, True)  # noqa: FBT003 - expat takes it by position
    except _Refused:
        return Report(FORM, faults=(Fault("refused", "the file declares entities, which no coverage tool does"),))
    except expat.ExpatError as error:
        faults.append(_broken(data, error))
    except (ValueError, LookupError) as error:
        faults.append(Fault("malformed", f"its encoding cannot be read: {error}"))
    if "clover" in handler.root and not faults:
        # Clover's root has the same name; its lines stand in elements of other names.
        faults.append(Fault("malformed", "it is a Clover report, which is not read: let the tool write lcov as well"))
    if handler.root and handler.root.get("") != "coverage" and not faults:
        faults.append(Fault("malformed", f"its root element is `<{handler.root['']}>`, not `<coverage>`"))
    return _report(handler, faults, generated=b"Generated by coverage.py" in data[:8192])


def _broken(data: bytes, error: expat.ExpatError) -> Fault:
    reason = expat.errors.messages[error.code]
    if b"<coverage" in data[:8192] and reason in _CUT:
        return Fault("truncated", "the file ends before its `</coverage>`", error.lineno)
    return Fault("malformed", f"it is not well-formed XML: {reason}", error.lineno)


def _report(handler: _Handler, faults: list[Fault], *, generated: bool) -> Report:
    root = Root.of(handler.root, ours=generated)
    seen_arms = any(packed.branches for file in handler.files.values() for packed in file)
    measured = root.measures_branches or seen_arms
    records = tuple(_record(name, packed, branches=measured) for name, packed in handler.files.items())
    if not faults and not handler.faults:
        faults += _disagreements(root, total(record.counts for record in records), handler.files)
    roots = tuple(dict.fromkeys(handler.roots))
    faults += handler.faults
    return Report(FORM, records, measured, root.producer, root.made, roots, capped(faults))


def _disagreements(root: Root, counts: Counts, files: dict[str, list[_Packed]]) -> list[Fault]:
    """The root's totals against the lines. A producer that writes a file in several classes adds them up twice."""
    if any(len(parts) > 1 for parts in files.values()):
        return []
    pairs = (("lines", root.lines, counts.lines), ("branches", root.branches, counts.branches or Ratio(0, 0)))
    return [
        Fault(
            "inconsistent",
            f"the totals say {stated.covered} of {stated.total} {what}, but its `<line>` elements count to"
            f" {counted.covered} of {counted.total}",
        )
        for what, stated, counted in pairs
        if min(stated) >= 0 and stated != counted and not (what == "branches" and not stated.total)
    ]


def _record(name: str, parts: list[_Packed], *, branches: bool) -> Record:
    first = parts[0]
    if len(parts) == 1 and len(set(first.lines)) == len(first.lines):
        arms = Ratio(sum(branch[1] for branch in first.branches), sum(branch[2] for branch in first.branches))
        counts = Counts(Ratio(sum(first.hits), len(first.lines)), arms if branches else None)
        return Record(name, counts, first, _decode, _peek)
    detail = Detail()
    for part in parts:
        detail = unite(detail, _decode(part))
    return Record.of(name, detail, branches=branches)


def _peek(raw: object) -> frozenset[int]:
    return frozenset(raw.lines) if isinstance(raw, _Packed) else frozenset()


def _decode(raw: object) -> Detail:
    if not isinstance(raw, _Packed):
        return Detail()
    hits = frozenset(line for line, hit in zip(raw.lines, raw.hits, strict=True) if hit)
    forks: dict[int, Fork] = {}
    for line, taken, arms, missing in raw.branches:
        one = fork(taken, arms, missing)
        forks[line] = forks[line].union(one) if line in forks else one
    return Detail(frozenset(raw.lines), hits, {}, forks)
