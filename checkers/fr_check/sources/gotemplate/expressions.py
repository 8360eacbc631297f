"""The pipeline inside an action: tokens in, a `Pipeline` or Go's error out, without recursion.

The result depends on the tokens alone, so that equal actions are parsed once. Which variables exist at that place is
checked afterwards: `uses` lists, in order, what the pipeline declares and reads.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.gotemplate.functions import FUNCTIONS
from fr_check.sources.gotemplate.literals import character_error, number_error, quote, unquote
from fr_check.sources.gotemplate.nodes import Operand, Pipeline, Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from fr_check.sources.gotemplate.lexer import Token

    Way = Literal["declare", "assign", "read"]


_OPERANDS = frozenset(
    ("bool", "character", "complex", "dot", "field", "function", "number", "nil", "raw", "string", "variable", "left")
)
_INEXECUTABLE = frozenset(("bool", "dot", "nil", "number", "string"))
_PARENTHESES = "parenthesized pipeline"


class Use(NamedTuple):
    """A variable and `how` it is met: declared, assigned or read."""

    name: str
    at: int
    how: Way


class Parsed(NamedTuple):
    """A pipeline, or the error (Go's message and the token it is about), and the variables met until then."""

    pipeline: Pipeline | None
    uses: tuple[Use, ...]
    error: str = ""
    token: Token | None = None


class SyntaxFault(Exception):  # noqa: N818 - it never leaves this package
    """Go's error message and the token it is about."""

    def __init__(self, message: str, token: Token) -> None:
        super().__init__(message)
        self.message = message
        self.token = token


def unexpected(token: Token, context: str) -> SyntaxFault:
    """What Go says of a token that does not belong here."""
    if token.kind == "error":
        return SyntaxFault(token.text, token)
    return SyntaxFault(f"unexpected {describe(token)} in {context}", token)


def describe(token: Token) -> str:
    """A token as Go's messages show it."""
    if token.kind in ("keyword", "nil", "dot"):
        return f"<{token.text}>"
    shown = 10
    return (
        f"{quote(token.text[:shown])}..." if len(token.text.encode("utf-8", "replace")) > shown else quote(token.text)
    )


class _Frame:
    """A pipeline under way."""

    __slots__ = ("arguments", "assigns", "at", "commands", "context", "variables")

    def __init__(self, context: str, at: int) -> None:
        self.context = context
        self.at = at
        self.variables: list[Variable] = []
        self.assigns = False
        self.commands: list[tuple[Operand, ...]] = []
        self.arguments: list[Operand] = []


class _Parser:
    def __init__(self, tokens: tuple[Token, ...], index: int) -> None:
        self.tokens = tokens
        self.index = index
        self.uses: list[Use] = []

    def peek(self) -> Token:
        """The next token that is no space; spaces before it are dropped."""
        while self.tokens[self.index].kind == "space":
            self.index += 1
        return self.tokens[self.index]

    def run(self, context: str) -> Pipeline:
        stack = [self._open(context)]
        while True:
            frame = stack[-1]
            token = self.peek()
            if not frame.arguments:
                if token.kind == ("close" if frame.context == _PARENTHESES else "right"):
                    self.index += 1
                    pipeline = self._close(frame, token)
                    stack.pop()
                    if not stack:
                        return pipeline
                    self._append(stack[-1], Operand("pipeline", pipeline, (), frame.at, token.at + 1))
                    continue
                if token.kind not in _OPERANDS:
                    raise unexpected(token, frame.context)
            if token.kind == "left":
                self.index += 1
                stack.append(self._open(_PARENTHESES))
            elif token.kind in _OPERANDS:
                self.index += 1
                self._append(frame, self._term(token))
            else:
                self._after(frame)

    def _open(self, context: str) -> _Frame:
        frame = _Frame(context, self.tokens[self.index - 1].at if self.index else 0)
        while (variable := self.peek()).kind == "variable":
            index = self.index + 1
            while self.tokens[index].kind == "space":
                index += 1
            follows = self.tokens[index]
            if follows.kind not in ("assign", "declare") and (follows.kind, follows.text) != ("char", ","):
                break
            self.index = index + 1
            frame.variables.append(Variable(variable.text, variable.at))
            self.uses.append(Use(variable.text, variable.at, "assign" if follows.kind == "assign" else "declare"))
            if follows.kind in ("assign", "declare"):
                frame.assigns = follows.kind == "assign"
                break
            if context != "range" or len(frame.variables) > 1:
                raise SyntaxFault(f"too many declarations in {context}", follows)
            if self.peek().kind not in ("variable", "right", "close"):
                raise SyntaxFault("range can only initialize variables", self.peek())
        return frame

    def _close(self, frame: _Frame, token: Token) -> Pipeline:
        if not frame.commands:
            raise SyntaxFault(f"missing value for {frame.context}", token)
        for stage, command in enumerate(frame.commands[1:], 2):
            if command[0].kind in _INEXECUTABLE:
                raise SyntaxFault(f"non executable command in pipeline stage {stage}", token)
        return Pipeline(tuple(frame.variables), frame.assigns, tuple(frame.commands))

    def _term(self, token: Token) -> Operand:
        kind, text = token.kind, token.text
        value, problem = text, ""
        if kind == "function":
            problem = "" if text in FUNCTIONS else f"function {quote(text)} not defined"
        elif kind == "variable":
            self.uses.append(Use(text, token.at, "read"))
        elif kind in ("string", "raw"):
            decoded = unquote(text)
            problem = "invalid syntax" if decoded is None else ""
            kind, value = "string", decoded or ""
        elif kind == "character":
            kind, problem = "number", character_error(text)
        elif kind in ("number", "complex"):
            kind, problem = "number", number_error(text)
        if problem:
            raise SyntaxFault(problem, token)
        end = token.at + len(text)
        return (
            Operand(kind, value, (text[1:],), token.at, end)
            if kind == "field"
            else Operand(kind, value, (), token.at, end)
        )

    def _append(self, frame: _Frame, operand: Operand) -> None:
        """Takes the fields that follow the operand, and what must follow them."""
        first = self.index
        while self.tokens[self.index].kind == "field":
            self.index += 1
        if self.index > first:
            chain = self.tokens[first : self.index]
            if operand.kind in _INEXECUTABLE:
                source = self.tokens[first - 1].text
                raise SyntaxFault(f"unexpected . after term {quote(source)}", chain[0])
            names = tuple(field.text[1:] for field in chain)
            operand = operand._replace(fields=operand.fields + names, end=chain[-1].at + len(chain[-1].text))
        frame.arguments.append(operand)
        self._after(frame)

    def _after(self, frame: _Frame) -> None:
        token = self.tokens[self.index]
        if token.kind == "space":
            self.index += 1
            return
        if token.kind == "pipe":
            self.index += 1
        elif token.kind not in ("right", "close"):
            raise unexpected(token, "operand")
        frame.commands.append(tuple(frame.arguments))
        frame.arguments = []


def parse_pipeline(tokens: tuple[Token, ...], index: int, context: str) -> Parsed:
    """The pipeline that starts at `tokens[index]` and ends with the action; `context` names it in Go's messages."""
    parser = _Parser(tokens, index)
    try:
        pipeline = parser.run(context)
    except SyntaxFault as fault:
        return Parsed(None, tuple(parser.uses), fault.message, fault.token)
    return Parsed(pipeline, tuple(parser.uses))
