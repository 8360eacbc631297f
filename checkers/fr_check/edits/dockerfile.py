"""Declarations of build arguments put into a stage, as the stage's own are written."""

from __future__ import annotations

from fr_check.edits.comments import without_entry
from fr_check.edits.lines import delete_lines, insert_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fr_check.core.edits import Edit
    from fr_check.core.text import Text
    from fr_check.sources.dockerfile import Dockerfile, Instruction


def declare(
    text: Text, dockerfile: Dockerfile, build: Instruction, name: str, is_public: Callable[[str], bool], *, env: bool
) -> tuple[Edit, ...]:
    """Declares an argument for a build step of its stage.

    It goes below the last public ARG or ENV above the step, else right above the step and its comment. With `env` it
    gets an ENV as well, unless the stage writes its public arguments without one; a stage that has its ARGs first and
    then its ENVs gets each in its group.
    """
    above = [
        instruction
        for instruction in dockerfile.instructions
        if instruction.stage == build.stage and instruction.number < build.number and _declares(instruction, is_public)
    ]
    args = [one for one in above if one.keyword == "ARG"]
    envs = [one for one in above if one.keyword == "ENV"]
    empty = any(definition.value == "" for one in args for definition in one.definitions) or not args
    arg = f"ARG {name}=" if empty and env else f"ARG {name}"
    if not env or (args and not envs):
        return (_below(text, args or envs, build, [arg]),)
    pair = f"ENV {name}=${{{name}}}"
    if args and envs and len(args) > 1 and args[-1].number < envs[0].number:
        return _below(text, args, build, [arg]), _below(text, envs, build, [pair])
    return (_below(text, above, build, [arg, pair]),)


def move_declaration(text: Text, instruction: Instruction) -> Edit:
    """Takes out an instruction that declares one argument, to be put elsewhere."""
    return delete_lines(text, instruction.line.first, instruction.line.last)


def remove_declarations(text: Text, instructions: Sequence[Instruction], name: str) -> list[tuple[Edit, str]]:
    """Takes out instructions that declare one argument, with their comments; what each edit takes: "ARG and ENV"."""
    spans: list[tuple[int, int, str]] = []
    for one in instructions:
        first, what = one.line.first, one.keyword
        if spans and spans[-1][1] + 1 == first:
            # An ARG and its ENV go as one, with the comment above them.
            first, _, above = spans.pop()
            what = f"{above} and {what}"
        spans.append((first, one.line.last, what))
    return [(without_entry(text, first, last, name), what) for first, last, what in spans]


def _declares(instruction: Instruction, is_public: Callable[[str], bool]) -> bool:
    return instruction.keyword in {"ARG", "ENV"} and any(is_public(one.name) for one in instruction.definitions)


def _below(text: Text, neighbours: list[Instruction], build: Instruction, lines: list[str]) -> Edit:
    if neighbours:
        line = neighbours[-1].line.last
    else:
        line = build.line.first - 1
        while line > 0 and text.line(line).lstrip().startswith("#") and not _is_directive(text, line):
            line -= 1
    ending = "\r\n" if "\r\n" in text.string else "\n"
    return insert_after(text, line, ending.join(lines))


def _is_directive(text: Text, line: int) -> bool:
    """Whether a comment at the top says how the file is to be read: an ARG above it would switch that off."""
    words = text.line(line).lstrip("# \t").lower()
    return words.startswith(("syntax=", "escape=", "check=", "syntax =", "escape =", "check ="))
