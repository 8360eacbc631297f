"""Where a RUN builds a frontend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.build_command import in_dockerfile, in_script
from fr_check.sources.dockerfile import parse

_NEXT = ("NEXT_PUBLIC_",)


def _answers(run, prefixes=_NEXT, scripts=None):
    text = Text(f"FROM a\n{run}\n")
    return [found.command.answer for found in in_dockerfile(parse(text), text, prefixes=prefixes, scripts=scripts)]


@pytest.mark.parametrize(
    "run",
    [
        "RUN npm run build",
        "RUN --mount=type=cache,target=/c npm run build",
        'RUN ["npm", "run", "build"]',
        'RUN ["sh", "-c", "npm ci && npm run build"]',
        "RUN pnpm i && next build",
        "RUN npx --yes next build",
        "RUN npx --yes turbo@2 run build",
        "RUN npx next@14 build",
        "RUN <<'EOF' bash -e\nnpm ci\nnpm run build\nEOF",
        "RUN bash -euo pipefail <<EOF\nnpm run build\nEOF",
        "RUN node ./node_modules/next/dist/bin/next build",
        "RUN yarn workspaces run build",
        "RUN npx env-cmd -f .env.prod npm run build",
        "RUN ./node_modules/.bin/next build",
        "RUN yarn build",
        "RUN yarn run build",
        "RUN pnpm build",
        "RUN pnpm --filter web run build",
        "RUN bun run build",
        "RUN bun --bun run build",
        "RUN npm run -s build -- --debug",
        "RUN npm --prefix web run build",
        "RUN yarn workspace web build",
        "RUN turbo run build --filter=web",
        "RUN npx turbo build",
        "RUN pnpm dlx turbo run lint build",
        "RUN nx build web",
        "RUN nx run web:build:production",
        "RUN npx nx run-many -t lint,build",
        "RUN nx run-many --target build",
        "RUN moon run web:build",
        "RUN cd web; npm run build",
        "RUN if [ -f yarn.lock ]; then yarn run build; fi",
        "RUN sh -c 'npm run build'",
        "RUN NODE_ENV=production npm run build",
        "RUN env A=1 npm run build",
        "RUN npm run build || true",
        "RUN npm ci \\\n  # note\n  && npm run build",
        "RUN <<EOF\nARG X\nnpm run build\nEOF",
        "RUN <<-'EOF'\n\tnpm run build\n\tEOF",
        "RUN bash <<EOF\nnpm run build\nEOF",
        "RUN <<EOF\n#!/usr/bin/env bash\nnpm run build\nEOF",
        "RUN corepack enable && corepack pnpm build",
        "RUN doppler run -- npm run build",
        "RUN CMD=build; npm run $CMD",
        "RUN yarn next build",
        "RUN deno task build",
        "RUN node --run build",
        "RUN yarn workspaces foreach -A run build",
        "RUN rush build",
        "RUN run-s lint build",
        "RUN pnpm turbo run build",
        "RUN pnpm -C web next build",
        "RUN bun run next build",
        "RUN $HOME/.bun/bin/bun run build",
    ],
)
def test_builds(run):
    assert _answers(run) == ["yes"]


@pytest.mark.parametrize(
    "run",
    [
        "RUN npm ci",
        'RUN echo "npm run build"',
        "RUN npm run lint",
        "RUN next dev",
        "RUN yarn install --frozen-lockfile",
        "RUN pnpm install && pnpm test",
        "RUN turbo prune web --docker",
        "RUN apk add --no-cache make curl",
        "RUN apt-get install -y build-essential",
        "RUN vite build",
        "RUN make clean",
        "RUN bun build ./x.ts",
        "RUN # npm run build",
        "RUN cat <<EOF > x\nnpm run build\nEOF",
        "RUN [ -f build ] && rm -rf build",
        "COPY <<EOF /x\nnpm run build\nEOF",
        "ONBUILD RUN npm run build",
        "CMD npm run build",
        "RUN node server.js",
        "RUN $SUDO apt-get install -y curl",
        "RUN $HOME/.local/bin/uv sync",
        "RUN yarn next telemetry disable",
        "RUN make install",
        "RUN ./configure --prefix=/usr",
    ],
)
def test_no_builds(run):
    assert _answers(run) == []


@pytest.mark.parametrize(
    ("run", "part"),
    [
        ("RUN npm run build:storybook", "`build:storybook` was not read"),
        ("RUN make build", "`make`"),
        ("RUN make", "`make`"),
        ("RUN ./build.sh", "`./build.sh`"),
        ("RUN bash scripts/build.sh", "`scripts/build.sh`"),
        ("RUN node scripts/build.mjs", "`scripts/build.mjs`"),
        ("RUN turbo run bundle", "`turbo`"),
        ("RUN run-p bundle:*", "package scripts that it runs"),
        ("RUN task", "`task`"),
        ("RUN scripts/x.sh", "`scripts/x.sh`"),
        ("RUN $TOOL build", "comes from a variable"),
        ("RUN npm run $TASK", "name of the package script"),
        ("RUN turbo run $TASK", "`turbo`"),
        ("RUN <<EOF\n#!/usr/bin/env python3\nbuild()\nEOF", "`python3`"),
    ],
)
def test_unknown_builds(run, part):
    text = Text(f"FROM a\n{run}\n")
    (found,) = in_dockerfile(parse(text), text, prefixes=_NEXT)
    assert found.command.answer == "unknown"
    assert part in found.command.reason


@pytest.mark.parametrize(
    ("run", "scripts", "expected"),
    [
        ("RUN npm run build", {"build": "next build"}, ["yes"]),
        ("RUN npm run build", {"build": "tsc -p ."}, []),
        ("RUN npm run build", {"build": "tsc && npm run bundle", "bundle": "next build"}, ["yes"]),
        ("RUN npm run build", {"build": "./build.sh"}, ["unknown"]),
        ("RUN npm run build", {"build": "npm run build"}, ["unknown"]),
        ("RUN npm run ci", {"ci": "run-s lint build", "build": "next build"}, ["yes"]),
        ("RUN npm run build", {"test": "vitest"}, ["yes"]),
        ("RUN npm run build:docker", {"build:docker": "next build"}, ["yes"]),
        ("RUN npm --prefix web run build", {"build": "tsc"}, ["yes"]),
    ],
)
def test_package_scripts(run, scripts, expected):
    assert _answers(run, scripts=scripts) == expected


@pytest.mark.parametrize(
    ("run", "prefix", "expected"),
    [
        ("RUN vite build", "VITE_", ["yes"]),
        ("RUN npx react-scripts build", "REACT_APP_", ["yes"]),
        ("RUN nuxi generate", "NUXT_PUBLIC_", ["yes"]),
        ("RUN astro build", "PUBLIC_", ["yes"]),
        ("RUN next build", "VITE_", []),
        ("RUN next build", "MY_OWN_", ["yes"]),
    ],
)
def test_other_frameworks(run, prefix, expected):
    assert _answers(run, prefixes=(prefix,)) == expected


def test_what_a_build_is_given():
    run = "RUN export A=1 B && C=2 && D=$(x) npm run build"
    text = Text(f"FROM a\n{run}\n")
    (found,) = in_dockerfile(parse(text), text, prefixes=_NEXT)
    assert found.command.given == {"A": "1", "B": None, "D": None}
    assert found.command.text == "npm run build"
    assert text.line(2)[found.span.column - 1 : found.span.end_column - 1] == "npm run build"


def test_the_json_form_is_shown_without_quotes():
    text = Text('FROM a\nRUN ["npm", "run", "build"]\n')
    (found,) = in_dockerfile(parse(text), text, prefixes=_NEXT)
    assert found.command.text == "npm run build"
    assert found.span.line == 2


def test_files_that_a_build_finds():
    (found,) = in_script("echo A=$A > .env.production && . ./vars && next build", prefixes=_NEXT)
    assert (found.env_files, found.sourced) == ((".env.production",), True)


def test_files_that_are_copied():
    (found,) = in_script("cp .env.ci .env.production; set -a; next build", prefixes=_NEXT)
    assert (found.env_files, found.sourced) == ((".env.production",), False)


def test_long_chains_of_scripts_end():
    scripts = {f"s{n}": f"npm run s{n + 1}" for n in range(2000)}
    assert _answers("RUN npm run s0", scripts=scripts) == ["unknown"]


def test_place_in_a_heredoc():
    text = Text("FROM a\nRUN <<EOF\n  cd x\n  npm run build\nEOF\n")
    (found,) = in_dockerfile(parse(text), text, prefixes=_NEXT)
    assert found.span == (4, 3, 4, 16)


def test_scripts_that_run_each_other_end():
    scripts = {f"s{n}": " && ".join(f"npm run s{m}" for m in range(40)) for n in range(40)}
    assert _answers("RUN npm run s0", scripts=scripts) == ["unknown"]


@given(st.text(alphabet="npm run build&|;$'\"<EOF>\n\\[], ", max_size=60))
def test_any_run(run):
    text = Text(f"FROM a\nRUN {run}")
    for found in in_dockerfile(parse(text), text, prefixes=_NEXT):
        assert 0 <= found.command.start <= found.command.end <= len(text.string)
