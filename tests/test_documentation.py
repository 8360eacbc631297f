"""No line of the documentation is dead: links lead somewhere, commands run, configuration is accepted."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml

import fr_check
from fr_check.app.demo import build
from fr_check.core.repository import Memory
from fr_check.policy.find import read_policy
from running import run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
# The rules' own pages show examples that are not meant to be configuration; what is in them is tested with the rules.
WRITTEN = [path for path in PAGES if "rules" not in path.relative_to(ROOT).parts]
# Other programs' commands; tests/published runs them on a clone.
INSTALLING = re.compile(
    r"uvx( --python 3\.\d+)? --from git\+https://github\.com/wangzitian0/fr-check fr-check( .*)?"
    r"|pipx run --spec git\+https://github\.com/wangzitian0/fr-check fr-check( .*)?"
    r"|(uv tool|pipx|pip) install git\+https://github\.com/wangzitian0/fr-check"
    r"|(pre-commit|prek) install( --hook-type pre-\w+)*"
    r"|pip install (matplotlib|distributed)"
)
VALUES = {
    "RULE": "glued-key", "REASON": "shallow-history", "CHECKER": "env-keys", "KEY": "GIT_COMMIT_SHA", "...": "",
    "REV": "HEAD", "COMMIT": "HEAD", "COMMIT^": "HEAD^", "v1.2.0": "HEAD", "v1.4.0": "HEAD",
    "FILE": "out.json", "DIR": ".",
}  # fmt: skip


class Block(NamedTuple):
    """A fenced block: where it stands, its language, its text."""

    path: Path
    line: int
    language: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    found = []
    for path in WRITTEN:
        text = path.read_text("utf-8")
        fenced = re.finditer(r"^( *)(`{3,})(\w+)[^\n]*\n(.*?)^ *\2", text, re.MULTILINE | re.DOTALL)
        found += [
            Block(path, text.count("\n", 0, match.start()) + 1, match[3], match[4])
            for match in fenced
            if match[3] in languages
        ]
    return found


def prose(path: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^( *)(`{3,}).*?^ *\2", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as Python-Markdown and GitHub make them of plain ones."""
    titles = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower()) for title in titles}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: os.fspath(path.relative_to(ROOT)))
def test_every_link_inside_leads_somewhere(path: Path):
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        place = (path.parent / file).resolve() if file else path
        if not place.exists() or (anchor and anchor not in anchors(place)):
            dead.append(target)
        if path.is_relative_to(ROOT / "docs") and not place.is_relative_to(ROOT / "docs"):
            dead.append(f"{target} is not part of the site")
    assert dead == []


