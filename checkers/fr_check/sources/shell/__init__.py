"""POSIX sh and bash, read and never run: what commands a script is made of, and which variables it reads.

`parse` is total: any string in, commands and problems out, in linear time. The grammar is that of the POSIX Shell
Command Language, chapter 2, with what bash adds and people use: arrays, `[[ ]]`, `(( ))`, `<<<`, `<( )`, `$'...'`,
`&>`, `|&`, `function`, `select`. GitHub's `${{ ... }}`, which is replaced before a shell starts, is an opaque part of
a word wherever it stands, in single quotes too.

What runs inside what is flattened: `Script.commands` holds every simple command in the order of its first character,
and `Command.block` names the construct it stands in (`Script.blocks`), up to -1, the script itself.
"""

from fr_check.sources.shell.model import Assignment, Block, Command, Expansion, Heredoc, Redirection, Script, Word
from fr_check.sources.shell.parsing import parse
from fr_check.sources.shell.values import free_variables, names_assigned, resolve, variables
from fr_check.sources.shell.walking import Scopes
from fr_check.sources.shell.wrappers import Inner, inner_script, peel

__all__ = (
    "Assignment",
    "Block",
    "Command",
    "Expansion",
    "Heredoc",
    "Inner",
    "Redirection",
    "Scopes",
    "Script",
    "Word",
    "free_variables",
    "inner_script",
    "names_assigned",
    "parse",
    "peel",
    "resolve",
    "variables",
)
