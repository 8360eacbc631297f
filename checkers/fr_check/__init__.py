"""fr-check: policy checkers for FastAPI, Next.js, Compose, GitHub Actions and an infrastructure submodule.

The Python interface is `check`, with `Report`, which it returns, and `Trouble`, which it raises. Every module below
this one is private: its names may change in any release.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from typing import Any

    from fr_check.core.model import Report as Report
    from fr_check.core.trouble import Trouble as Trouble

__version__ = "0.2.0"
__all__ = ["Report", "Trouble", "check"]


def check(
    path: str | PathLike[str] = ".",
    checkers: str | Sequence[str] = (),
    *,
    staged: bool = False,
    rev: str | None = None,
    base: str | None = None,
    select: str | Sequence[str] = (),
    ignore: str | Sequence[str] = (),
    config: str | PathLike[str] | None = None,
) -> Report:
    """Judges a repository as `fr-check all --root PATH` does, prints nothing, and returns what was found.

    Args:
        path: the root of the repository.
        checkers: names of checkers (["env-keys"], or "env-keys" alone); none means all of them.
        staged: judge the index instead of the working tree.
        rev: judge this commit instead; it needs no working tree.
        base: the commit to compare with, as `--base`.
        select: only these rules: ids, checkers, or globs.
        ignore: all rules but these.
        config: a policy outside the repository, instead of the repository's own.

    Returns:
        The report: `findings`, `unknowns` (what could not be judged, and why), `skipped`, and more.

    Raises:
        Trouble: what is asked for cannot be done: the folder is no repository, the policy is not valid; `message` says
            what is wrong, `help` what to do.
    """
    from fr_check.app import interface  # noqa: PLC0415 - the command line imports this package first, and needs none

    return interface.check(
        path, checkers, staged=staged, rev=rev, base=base, select=select, ignore=ignore, config=config
    )


def __getattr__(name: str) -> Any:
    """The two classes of the interface, imported when somebody asks for them."""
    if name == "Report":
        from fr_check.core.model import Report  # noqa: PLC0415

        return Report
    if name == "Trouble":
        from fr_check.core.trouble import Trouble  # noqa: PLC0415

        return Trouble
    raise AttributeError(f"module 'fr_check' has no attribute {name!r}")
