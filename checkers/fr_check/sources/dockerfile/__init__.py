"""Dockerfiles, read as BuildKit reads them: parser directives, continuations, here-documents, words, stages, scopes.

The grammar is that of moby/buildkit's frontend/dockerfile (parser, instructions and shell packages); what a build
argument reaches is in `scope`, after dockerfile2llb/convert.go.
"""

from fr_check.sources.dockerfile.expansion import LexError, Reference, lex, references
from fr_check.sources.dockerfile.model import Definition, Directive, Dockerfile, Flag, Heredoc, Instruction, Line, Stage
from fr_check.sources.dockerfile.reader import parse
from fr_check.sources.dockerfile.scope import ArgVisibility, Binding, Declaration, Scopes
from fr_check.sources.dockerfile.stages import AUTOMATIC, CONTROL, PREDEFINED, Base, Executed, Graph, graph
from fr_check.sources.dockerfile.values import UNSET, Unset, expand

__all__ = (
    "AUTOMATIC",
    "CONTROL",
    "PREDEFINED",
    "UNSET",
    "ArgVisibility",
    "Base",
    "Binding",
    "Declaration",
    "Definition",
    "Directive",
    "Dockerfile",
    "Executed",
    "Flag",
    "Graph",
    "Heredoc",
    "Instruction",
    "LexError",
    "Line",
    "Reference",
    "Scopes",
    "Stage",
    "Unset",
    "expand",
    "graph",
    "lex",
    "parse",
    "references",
)
