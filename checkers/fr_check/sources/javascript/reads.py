"""Reads of the environment in a stream of tokens: expressions, patterns, aliases."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.javascript.model import INLINED, MAYBE_INLINED, META, NOT_INLINED, PROCESS, Read
from fr_check.sources.javascript.tokens import DECLARING, NAME, STRING, TEMPLATE, Tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Span
    from fr_check.core.text import Text
    from fr_check.sources.javascript.model import Inlined, ReadKind

_GLOBALS = frozenset(("globalThis", "window", "global", "self"))
_DOTS = frozenset((".", "?."))
# Through an alias anything may be read; only what is written like an environment variable is taken for one.
_VARIABLE = pattern(r"[A-Z][A-Z0-9_]*\Z")
# How far back the name of an annotated parameter is looked for: `env: Record<string, string> = process.env`.
_ANNOTATION = 60
_PARAMETERS = frozenset(("(", ",", "readonly", "private", "public", "protected"))
# Words after which a bracket groups an expression.
_WORDS = frozenset(("return", "case", "typeof", "await", "in", "of", "new", "void", "yield", "throw", "default"))
_WRITES = frozenset(("=", "+=", "-="))


class _Object(NamedTuple):
    """The environment object in the tokens: its first token and the one after it."""

    object: str
    first: int
    after: int
    proper: bool


class ReadFinder:
    """Finds reads; `reads` and `keys` hold what was found."""

    def __init__(self, text: Text, tokens: Tokens) -> None:
        self.text = text
        self.tokens = tokens
        self.kinds, self.texts, self.starts, self.match = tokens[:4]
        self.size = len(tokens.texts)
        self.aliases: dict[str, str] = {}
        self.reads: list[Read] = []

    def find(self) -> tuple[Read, ...]:
        """All reads, in order."""
        for index, text in enumerate(self.texts):
            if text == "process" and self.kinds[index] == NAME:
                self.process(index)
            elif text == "import" and self.texts[index + 1 : index + 5] in _META:
                self.environment(_Object(META, index, index + 5, proper=True))
            elif text in _MODULES and index and self.texts[index - 1] in {"from", "("}:
                self.imported(index)
        if self.aliases:
            self.through_aliases()
        return tuple(sorted(self.reads, key=lambda read: read.whole[:2]))

    def text_at(self, index: int) -> str:
        """A token's text; empty outside of the stream."""
        return self.texts[index] if 0 <= index < self.size else ""

    def span(self, first: int, last: int) -> Span:
        """The span of tokens first..last."""
        return self.text.span(self.starts[first], self.starts[last] + len(self.texts[last]))

    def add(
        self,
        name: str | None,
        kind: ReadKind,
        found: _Object,
        inlined: Inlined,
        *,
        at: int,
        last: int,
        optional: bool = False,
    ) -> None:
        """Keeps a read."""
        span = self.span(at, at)
        whole = self.span(found.first, last) if last >= found.first else self.span(at, at)
        self.reads.append(Read(name, kind, found.object, optional, inlined, span, whole))

    def process(self, index: int) -> None:
        """`process` as an object: `process.env`, or a pattern or alias of `process` itself."""
        before = self.text_at(index - 1)
        first, proper = index, True
        if before in _DOTS:
            if self.text_at(index - 2) not in _GLOBALS:
                return
            first, proper = index - 2, False
        after = index + 1
        if self.text_at(after) in _DOTS and self.text_at(after + 1) == "env":
            self.environment(_Object(PROCESS, first, after + 2, proper and self.texts[after] == "."))
        elif (
            self.text_at(after) == "["
            and self.text_at(after + 1).strip("\"'") == "env"
            and self.text_at(after + 2) == "]"
        ):
            self.environment(_Object(PROCESS, first, after + 3, proper=False))
        elif before == "=" and self.text_at(after) not in _DOTS and self.text_at(index - 2) == "}":
            # const { env } = process
            for key, target, at in self.pattern(index - 2):
                if key == "env" and self.text_at(target) == "{":
                    self.destructured(self.match[target], _Object(PROCESS, target, target, proper=False))
                elif key == "env":
                    self.aliases[self.text_at(target) if target >= 0 else self.texts[at]] = PROCESS

    def environment(self, found: _Object) -> None:
        """What is done with the environment object."""
        after = found.after
        text = self.text_at(after)
        while text == ")" and self.text_at(found.first - 1) == "(" and self.match[after] == found.first - 1:
            if self.text_at(after + 1) not in {*_DOTS, "[", ")"} or self.called(found.first - 1):
                break
            found, after = found._replace(first=found.first - 1), after + 1
            text = self.text_at(after)
        if text == "!":
            after, text = after + 1, self.text_at(after + 1)
        elif text == "as":
            after, text = self.cast(found, after)
        optional = text == "?."
        if text in _DOTS and self.text_at(after + 1) == "[":
            after, text = after + 1, "["
        if text in _DOTS and after + 1 < self.size and self.kinds[after + 1] == NAME:
            if self.text_at(after + 2) not in _WRITES and self.text_at(found.first - 1) != "delete":
                inlined: Inlined = NOT_INLINED if not found.proper else MAYBE_INLINED if optional else INLINED
                self.add(
                    self.texts[after + 1], "dotted", found, inlined, at=after + 1, last=after + 1, optional=optional
                )
        elif text == "[":
            self.bracketed(found, after, optional=optional)
        else:
            self.handed_on(found, after)

    def called(self, opened: int) -> bool:
        """Whether a bracket opens the arguments of a call: what stands before it is a name or an expression."""
        before = self.text_at(opened - 1)
        kind = self.kinds[opened - 1] if opened else ""
        return before in {")", "]", "?."} or (kind == NAME and before not in _WORDS)

    def cast(self, found: _Object, after: int) -> tuple[int, str]:
        """Behind `(process.env as Type)`."""
        if self.text_at(found.first - 1) == "(" and (end := self.match[found.first - 1]) > 0:
            return end + 1, self.text_at(end + 1)
        return after, ""

    def bracketed(self, found: _Object, opened: int, *, optional: bool) -> None:
        """`process.env["X"]`, `process.env[x]`."""
        closed = self.match[opened] if self.match[opened] > 0 else min(opened + 2, self.size - 1)
        if self.text_at(closed + 1) in _WRITES or self.text_at(found.first - 1) == "delete":
            return
        name = self.literal(opened + 1) if closed == opened + 2 else None
        if name is None:
            self.add(None, "dynamic", found, NOT_INLINED, at=min(opened + 1, self.size - 1), last=closed)
        else:
            inlined: Inlined = MAYBE_INLINED if found.proper else NOT_INLINED
            self.add(name, "bracketed", found, inlined, at=opened + 1, last=closed, optional=optional)

    def literal(self, index: int) -> str | None:
        """The value of a string, or of a template without substitutions; None for anything else."""
        text = self.text_at(index)
        if index < self.size and self.kinds[index] in {STRING, TEMPLATE} and "\\" not in text and text[-1] == text[0]:
            return text[1:-1]
        return None

    def handed_on(self, found: _Object, after: int) -> None:
        """`process.env` as a value: a pattern's or an alias's, the right side of `in`, or an argument."""
        before = self.text_at(found.first - 1)
        while before == "(":
            found = found._replace(first=found.first - 1)
            before = self.text_at(found.first - 1)
        if before == "=":
            name = self.bound(found.first - 2)
            if self.text_at(found.first - 2) == "}" and not name:
                self.destructured(found.first - 2, found)
                return
            if name:
                self.aliases[name] = found.object
                return
        tested = self.literal(found.first - 2) if before == "in" and found.first >= 2 else None  # noqa: PLR2004 - "X" in
        if tested is not None:
            self.add(tested, "tested", found, NOT_INLINED, at=found.first - 2, last=after - 1)
        else:
            self.add(None, "whole", found, NOT_INLINED, at=found.first, last=found.after - 1)

    def bound(self, index: int) -> str:
        """The name before a `=`, past a type annotation: a variable, or a parameter with a default."""
        if index >= 0 and self.kinds[index] == NAME and self.text_at(index - 1) not in {":", ".", "?.", "|", "&"}:
            return self.texts[index]
        at = index
        while at > max(1, index - _ANNOTATION):
            text = self.texts[at]
            if text in {";", "=", "(", "{", "["}:
                return ""
            if text in {")", "}", "]"} and 0 <= self.match[at] < at:
                at = self.match[at]
            elif text == ":" and self.texts[at - 1] == "?":
                return self.text_at(at - 2)
            elif text == ":" and self.kinds[at - 1] == NAME:
                before = self.text_at(at - 2)
                return self.texts[at - 1] if before in DECLARING or before in _PARAMETERS else ""
            at -= 1
        return ""

    def destructured(self, closed: int, found: _Object) -> None:
        """`{ A, B: b = "d", ...rest } = process.env`."""
        inlined: Inlined = MAYBE_INLINED if found.object == META else NOT_INLINED
        for key, target, at in self.pattern(closed):
            if key == "...":
                self.aliases[self.text_at(target)] = found.object
            elif key is None:
                self.add(None, "dynamic", found, NOT_INLINED, at=at, last=at)
            else:
                self.add(key, "destructured", found, inlined, at=at, last=at)

    def pattern(self, closed: int) -> Iterator[tuple[str | None, int, int]]:
        """Of an object pattern each key (None: computed; `...`: the rest), its target's token or -1, and its own."""
        opened = self.match[closed]
        while self.text_at(opened - 1) == ":" and self.text_at(opened - 2) == "}":
            # { A }: { A: string } = process.env
            closed = opened - 2
            opened = self.match[closed]
        index = opened + 1
        while 0 < index < closed:
            text = self.texts[index]
            if text == "...":
                yield "...", index + 1, index
            elif text == "[":
                yield None, -1, index
            elif text not in {",", "}"}:
                target = index + 2 if self.text_at(index + 1) == ":" else -1
                yield self.literal(index) or text, target, index
            index = self.past_comma(index, closed)

    def past_comma(self, index: int, closed: int) -> int:
        """The index behind the next comma of a pattern, brackets stepped over."""
        while index < closed and self.texts[index] != ",":
            index = max(self.match[index], index) + 1
        return index + 1

    def imported(self, index: int) -> None:
        """`import { env } from "node:process"`, `const { env } = require("process")`."""
        closed = index - 2
        if self.text_at(index - 1) == "(":
            if self.text_at(index - 2) != "require" or self.text_at(index - 3) != "=":
                return
            closed = index - 4
        if self.text_at(closed) != "}":
            return
        opened = self.match[closed]
        for at in range(opened + 1, closed):
            if self.texts[at] == "env" and self.text_at(at - 1) in {"{", ","}:
                renamed = self.text_at(at + 1) in {"as", ":"}
                self.aliases[self.texts[at + 2] if renamed else "env"] = PROCESS

    def through_aliases(self) -> None:
        """Reads through variables that hold the environment object, and what is destructured from those."""
        for index, text in enumerate(self.texts):
            if text not in self.aliases or self.kinds[index] != NAME or self.text_at(index - 1) in _DOTS:
                continue
            found = _Object(self.aliases[text], index, index + 1, proper=False)
            after = self.text_at(index + 1)
            if after in _DOTS and _VARIABLE.match(self.text_at(index + 2)):
                if self.text_at(index + 3) not in _WRITES:
                    self.add(
                        self.texts[index + 2],
                        "aliased",
                        found,
                        NOT_INLINED,
                        at=index + 2,
                        last=index + 2,
                        optional=after == "?.",
                    )
            elif after == "[" and self.match[index + 1] > 0:
                name = self.literal(index + 2) if self.match[index + 1] == index + 3 else None
                if name is None or _VARIABLE.match(name):
                    kind: ReadKind = "aliased" if name else "dynamic"
                    self.add(name, kind, found, NOT_INLINED, at=index + 2, last=self.match[index + 1])
            elif self.text_at(index - 1) == "=" and self.text_at(index - 2) == "}" and after not in _DOTS:
                self.destructured(index - 2, found)


_META = ([".", "meta", ".", "env"], [".", "meta", "?.", "env"])
_MODULES = frozenset(f"{quote}{module}{quote}" for quote in "\"'" for module in ("process", "node:process"))
