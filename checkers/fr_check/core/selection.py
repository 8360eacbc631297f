"""Which rules run: those that --select, --ignore and the policy name, by their ids, their checkers, or globs."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.config import Config
    from fr_check.core.model import Rule


class Selection(NamedTuple):
    """Which rules run: those named (all, if none), without the ignored. The command line wins over the policy."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def runs(self, rule: Rule, config: Config) -> bool:
        """Whether a rule runs."""
        ignored = names(self.ignore, rule.checker, rule.id)
        if self.select or ignored:
            return names(self.select, rule.checker, rule.id) and not ignored
        chosen = not config.select or names(config.select, rule.checker, rule.id)
        switched_off = config.severity.get(rule.id, rule.severity) is None
        return chosen and not names(config.ignore, rule.checker, rule.id) and not switched_off


def names(words: Iterable[str], checker: str, rule: str) -> bool:
    """Whether one of the words names a rule: `glued-key`, `env-keys/glued-key`, `env-keys`, `*-key`, `env-keys/*`."""
    forms = (rule, checker, f"{checker}/{rule}")
    return any(word in forms or (_is_glob(word) and any(_matches(form, word) for form in forms)) for word in words)


def plain(name: str) -> str:
    """A name of a rule or checker as it is written in the lists: whoever shouts it means the same one."""
    return name.strip().lower().replace("_", "-")


def unknown_names(words: Iterable[str]) -> list[str]:
    """The words that name no rule there is."""
    from fr_check.core.rule_ids import RULES  # noqa: PLC0415 - only where something is selected

    known = [(checker_of(package), rule) for package, rules in RULES.items() for rule in rules]
    return [word for word in words if not any(names((word,), checker, rule) for checker, rule in known)]


def checker_of(package: str) -> str:
    """The name of a checker on the command line, by the folder that holds it.

    The folder of `coverage` is `coverage_gate`, since `coverage` is the name of the library.
    """
    return package.removesuffix("_gate").replace("_", "-")


def _is_glob(word: str) -> bool:
    return any(sign in word for sign in "*?[")


def _matches(name: str, glob: str) -> bool:
    from fnmatch import fnmatchcase  # noqa: PLC0415 - only for a glob

    return fnmatchcase(name, glob)
