"""The commands of a RUN that may build a frontend, and what they are given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.builds.build_command import in_run, in_script
from fr_check.core.text import Text
from fr_check.sources.dockerfile import parse
from fr_check.sources.package_managers import Where


def _commands(run: str):
    text = Text(f"FROM a\n{run}\n")
    found = [i for i in parse(text).instructions if i.keyword == "RUN"]
    return text, [command for instruction in found for command in in_run(instruction)]


def test_what_a_build_is_given():
    text, (found,) = _commands("RUN export A=1 B && C=2 && D=$(x) E=$E npm run build")
    assert found.given == {"A": "1", "B": None, "D": None}
    assert found.text == "npm run build"
    assert text.string[found.start : found.end] == "npm run build"


def test_the_json_form_is_shown_without_quotes():
    text, (found,) = _commands('RUN ["npm", "run", "build"]')
    assert found.text == "npm run build"
    assert text.span(found.start, found.end).line == 2


FILES = {
    "echo A=1 'B=x y' > .env.production && next build": (".env.production", {"A": "", "B": ""}, None),
    'echo "A=$A" > .env && next build': (".env", {"A": "A"}, None),
    "printf 'A=%s\\nB=1' > .env && next build": (".env", {"A": "", "B": ""}, None),
    "cat <<E > .env\nA=${X}\nE\nnext build": (".env", {"A": "X"}, None),
    'echo "$FILE" > .env && next build': (".env", None, None),
    "curl x > .env && next build": (".env", None, None),
    "env | grep NEXT_ > .env && next build": (".env", {}, None),
    "cp .env.ci .env.production; set -a; next build": (".env.production", None, ".env.ci"),
    "cat .env.ci > .env; next build": (".env", None, ".env.ci"),
    "mv config/.env.ci .; next build": (".env.ci", None, "config/.env.ci"),
    ". ./vars && next build": ("vars", None, "vars"),
    "env-cmd -f .env.staging next build": (".env.staging", None, ".env.staging"),
    "npx dotenv -e .env.staging -- next build": (".env.staging", None, ".env.staging"),
    "dotenvx run --env-file=.env.p -- next build": (".env.p", None, ".env.p"),
}


@pytest.mark.parametrize(("script", "expected"), FILES.items())
def test_files_that_a_build_finds(script, expected):
    *_, found = in_script(script)
    (file,) = found.files

    def plain(path):
        return path and path.removeprefix("./").removeprefix("./")

    assert (plain(file.path), file.names, plain(file.source)) == expected


FOLDERS = {
    "cd web && npm run build": "./web",
    "(cd web && npm ci) && npm run build": ".",
    "cd web\ncd ../api\nnpm run build": "./web/../api",
    "cd /srv; npm run build": "/srv",
    "cd $X; npm run build": None,
    "if true; then cd web; fi; npm run build": "./web",
    "sh -c 'npm run build'": ".",
}


@pytest.mark.parametrize(("script", "folder"), FOLDERS.items())
def test_the_folder_that_a_build_runs_in(script, folder):
    *_, found = in_script(script)
    assert found.folder == folder


WHERE = {
    "npm run build -w web": Where("", ("web",)),
    "npm run build --workspace=web --workspace api": Where("", ("web", "api")),
    "npm run build --workspaces": Where("", (), everywhere=True),
    "npm --prefix web run build": Where("web"),
    "pnpm -C web build": Where("web"),
    "pnpm --filter @x/web run build": Where("", ("@x/web",)),
    "pnpm -F ./apps/web build": Where("", ("./apps/web",)),
    "pnpm -r build": Where("", (), everywhere=True),
    "pnpm -w build": Where("", (), root=True),
    "pnpm recursive run build": Where(),
    "pnpm --filter $APP build": Where("", ("?",)),
    "pnpm --filter web exec next build": Where("", ("web",)),
    "npm exec -w web -- next build": Where("", ("web",)),
    "yarn workspace web build": Where("", ("web",)),
    "yarn workspace web run build": Where("", ("web",)),
    "yarn workspaces foreach -A run build": Where("", (), everywhere=True),
    "yarn workspaces foreach --include web run build": Where("", ("web",)),
    "yarn --cwd web build": Where("web"),
    "bun --filter web build": Where("", ("web",)),
    "turbo run build --filter=web...": Where("", ("web...",)),
    "turbo build": Where("", (), everywhere=True),
    "turbo run web#build": Where("", ("web",)),
    "nx build web": Where("", ("web",)),
    "nx run web:build:production": Where("", ("web",)),
    "nx run-many -t lint,build -p web,api": Where("", ("web", "api")),
    "lerna run build --scope=web": Where("", ("web",)),
    "moon run web:build": Where("", ("web",)),
    "next build apps/web": Where("apps/web"),
    "vite build --mode staging ui": Where("ui"),
    "astro build --root site": Where("site"),
}


@pytest.mark.parametrize(("script", "where"), WHERE.items())
def test_the_packages_that_a_command_selects(script, where):
    *_, found = in_script(script)
    assert found.verdict.where == where


@pytest.mark.parametrize(
    ("script", "scripts", "rest"),
    [
        ("pnpm build --filter=web", ("build",), ("--filter=web",)),
        ("npm run build -- --filter=web", ("build",), ("--filter=web",)),
        ("npm run build --silent", ("build",), ()),
        ("yarn build --mode x", ("build",), ("--mode", "x")),
        ("run-s lint build", ("lint", "build"), ()),
        ('concurrently "npm:build:*"', ("build:*",), ()),
    ],
)
def test_scripts_and_what_they_get(script, scripts, rest):
    (found,) = in_script(script)
    assert (found.verdict.scripts, found.verdict.rest) == (scripts, rest)


def test_the_mode_of_vite():
    (found,) = in_script("vite build --mode=staging")
    assert (found.verdict.tool, found.verdict.mode) == ("vite", "staging")


def test_place_in_a_heredoc():
    text, (found,) = _commands("RUN <<EOF\n  cd x\n  npm run build\nEOF")
    assert text.span(found.start, found.end) == (4, 3, 4, 16)


@given(st.text(alphabet="npm run build&|;$'\"<EOF>\n\\[], -wCF.env", max_size=60))
def test_any_run(run):
    text, found = _commands(f"RUN {run}")
    for command in found:
        assert 0 <= command.start <= command.end <= len(text.string)
