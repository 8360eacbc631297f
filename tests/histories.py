"""Small histories with dates in January 2026, and what `fr-check history` says of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from building import Commit, Gitlink, bare, clone_submodule, git, write_history
from running import run
from scratch import gitmodules_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_JANUARY = 1767225600  # 2026-01-01, midnight
DAY = 86400


def noon(day: float) -> int:
    """Seconds since the epoch at noon of a day in January 2026."""
    return int(_JANUARY + (day - 1) * DAY + DAY // 2)


def commit(mark: str, day: float, files: dict[str, Any], *, branch: str = "main", parents: Any = None) -> Commit:
    """A commit of a day."""
    return Commit(mark, branch, files, parents, f"Commit {mark}", noon(day))


def repository(directory: Path, commits: Iterable[Commit]) -> tuple[Path, dict[str, str]]:
    """A clone of these commits, and mark -> commit."""
    origin = bare(directory / "origin.git")
    marks = write_history(origin, commits)
    git(directory, "clone", "--quiet", os.fspath(origin), os.fspath(directory / "work"))
    return directory / "work", marks


def with_submodule(directory: Path, upstream: Iterable[Commit], pins: Any) -> tuple[Path, dict[str, str]]:
    """A superproject whose commits `pins` makes of the upstream's marks; its submodule `repo` is initialised."""
    there = bare(directory / "infra.git")
    marks = write_history(there, upstream)
    commits = list(pins({**marks, "nowhere": "dead" * 10}))
    first = commits[0]
    commits[0] = first._replace(files={".gitmodules": gitmodules_entry("repo", "repo"), **first.files})
    top, ours = repository(directory, commits)
    clone_submodule(top, "repo", there, next(iter(marks.values())))
    return top, ours


def link(name: str) -> Gitlink:
    """A pointer."""
    return Gitlink(name)


def told(top: Path, *arguments: object) -> dict[str, Any]:
    """The JSON of `fr-check history`."""
    done = run("history", top, "--format", "json", *arguments)
    assert done.status == 0, done.stderr
    return done.json()


def lives(story: dict[str, Any], rule: str) -> list[tuple[Any, ...]]:
    """Subject, number, introduced by, end, commit of the end, days of every episode of a rule."""
    return [
        (
            one["subject"],
            one["episode"],
            one["introduced"]["commit"],
            one["end"]["kind"],
            one["end"]["commit"],
            one["days"],
        )
        for one in story["episodes"]
        if one["rule"] == rule
    ]


CONFIG = "apps/backend/src/config.py"
"""Where finance_report's settings stand."""
_CODE = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n"
UPSTREAM = [commit(f"u{number}", number, {"VERSION": f"{number}\n"}) for number in (1, 2, 3)]


def settings(*names: str) -> str:
    """A settings class with these fields."""
    return _CODE + "".join(f"    {name}: str = 'x'\n" for name in names)


def pointers(*pins: tuple[str, int], more: Iterable[Commit] = ()) -> Callable[[dict[str, str]], Iterator[Commit]]:
    """A superproject that set its pointer to (mark, day) one after the other; `more` are commits after those."""

    def make(marks: dict[str, str]) -> Iterator[Commit]:
        yield from (commit(f"p{day}", day, {"repo": link(marks[mark])}) for mark, day in pins)
        yield from more

    return make


UNDOCUMENTED = "undocumented-setting"
COMPOSE = "services:\n  web:\n    build:\n      context: web\n"
TEMPLATE = '{{ with secret "kv/app" }}\nDEBUG={{ .Data.data.DEBUG }}\n{{ end }}\n'
POLICY = '[[env-keys.apps]]\nsettings = ["config.py"]\nexample = [".env.example"]\ntemplates = ["repo/app.ctmpl"]\n'


def secrets(*pins: tuple[str, int]) -> tuple[list[Commit], Callable[[dict[str, str]], Iterator[Commit]]]:
    """A secret that the template of the submodule does not render, until one does."""
    mended = TEMPLATE.replace("{{ end }}", "API_KEY={{ .Data.data.API_KEY }}\n{{ end }}")
    upstream = [commit("p", 1, {"app.ctmpl": TEMPLATE}), commit("mended", 2, {"app.ctmpl": mended})]
    files = {
        ".fr-check.toml": POLICY,
        "config.py": settings() + '    api_key: str = Field("", json_schema_extra={"vault": True})\n',
        ".env.example": "DEBUG=false\nAPI_KEY=\n",
    }
    files["config.py"] = (
        files["config.py"]
        .replace("import", "import", 1)
        .replace("from pydantic_settings", "from pydantic import Field\nfrom pydantic_settings", 1)
    )

    def make(marks: dict[str, str]) -> Iterator[Commit]:
        for at, (mark, day) in enumerate(pins):
            yield commit(f"d{day}", day, {"repo": link(marks[mark]), **(files if not at else {})})

    return upstream, make


def gate(threshold: int) -> dict[str, str]:
    """A threshold of coverage."""
    return {"pyproject.toml": f"[tool.coverage.report]\nfail_under = {threshold}\n"}
