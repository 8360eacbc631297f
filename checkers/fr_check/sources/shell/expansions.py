"""What is replaced in words: parameters, substitutions, arithmetic, GitHub's expressions."""

from __future__ import annotations

import re

from fr_check.core.patterns import pattern
from fr_check.sources.parts import joined
from fr_check.sources.shell.model import Expansion
from fr_check.sources.shell.words import Parts, WordReader, add

_BRACED = pattern(r"[^}\"'$`\\]+")
_BRACED_QUOTED = pattern(r"[^}\"$`\\]+")
_BACKTICK = pattern(r"(?:[^`\\]++|\\.)*+", re.DOTALL)
_DOLLAR_SINGLE = pattern(r"(?:[^'\\]++|\\.)*+", re.DOTALL)
_PARAMETER = pattern(r"\$(?:([A-Za-z_]\w*|[0-9@*#?$!-])|\{([#!]?)([A-Za-z_]\w*|[0-9]+|[@*#?$!-]))", re.ASCII)
_SUBSCRIPT = pattern(r"\[[^\]}\n]*\]")
_OPERATOR = pattern(r":[-=?+]|##?|%%?|//?|\^\^?|,,?|[-=?+@:]")
_EXPRESSION = pattern(r"\$\{\{(?:[^'}]++|'[^']*+'|\}(?!\})|(?!))*+\}\}")
_ARITHMETIC = pattern(r"\$\w+|\$|`|\"|'|0[xX][0-9a-fA-F]+|\d+#\w+|[A-Za-z_]\w*|\d+", re.ASCII)
_PARENTHESIS = pattern(r"[()]")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "e": "\x1b", "a": "\a", "b": "\b"}