@pytest.mark.parametrize("page", ["README.md", "docs/index.md"])
def test_whoever_copies_the_first_example_sees_what_it_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    section = (ROOT / page).read_text("utf-8").partition("<!-- small: begin")[2].partition("<!-- small: end")[0]
    shown = re.findall(r"^`([^`\n]+)`:\n\n```\w+\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    for path, content in shown:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    command, _, report = section.partition("```text\n$ ")[2].partition("```")[0].partition("\n")
    assert run(*shlex.split(command)[1:]).stdout == report


def commands() -> Iterator[tuple[str, str]]:
    """Where a command stands, and it: lines of console blocks, and code in running text that begins with a program."""
    for block in blocks("console", "sh", "bash"):
        for line in block.text.splitlines():
            if line.startswith("$ "):
                yield block.name, line[2:].partition("   #")[0].strip()
    for path in WRITTEN:
        if path.name == "CHANGELOG.md":
            continue
        for code in re.findall(r"(?<!`)`((?:fr-check|uvx|pipx|pip|uv|pre-commit|prek) [^`\n]+)`(?!`)", prose(path)):
            yield os.fspath(path.relative_to(ROOT)), code


COMMANDS = sorted(set(commands()))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(build(str(tmp_path_factory.mktemp("sample") / "built")).root)


@pytest.fixture
def sample(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of a reader: with a submodule, a remote's main, a baseline, data."""
    shutil.copytree(built.parent, tmp_path / "copy", symlinks=True)
    project = tmp_path / "copy" / "project"
    subprocess.run(["git", "update-ref", "refs/remotes/origin/main", "HEAD^"], cwd=project, check=True)
    monkeypatch.chdir(project)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", os.fspath(tmp_path / "summary.md"))
    run("all", "--format", "json", "--output", ".fr-check-baseline.json")
    (project / "list.txt").write_text(f"{built}\n")
    return project


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("place", "command"), COMMANDS)
def test_every_command_runs(place: str, command: str):
    words = shlex.split(re.split(r" (?:\||>>?) ", command)[0])
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text("utf-8")
        assert all(re.search(rf"^{re.escape(word)}:", makefile, re.MULTILINE) for word in words[1:] if "=" not in word)
        return
    if words[0] != "fr-check":
        assert INSTALLING.fullmatch(command), "a command that no test runs: add it here and to tests/published"
        words = words[words.index("fr-check") :] if "fr-check" in words else ["fr-check", "--version"]
    if "init" in words:
        os.remove(".fr-check.toml")  # the sample's own, which init would not overwrite
    arguments = [VALUES.get(word, word) for word in words[1:]]
    if len(arguments) == 1 and ":" not in place:
        arguments.append("--help")  # running text names a command, and means no run of it
    done = run(*(word for word in arguments if word))
    # 1 and 3 are verdicts about the sample; so is the refusal to edit what is still used in it.
    refused = words[1:2] in (["add"], ["rename"], ["remove"]) and "Usage:" not in done.stderr
    assert done.status in {0, 1, 3} or refused, done.stderr


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: block.name)
def test_every_configuration_is_accepted(block: Block):
    table = tomllib.loads(block.text)
    path = "pyproject.toml" if "tool" in table else ".fr-check.toml"
    files = {path: block.text}
    extended = (table.get("tool", {}).get("fr-check", {}) if "tool" in table else table).get("extend")
    if extended:
        files[extended] = ""
    read_policy(Memory(files))


@pytest.mark.parametrize("block", blocks("yaml", "yml"), ids=lambda block: block.name)
def test_every_workflow_and_hook_is_yaml_of_this_version(block: Block):
    loaded = yaml.safe_load(block.text)
    for repository in loaded.get("repos", []) if isinstance(loaded, dict) else []:
        known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
        assert {hook["id"] for hook in repository["hooks"]} <= known
        assert repository["rev"] == f"v{fr_check.__version__}"
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    for step in steps(loaded):
        name, _, revision = step.get("uses", "").partition("@")
        if name == "wangzitian0/fr-check":
            assert revision == f"v{fr_check.__version__}"
            assert set(step.get("with", {})) <= action["inputs"].keys()
        for line in step.get("run", "").splitlines():
            assert not re.search(r"fr-check", line) or "git+" in line or "$" in line or line.startswith("fr-check"), (
                line
            )


def steps(loaded: object) -> list[dict]:
    """The steps of a workflow, of a job, or of a list that is shown alone."""
    if isinstance(loaded, list):
        return [step for step in loaded if isinstance(step, dict)]
    jobs = loaded.get("jobs", {}) if isinstance(loaded, dict) else {}
    return [step for job in jobs.values() for step in job.get("steps", [])]


@pytest.mark.parametrize("block", blocks("json", "python"), ids=lambda block: block.name)
def test_every_other_example_is_well_formed(block: Block):
    (json.loads if block.language == "json" else ast.parse)(block.text)


def test_every_version_that_is_named_is_this_one():
    named = {
        (path.name, version)
        for path in WRITTEN
        if path.name != "CHANGELOG.md"
        for version in re.findall(r"(?:rev: |fr-check@|fr-check:)v(\d+\.\d+\.\d+)", path.read_text("utf-8"))
    }
    assert {version for _, version in named} == {fr_check.__version__}


def test_every_page_of_the_site_is_in_its_navigation():
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = [os.fspath(path.relative_to(ROOT / "docs")) for path in PAGES if path.is_relative_to(ROOT / "docs")]
    assert [page for page in pages if not re.search(rf"[ :]{re.escape(page)}$", text, re.MULTILINE)] == []


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md"])
def test_every_file_of_ours_that_is_named_exists(name: str):
    """Names with a folder in them, from the root or from the package."""
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.\w+)`", prose(ROOT / name))
    roots = (ROOT, ROOT / "checkers" / "fr_check", ROOT / ".github")
    assert [path for path in named if not any((root / path).exists() for root in roots)] == []
