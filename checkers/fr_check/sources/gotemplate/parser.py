"""The template's text -> its nodes, or the first error, in Go's words, and where it stands.

Source of the rules: the parser of Go's text/template/parse, version 1.23 and later (`{{ else with }}` is legal there).
Go stops at the first error and renders nothing, and so does this parser. An assignment to a variable that is not
declared is an error of the place where it is executed, if it ever is.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources.gotemplate.expressions import Parsed, SyntaxFault, parse_pipeline, unexpected
from fr_check.sources.gotemplate.lexer import LONGEST_SHARED, Token, split
from fr_check.sources.gotemplate.literals import quote, unquote
from fr_check.sources.gotemplate.nodes import Action, Branch, Call, Else, End, Jump, Node, Pipeline, Trim, Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.sources.gotemplate.lexer import Piece
    from fr_check.sources.gotemplate.nodes import BranchKind, JumpKind


class Tree(NamedTuple):
    """A parsed template.

    `bodies`: name -> the range of indices into `nodes` that a `define` or `block` holds. `closes`: index of every
    `define` and `block` -> index of its `end`. `failures`: index of a node that assigns a variable nobody declared ->
    Go's error when it executes the node, and its place.
    """

    nodes: tuple[Node, ...]
    bodies: dict[str, tuple[int, int]]
    closes: dict[int, int]
    failures: dict[int, tuple[str, int, int]]
    error: str = ""
    error_at: int = 0
    error_end: int = 0


_STRUCTURES: dict[str, BranchKind] = {"if": "if", "with": "with", "range": "range"}
_JUMPS: dict[str, JumpKind] = {"break": "break", "continue": "continue"}


class _Open:
    """A control structure that waits for its `{{ end }}`."""

    __slots__ = ("alternative", "index", "kind", "loops", "name", "scope", "variables")

    def __init__(self, kind: str, index: int, variables: int) -> None:
        self.kind = kind
        self.index = index
        self.variables = variables
        self.alternative = False
        self.name = ""
        self.loops = 0
        self.scope: dict[str, int] = {}


class _Fault(Exception):  # noqa: N818 - it never leaves this module
    def __init__(self, message: str, at: int, end: int) -> None:
        super().__init__(message)
        self.found = (message, at, end)


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.nodes: list[Node] = []
        self.bodies: dict[str, tuple[int, int]] = {}
        self.closes: dict[int, int] = {}
        self.failures: dict[int, tuple[str, int, int]] = {}  # by node: what Go finds only when it executes it
        self.stack: list[_Open] = []
        self.order = ["$"]  # variables in the order declared; `scope` counts them by name
        self.scope = {"$": 1}
        self.loops = 0
        # Equal actions share one tuple of tokens; it is kept here, so that its id stays its own.
        self.known: dict[tuple[int, int, str], tuple[tuple[Token, ...], Parsed]] = {}

    def piece(self, piece: Piece) -> None:
        """Takes the next piece."""
        if piece.kind == "words":
            self.nodes.append(Words(piece.start, piece.end))
        elif piece.kind == "action":
            self._action(piece)
        elif piece.kind == "trim":
            self.nodes.append(Trim(piece.start, piece.end))
        else:
            raise _Fault(piece.message, piece.start, piece.end)

    def finish(self) -> None:
        """Nothing may be open at the end."""
        if self.stack:
            unclosed = self.nodes[self.stack[-1].index]
            raise _Fault("unexpected EOF", unclosed.start, unclosed.end)

    def _action(self, piece: Piece) -> None:
        tokens = piece.tokens
        index = 1 if tokens[0].kind == "space" else 0
        first = tokens[index]
        try:
            if first.kind != "keyword":
                pipeline = self._pipeline(piece, index, "command")
                self.nodes.append(Action(piece.start, piece.end, pipeline))
                return
            self._keyword(piece, first, index + 1)
        except SyntaxFault as fault:
            at = piece.start + fault.token.at
            width = 1 if fault.token.kind == "error" else len(fault.token.text)
            raise _Fault(self._started(fault, piece), at, min(at + width, len(self.source))) from None

    def _started(self, fault: SyntaxFault, piece: Piece) -> str:
        """Go adds where the action started when the error stands on a later line."""
        message = fault.message
        if fault.token.kind != "error" or fault.message != fault.token.text:
            return message
        first = self.source.count("\n", 0, piece.start) + 1
        if "\n" not in self.source[piece.start : piece.start + fault.token.at]:
            return message
        return f"{message}{'' if message.endswith(' action') else ' in action'} started at line {first}"

    def _keyword(self, piece: Piece, word: Token, index: int) -> None:
        kind = word.text
        if kind in _STRUCTURES:
            self._open(piece, _STRUCTURES[kind], index)
        elif kind == "else":
            self._else(piece, index)
        elif kind == "end":
            self._expect_right(piece, index, "end")
            self._end(piece)
        elif kind in _JUMPS:
            self._expect_right(piece, index, f"{{{{{kind}}}}}")
            if not self.loops:
                raise SyntaxFault(f"{{{{{kind}}}}} outside {{{{range}}}}", word)
            self.nodes.append(Jump(piece.start, piece.end, _JUMPS[kind]))
        elif kind == "define":
            if self.stack:
                raise unexpected(word, "command")
            name, index = self._name(piece, index, "define clause")
            self._expect_right(piece, index, "define clause")
            self._body(piece, "define", name, None)
        else:
            self._named(piece, kind, index)

    def _named(self, piece: Piece, kind: str, index: int) -> None:
        """`{{ template "name" pipeline }}` and `{{ block "name" pipeline }}`."""
        context = f"{kind} clause"
        name, index = self._name(piece, index, context)
        pipeline = None
        if kind == "block" or _skip_space(piece.tokens, index)[0].kind != "right":
            pipeline = self._pipeline(piece, index, context)
        if kind == "block":
            self._body(piece, "block", name, pipeline)
        else:
            self.nodes.append(Call(piece.start, piece.end, name, pipeline))

    def _name(self, piece: Piece, index: int, context: str) -> tuple[str, int]:
        token, index = _skip_space(piece.tokens, index)
        if token.kind not in ("string", "raw"):
            raise unexpected(token, context)
        name = unquote(token.text)
        if name is None:
            raise SyntaxFault("invalid syntax", token)
        return name, index + 1

    def _expect_right(self, piece: Piece, index: int, context: str) -> None:
        token, _ = _skip_space(piece.tokens, index)
        if token.kind != "right":
            raise unexpected(token, context)

    def _pipeline(self, piece: Piece, index: int, context: str) -> Pipeline:
        parsed = self._parsed(piece, index, context)
        for name, at, how in parsed.uses:
            if how == "read" and not self.scope.get(name):
                raise SyntaxFault(f"undefined variable {quote(name)}", Token("variable", name, at))
            if how == "assign" and not self.scope.get(name):
                # Go parses this, and then fails as soon as it executes it.
                self.failures.setdefault(
                    len(self.nodes), (f"undefined variable: {name}", piece.start + at, piece.start + at + len(name))
                )
            if how != "read":
                self.order.append(name)
                self.scope[name] = self.scope.get(name, 0) + 1
        if parsed.pipeline is None:
            raise SyntaxFault(parsed.error, parsed.token or piece.tokens[-1])
        return parsed.pipeline

    def _parsed(self, piece: Piece, index: int, context: str) -> Parsed:
        if piece.end - piece.start > LONGEST_SHARED:
            return parse_pipeline(piece.tokens, index, context)
        key = (id(piece.tokens), index, context)
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = (piece.tokens, parse_pipeline(piece.tokens, index, context))
        return known[1]

    def _open(self, piece: Piece, kind: BranchKind, index: int) -> None:
        # What the pipeline declares lives until the structure's end, like everything declared inside it.
        declared = len(self.order)
        pipeline = self._pipeline(piece, index, kind)
        self.stack.append(_Open(kind, len(self.nodes), declared))
        self.nodes.append(Branch(piece.start, piece.end, kind, pipeline))
        self.loops += kind == "range"

    def _body(self, piece: Piece, kind: BranchKind, name: str, pipeline: Pipeline | None) -> None:
        """A named template has variables and loops of its own."""
        frame = _Open(kind, len(self.nodes), 0)
        frame.name, frame.loops, frame.scope = name, self.loops, self.scope
        frame.variables = len(self.order)
        self.scope, self.loops = {"$": 1}, 0
        self.stack.append(frame)
        self.nodes.append(Branch(piece.start, piece.end, kind, pipeline, name))

    def _else(self, piece: Piece, index: int) -> None:
        follows, index = _skip_space(piece.tokens, index)
        chained = follows.kind == "keyword" and follows.text in ("if", "with")
        if not chained and follows.kind != "right":
            raise unexpected(follows, "else")
        word = Token("keyword", "else", 2)
        if not self.stack:
            raise SyntaxFault("unexpected {{else}}", word)
        frame = self.stack[-1]
        if frame.alternative:
            raise SyntaxFault("expected end; found {{else}}", word)
        if frame.kind in ("define", "block"):
            raise SyntaxFault(f"unexpected {{{{else}}}} in {frame.kind} clause", word)
        if chained and follows.text != frame.kind:
            raise unexpected(follows, "input")
        if frame.kind == "range":
            self.loops -= 1
        if chained:
            pipeline = self._pipeline(piece, index + 1, follows.text)
            self.nodes.append(Else(piece.start, piece.end, follows.text, pipeline))
            return
        frame.alternative = True
        self.nodes.append(Else(piece.start, piece.end))

    def _end(self, piece: Piece) -> None:
        if not self.stack:
            raise SyntaxFault("unexpected {{end}}", Token("keyword", "end", 2))
        frame = self.stack.pop()
        if frame.kind in ("define", "block"):
            self._define(piece, frame)
            self.scope, self.loops = frame.scope, frame.loops
            del self.order[frame.variables :]
        else:
            for name in self.order[frame.variables :]:
                self.scope[name] -= 1
            del self.order[frame.variables :]
            self.loops -= frame.kind == "range" and not frame.alternative
        self.nodes.append(End(piece.start, piece.end))

    def _define(self, piece: Piece, frame: _Open) -> None:
        body = (frame.index + 1, len(self.nodes))
        self.closes[frame.index] = len(self.nodes)
        earlier = self.bodies.get(frame.name)
        if earlier is None or self._is_empty(*earlier):
            self.bodies[frame.name] = body
        elif not self._is_empty(*body):
            message = f"template: multiple definition of template {quote(frame.name)}"
            raise _Fault(message, self.nodes[frame.index].start, piece.end)

    def _is_empty(self, first: int, last: int) -> bool:
        """Nothing but space and comments, which Go lets another definition replace."""
        for index in range(first, last):
            node = self.nodes[index]
            if not isinstance(node, Trim | Words) or (
                isinstance(node, Words) and self.source[node.start : node.end].strip()
            ):
                return False
        return True


def _skip_space(tokens: tuple[Token, ...], index: int) -> tuple[Token, int]:
    while tokens[index].kind == "space":
        index += 1
    return tokens[index], index


def parse_tree(source: str, left: str = "{{", right: str = "}}") -> Tree:
    """Parses a template with these delimiters; linear, without recursion, and it never raises."""
    parser = _Parser(source)
    try:
        for piece in split(source, left, right):
            parser.piece(piece)
        parser.finish()
    except _Fault as fault:
        message, at, end = fault.found
        return Tree((), {}, {}, {}, message, at, end)
    return Tree(tuple(parser.nodes), parser.bodies, parser.closes, parser.failures)
