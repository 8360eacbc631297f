"""What stands where in an image: one pass over each stage, however many steps ask, and a budget that is told."""

from __future__ import annotations

import pytest

from effort import LINEAR, growth
from fr_check.builds.image_files import ImageFiles, Tree
from fr_check.builds.images import load
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.registry import load_checker
from fr_check.core.repository import Memory

FRONTEND: dict[str, str | bytes] = {
    "package.json": '{"dependencies": {"next": "15"}, "scripts": {"build": "next build"}}',
    "pages/a.ts": "process.env.NEXT_PUBLIC_X;\n",
}


def files_of(dockerfile: str) -> ImageFiles:
    repository = Memory({**FRONTEND, "Dockerfile": f"FROM node AS a\n{dockerfile}"})
    return ImageFiles(load(repository, ()).found["Dockerfile"], "", Tree(repository))


def all_asked(files: ImageFiles) -> list[object]:
    return [(files.folder(one), files.before(one)) for one in files.image.dockerfile.instructions if one.stage >= 0]


@pytest.mark.parametrize(
    "unit",
    ["WORKDIR /a\n", "WORKDIR a\nRUN x\n", "RUN --mount=target=/x y\n", "FROM a\nRUN x\n", "ONBUILD WORKDIR /a\n"],
)
def test_a_long_dockerfile_costs_no_more_than_its_length(unit: str):
    assert growth(all_asked, lambda times: files_of(unit * times), 60, 480) <= LINEAR


def test_a_step_finds_what_was_copied_last_first_in_the_folder_of_that_line():
    files = files_of("WORKDIR /a\nCOPY package.json .\nRUN x\nWORKDIR b\nCOPY pages p/\nRUN y\nFROM a\nRUN z\n")
    first, second, third = (one for one in files.image.dockerfile.instructions if one.keyword == "RUN")
    assert [copied.target for copied in files.before(first)] == ["/a/package.json"]
    assert [copied.target for copied in files.before(second)] == ["/a/b/p", "/a/package.json"]
    assert files.before(third) == files.before(second)
    assert [files.folder(one) for one in (first, second, third)] == ["/a", "/a/b", "/a/b"]


@pytest.mark.parametrize(
    "dockerfile",
    [
        "COPY . .\nRUN npm run build\n" * 1000,
        "COPY . .\n" * 1000 + "RUN npm run build\n" * 400,
        "COPY . .\n" * 400 + "FROM a\nCOPY --from=a / /\nRUN npm run build\n" * 400,
    ],
)
def test_what_copies_too_much_is_not_judged_and_says_so(dockerfile: str):
    repository = Memory({**FRONTEND, "Dockerfile": f"FROM node AS a\n{dockerfile}"})
    report, _ = engine.run(Context(repository, Config(), None), [load_checker("dockerfile-args")])
    assert [(unknown.reason, unknown.subject) for unknown in report.unknowns] == [("too-much-to-follow", "Dockerfile")]