class ExpansionReader(WordReader):
    """Words with what is expanded in them."""

    def expansion(self, parts: Parts, *, quoted: bool) -> None:
        """What starts with `$` or a backtick."""
        s, start = self.s, self.i
        if s[start] == "`":
            self.backtick(parts)
        elif s.startswith("${{", start) and start < self.last_expression:
            self.expression(parts)
        elif s.startswith("$((", start) and (end := self.arithmetic_end(start + 3)) >= 0:
            self.arithmetic(parts, start, end)
        elif s.startswith("$(", start):
            self.parenthesised(parts, start)
        elif not quoted and s.startswith("$'", start):
            self.dollar_single(parts)
        elif not quoted and s.startswith('$"', start):
            self.i += 1
        else:
            self.parameter(parts, quoted=quoted)

    def expression(self, parts: Parts) -> None:
        """GitHub's `${{ ... }}`, opaque."""
        start = self.i
        found = None if self.odd_quotes else _EXPRESSION.match(self.s, start)
        if found:
            end = found.end()
        else:
            # A quote that never closes: from here on the next }} ends an expression, or reading would be quadratic.
            self.odd_quotes = True
            end = self.s.find("}}", start) + 2
        text = self.s[start + 3 : end - 2]
        inner = start + 3 + len(text) - len(text.lstrip())
        parts.append(Expansion("expression", text.strip(), "", (), self.at(start), self.till(end), self.at(inner)))
        self.i = end

    def backtick(self, parts: Parts) -> None:
        """Commands in backticks."""
        if self.enough():
            return
        start, limit = self.i, self.n
        found = _BACKTICK.match(self.s, start + 1, limit)
        end = found.end() if found else limit
        self.i, self.n = start + 1, min(end, limit)
        self.substitution("`")
        self.n = limit
        self.i = min(end + 1, limit)
        if not self.s.startswith("`", end, limit):
            self.problem("a backtick is never closed", start)
        parts.append(Expansion("command", "", "", (), self.at(start), self.till(self.i), self.at(start + 1)))

    def parenthesised(self, parts: Parts, start: int) -> None:
        """`$(...)`, `<(...)` and `>(...)`."""
        if self.enough():
            return
        self.i = start + 2
        self.substitution(")")
        if self.i < self.n:
            self.i += 1
        else:
            self.problem("a parenthesis is never closed", start)
        parts.append(Expansion("command", "", "", (), self.at(start), self.till(self.i), self.at(start + 2)))

    def dollar_single(self, parts: Parts) -> None:
        """`$'...'` with its escapes."""
        start = self.i
        found = _DOLLAR_SINGLE.match(self.s, start + 2, self.n)
        end = found.end() if found else self.n
        body = self.s[start + 2 : end]
        add(parts, re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), body, flags=re.DOTALL))
        self.i = min(end + 1, self.n)
        if not self.s.startswith("'", end, self.n):
            self.problem("a single quote is never closed", start)

    def parameter(self, parts: Parts, *, quoted: bool) -> None:
        """`$NAME` and `${NAME...}`."""
        s, start = self.s, self.i
        found = _PARAMETER.match(s, start, self.n)
        if not found:
            self.bad_parameter(parts, start, quoted=quoted)
            return
        self.i = found.end()
        if found[1]:
            self.read(found[1], "", (), start, found.start(1), parts)
            return
        prefix, name, name_start = found[2], found[3], found.start(3)
        if prefix == "#" and name in "@*?-!$#" and not s.startswith("}", self.i):
            prefix, name, name_start, self.i = "", "#", name_start - 1, name_start
        subscript = _SUBSCRIPT.match(s, self.i, self.n)
        if subscript:
            self.i = subscript.end()
        operator = _OPERATOR.match(s, self.i, self.n)
        written = "[" if subscript else ""
        operand: Parts = []
        if operator:
            self.i = operator.end()
            written = operator.group()
        if self.deeper():
            self.quoted(_BRACED_QUOTED if quoted else _BRACED, "}", operand)
            self.depth -= 1
        if self.i < self.n:
            self.i += 1
        else:
            self.problem(f"`${{{name}` is never closed", start)
        written = {"#": "length", "!": "indirect"}.get(prefix, written)
        self.read(name, written, joined(operand), start, name_start, parts)

    def bad_parameter(self, parts: Parts, start: int, *, quoted: bool) -> None:
        """A `$` that names nothing: literal text, or `${` that no shell accepts."""
        if not self.s.startswith("${", start) or start + 2 > self.n:
            self.i += 1
            add(parts, "$")
            return
        self.i += 2
        skipped: Parts = []
        if self.deeper():
            self.quoted(_BRACED_QUOTED if quoted else _BRACED, "}", skipped)
            self.depth -= 1
        self.i = min(self.i + 1, self.n)
        self.problem("`${` without the name of a variable", start)
        parts.append(Expansion("variable", "", "", (), self.at(start), self.till(self.i), self.at(start)))

    def read(
        self, name: str, operator: str, operand: tuple[str | Expansion, ...], start: int, named: int, parts: Parts
    ) -> None:
        """Keeps a variable that is read."""
        found = Expansion("variable", name, operator, operand, self.at(start), self.till(self.i), self.at(named))
        parts.append(found)
        self.reads.append(found)

    def arithmetic_end(self, start: int) -> int:
        """Where the `))` stands that closes arithmetic opened before `start`; -1 when it is `( (`."""
        level = 0
        for found in _PARENTHESIS.finditer(self.s, start, min(self.n, start + 4096)):
            if found.group() == "(":
                level += 1
            elif level:
                level -= 1
            else:
                at = found.start()
                return at if self.s.startswith("))", at) and at + 1 < self.n else -1
        return -1

    def arithmetic(self, parts: Parts, start: int, end: int) -> None:
        """`$((...))`: the names in it are read with or without a `$`."""
        self.i = start + (3 if self.s[start] == "$" else 2)
        inner: Parts = []
        if self.deeper():
            self.terms(inner, end)
            self.depth -= 1
        self.i = min(max(self.i, end + 2), self.n)
        parts.append(Expansion("arithmetic", "", "", joined(inner), self.at(start), self.till(self.i), self.at(start)))

    def terms(self, inner: Parts, end: int) -> None:
        """The names and expansions of arithmetic, up to `end`."""
        while found := _ARITHMETIC.search(self.s, self.i, end):
            text = found.group()
            self.i = found.start()
            if text[0] in "$`":
                self.expansion(inner, quoted=True)
            else:
                self.i = found.end()
                if text[0].isalpha() or text[0] == "_":
                    self.read(text, "", (), found.start(), found.start(), inner)
