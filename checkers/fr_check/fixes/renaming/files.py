"""Examples and other files of variables, secrets templates, Dockerfiles, the policy: a reader for each."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.edits.lines import insert_after
from fr_check.fixes.renaming import commands
from fr_check.fixes.renaming.task import KEPT
from fr_check.sources import dotenv, gotemplate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.fixes.renaming.owners import Owners
    from fr_check.fixes.renaming.task import Renaming

ENV_FILE = pattern(
    r"(?:^|/)(?:[\w.-]*\.env(?:[.-][\w.-]+)?|env[.-](?:example|sample|template|dist)|\.envrc|[\w-]+\.env)$"
)
# What documents variables is handed to nobody as it is.
_EXAMPLE = pattern(r"example|sample|template|dist$")
# Instructions that a variable may be called like.
KEYWORDS = frozenset(("ARG", "ENV", "USER", "RUN", "LABEL", "SHELL", "VOLUME", "EXPOSE", "WORKDIR"))
_RUNS = frozenset(("CMD", "ENTRYPOINT", "HEALTHCHECK", "RUN"))
_REFERENCE = pattern(r"\$\{?\Z")
_TABLE = pattern(r"(?m)^[ \t]*\[+([^\]\n]+)\]+")


def variables(task: Renaming, text: Text, owners: Owners) -> None:
    """A file of `KEY=value` lines: keys, keys in comments, `[VAULT]` markers, and values made of other ones."""
    content = text.parsed(dotenv.parse)
    documents = _EXAMPLE.search(text.path) is not None
    ours = documents or owners.env_file_is_ours(text.path)
    # What is handed to a program stands behind what a person sets under the old name.
    default = task.keep and (not documents or owners.is_handed(text.path))
    for binding in content.assignments:
        start = text.offset(binding.key_span.line, binding.key_span.column)
        if binding.key == task.old and ours and default:
            task.leave(text, start, KEPT)
        elif binding.key == task.old and ours and task.keep and not (binding.value and binding.value.reveal()):
            _in_a_comment(task, text, content, binding)
        elif binding.key == task.old and ours:
            task.word(text, start, f"documents `{task.new}`" if documents else f"sets `{task.new}`")
        elif binding.key == task.old:
            task.leave(text, start, "who is handed this file is not known to read it")
    for commented in content.commented:
        if commented.key == task.old:
            task.word(text, text.offset(commented.span.line, commented.span.column), f"documents `{task.new}`")
    for marker in content.markers:
        span = marker.span
        first, last = text.offsets(span)
        for at in list(task.occurrences(text, first, last)) if task.old in marker.names else ():
            task.word(text, at, f"marks `{task.new}`")
    for at in list(task.occurrences(text)):
        if _REFERENCE.search(text.string[:at][-2:]) and not text.line(text.place(at)[0]).lstrip().startswith("#"):
            if task.keep and (default or task.old not in content.last()):
                task.leave(text, at, KEPT)
                continue
            task.word(text, at, f"refers to `{task.new}`")
        elif "#" in text.line(text.place(at)[0])[: text.place(at)[1]]:
            task.keep_as_it_is(text, at)


def _in_a_comment(task: Renaming, text: Text, content: dotenv.Dotenv, binding: dotenv.Assignment) -> None:
    """Documents the new name below the old one: who copies an empty `NEW=` would have that win over a set `OLD`."""
    task.settle(text, text.offset(binding.span.line, binding.span.column), text.offset(binding.span.line + 1))
    if not any(commented.key == task.new for commented in content.commented):
        edit = insert_after(text, binding.span.end_line, f"# {task.new}=")
        task.made.add(edit, f"documents `{task.new}` in a comment: an empty value would win over that of `{task.old}`")


def template(task: Renaming, text: Text) -> None:
    """A secrets template: the variable that is rendered; the store's own name of it is left."""
    for key in text.parsed(gotemplate.parse).keys:
        if key.name == task.old:
            start = text.offset(key.span.line, key.span.column)
            if task.keep:
                task.leave(text, text.string.find(task.old, start), KEPT)
                continue
            task.word(text, text.string.find(task.old, start), f"renders `{task.new}`")
    for at in list(task.occurrences(text)):
        if text.string[:at].endswith("."):
            task.settle(text, at, at + len(task.old))
            where = f"{text.path}:{text.place(at)[0]}"
            task.made.remind(f"{where} still asks the store for `{task.old}`: its name there may stay")
        else:
            task.leave(text, at, "the template names it")


def image(task: Renaming, text: Text, owners: Owners) -> None:
    """A Dockerfile: ARG, ENV and what is expanded, where the image reads the variable."""
    for at in list(task.occurrences(text)):
        if task.old in KEYWORDS and not text.string[text.string.rfind("\n", 0, at) + 1 : at].strip():
            task.settle(text, at, at + len(task.old))
    found = next(
        (one for one in task.frontend.images.found.values() if one.path == text.path and one.inline is None), None
    )
    if found is None or found.key not in owners.images:
        for at in list(task.occurrences(text)):
            if text.line(text.place(at)[0]).lstrip().startswith("#"):
                task.keep_as_it_is(text, at)
            else:
                task.leave(text, at, "this image is not known to hold what reads it")
        return
    if task.keep:
        # A command of the image is given what the container has; arguments and defaults of the build stay.
        for instruction in found.dockerfile.instructions:
            if instruction.keyword in _RUNS:
                first, last = instruction.line.first, instruction.line.last
                end = text.offset(last) + len(text.line(last))
                commands.rename(task, text, owners, text.offset(first), end)
        _kept_image(task, text)
        return
    for instruction in found.dockerfile.instructions:
        for definition in instruction.definitions if instruction.keyword in {"ARG", "ENV"} else ():
            if definition.name == task.old:
                start = text.offset(definition.name_span.line, definition.name_span.column)
                task.word(text, start, f"{instruction.keyword} of the image is `{task.new}`")
    commands.rename(task, text, owners, 0, len(text.string))


def _kept_image(task: Renaming, text: Text) -> None:
    for at in list(task.occurrences(text)):
        if text.line(text.place(at)[0]).lstrip().startswith("#"):
            task.keep_as_it_is(text, at)
        else:
            task.leave(text, at, KEPT)


def policy(task: Renaming, text: Text) -> None:
    """The policy: subjects and names in quotes, in fr-check's own tables; other tables are left."""
    own = text.path.rpartition("/")[2] == ".fr-check.toml"
    for at in list(task.occurrences(text)):
        tables = [found[1].strip() for found in _TABLE.finditer(text.string, 0, at)]
        mine = own or (bool(tables) and tables[-1].startswith("tool.fr-check"))
        around = text.string[at - 1 : at] + text.string[at + len(task.old) : at + len(task.old) + 1]
        if mine and around in {'""', "''"}:
            task.word(text, at, f"the policy names `{task.new}`")
        elif "#" in text.line(text.place(at)[0])[: text.place(at)[1] - 1]:
            task.keep_as_it_is(text, at)
        else:
            task.leave(text, at, "a table names it")
