"""Names of variables in shell commands, Makefiles and task files: what is expanded, assigned, passed on."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.fixes.renaming.task import KEPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.text import Text
    from fr_check.fixes.renaming.owners import Owners
    from fr_check.fixes.renaming.task import Renaming

# Commands that ask a store of values, whose names are its own.
_STORES = pattern(
    r"(?:^|[\s;&|(`'\"])(?:vault|gh|aws|gcloud|az|doppler|op|infisical|heroku|flyctl|fly|railway|vercel|netlify|kubectl"
    r"|chamber|sops|pass)\s"
)
_EXPANDED = pattern(r"\$+(?:\{[#!]?|\()?\Z")
_DEFAULT = pattern(r"(?:\}|:?-|:?\?|:?=)")
_SOURCED = pattern(r"(?m)(?:^|[;&|(]|\bthen|\bdo)[ \t]*(?:\.|source)[ \t]+\S")
_OPTION = pattern(r"(?:^|\s)(?:-e|--env|--build-arg|-E)(?:[ =]|\s+)?[\"']?\Z")
_ARGUMENT = pattern(r"--build-arg(?:[ =]|\s+)[\"']?\Z")
_DECLARED = pattern(
    r"(?:^|[\s;&|(`])(?:export|unset|declare|local|readonly|typeset|printenv|override|unexport)\s+(?:-\w+\s+)*(?:[\w=\"'$/.:-]+\s+)*\Z"
)
_CALLED = pattern(r"\b(?:env|env_var|env_var_or_default|getenv|environ|required_env)\(\s*[\"']\Z")
_HEAD = pattern(r"(?:^|[\s;&|(`\"'{])\Z")
_ASSIGNED = pattern(r"\s*(?:[:?+!]{0,3}=)(?!=)")
_CONDITION = pattern(r"(?:ifn?def|-v)\s+\Z")
_COMMENT = pattern(r"(?:^|\s)#")
_STORE_KEY = pattern(r"(?:secrets|vars)\.\Z")
_CONTEXT = pattern(r"\benv\.\Z")


def rename(task: Renaming, text: Text, owners: Owners, start: int, end: int, *, make: bool = False) -> None:
    """Renames the variable in commands between two offsets; what is not understood there is left."""
    for at in list(task.occurrences(text, start, end)):
        line_start = max(text.string.rfind("\n", 0, at) + 1, start)
        before = text.string[line_start:at]
        after = text.string[at + len(task.old) : at + len(task.old) + 4]
        given = owners.given.get((text.path, at))
        if given is not None and not given.ours:
            task.leave(text, at, f"the {given.who} is not known to read it")
        elif _STORE_KEY.search(before):
            task.leave(text, at, "a store of values has it under this name")
        elif _is_comment(before) or (task.ambient and given is None):
            task.keep_as_it_is(text, at)
        elif task.is_second_name(text, at):
            task.settle(text, at, at + len(task.old))
        elif (
            given is not None
            or _CONTEXT.search(before)
            or _is_name(before, after, make=make)
            or (_ARGUMENT.search(before) and owners.arguments_are_ours)
        ):
            if task.keep:
                _keep(task, text, at, before, make=make)
            else:
                task.word(text, at, _WHAT.format(task.new))
        else:
            task.leave(text, at, "it is named in a way that is not followed")


def _is_comment(before: str) -> bool:
    found = _COMMENT.search(before)
    return (
        found is not None
        and before[: found.start()].count('"') % 2 == 0
        and before[: found.start()].count("'") % 2 == 0
    )


def _is_name(before: str, after: str, *, make: bool) -> bool:
    """Whether what stands around it says that it is a variable of the shell, or of make."""
    if _EXPANDED.search(before):
        return make or not before.endswith("$(")
    if _STORES.search(before):
        return False
    if _DECLARED.search(before) or _CALLED.search(before) or _CONDITION.search(before):
        return True
    assigned = after.startswith(("=", "+=")) or (make and not before.strip() and _ASSIGNED.match(after) is not None)
    return assigned and _HEAD.search(before) is not None and _OPTION.search(before) is None


_WHAT = "a command has `{}`"


def _keep(task: Renaming, text: Text, at: int, before: str, *, make: bool) -> None:
    """The new name with the old one behind it where a value is asked for.

    Where one is set, the old name may be the only one that somebody else has set: a default stays under it.
    """
    what, string = _WHAT.format(task.new), text.string
    opening, option = _EXPANDED.search(before), _OPTION.search(before)
    if opening is not None and opening[0] in {"$(", "${"} and make:
        end = at + len(task.old) + 1
        if string[end - 1] not in ")}":
            task.leave(text, at, "its form has no second name")
            return
        start = at - len(opening[0])
        task.replace(text, start, end, f"$(or $({task.new}),{string[start:end]})", what)
    elif opening is not None:
        expand(task, text, at, opening[0], what)
    elif option is not None and "-e" in option[0] and string[at + len(task.old)] in " \t\n" and option[0][-1] in " =":
        task.replace(text, at, at, f"{task.new} {option[0].lstrip()}", f"`{task.new}` beside `{task.old}`")
        task.settle(text, at, at + len(task.old))
    elif _DECLARED.search(before) and not string.startswith("=", at + len(task.old)) and not make:
        task.replace(text, at, at, f"{task.new} ", f"`{task.new}` beside `{task.old}`")
        task.settle(text, at, at + len(task.old))
    elif _is_fixed(string, at, len(task.old), make=make):
        task.word(text, at, what)
    else:
        task.leave(text, at, KEPT)


def _is_fixed(string: str, at: int, length: int, *, make: bool) -> bool:
    """Whether a command of a shell sets a value here that nothing from elsewhere replaces later."""
    return not make and string.startswith("=", at + length) and not _SOURCED.search(string, at)


def expand(task: Renaming, text: Text, at: int, opening: str, what: str) -> None:
    """`$OLD` of a shell as the new name, with --keep-old as `${NEW:-$OLD}`; `$$` where a file doubles the signs."""
    if not task.keep:
        task.word(text, at, what)
        return
    sign = opening.rstrip("{#!")
    end = closing(text.string, at) if opening.endswith("{") else at + len(task.old)
    rest = text.string[at + len(task.old) :]
    if opening not in {sign, f"{sign}{{"} or (opening.endswith("{") and not _DEFAULT.match(rest)):
        task.leave(text, at, "its form has no second name")
        return
    start = at - len(opening)
    written = text.string[start:end]
    operator = "-" if opening.endswith("{") and rest.startswith("-") else ":-"
    task.replace(text, start, end, f"{sign}{{{task.new}{operator}{written}}}", what)


def closing(string: str, at: int) -> int:
    """The offset behind the brace that closes the expansion around an offset."""
    depth = 1
    for index in range(at, len(string)):
        depth += (string[index] == "{") - (string[index] == "}")
        if not depth:
            return index + 1
    return len(string)
