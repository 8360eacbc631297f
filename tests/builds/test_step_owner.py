"""Which frontend a step of an image builds: folders, filters, package scripts, shell scripts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.builds import frontends as frontend_builds
from fr_check.builds.frontend_step import Steps
from fr_check.builds.images import Image
from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.policy.dockerfile_args import DockerfileArgs

NEXT = {"dependencies": {"next": "15"}}


def package(name: str = "web", **scripts: str) -> str:
    return json.dumps(
        {"name": name, **NEXT, "scripts": {name.replace("_", ":"): line for name, line in scripts.items()}}
    )


def steps(dockerfile: str, files: dict[str, str], context: str = "") -> list[str]:
    """The frontends that a Dockerfile at the root builds: `web`, or `web?` where it only may."""
    repository = Memory({"Dockerfile": dockerfile, **files})
    found = frontend_builds.load(repository, DockerfileArgs())
    image = Image("Dockerfile", Text(dockerfile, "Dockerfile"))
    bakes = Steps(repository, found).of(image, (context,))
    return sorted(f"{bake.frontend.label}{'' if bake.certain else '?'}" for bake in bakes)


# A workspace: a frontend in web, a library beside it, a root that runs tasks.
WORKSPACE = {
    "package.json": json.dumps({"name": "root", "private": True}),
    "web/package.json": package(build="next build", bundle="next build"),
    "web/next.config.mjs": "",
    "core/package.json": json.dumps({"name": "core", "scripts": {"build": "tsc"}}),
}
ALONE = {
    "package.json": package(build="next build"),
    "app/page.tsx": "",
    "web/package.json": package(build="next build"),
}
COPIED = "FROM a\nWORKDIR /src\nCOPY . .\n"


@pytest.mark.parametrize(
    "run",
    [
        "RUN npm run build",
        "RUN --mount=type=cache,target=/c npm run build",
        'RUN ["npm", "run", "build"]',
        'RUN ["sh", "-c", "npm ci && npm run build"]',
        'RUN ["sh", "-c", "cd ../src && export A=1 && npm run build"]',
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
def test_builds(run: str) -> None:
    assert {name.rstrip("?") for name in steps(f"{COPIED}{run}\n", ALONE)} & {"web", "."}
    assert not any(name.endswith("?") for name in steps(f"{COPIED}{run}\n", ALONE))


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
def test_no_builds(run: str) -> None:
    assert steps(f"{COPIED}{run}\n", ALONE) == []


@pytest.mark.parametrize(
    "run",
    [
        "RUN make build",
        "RUN ./build.sh",
        "RUN bash scripts/build.sh",
        "RUN node scripts/build.mjs",
        "RUN task",
        "RUN $TOOL build",
        "RUN npm run $TASK",
        "RUN turbo run $TASK",
        "RUN turbo run build --filter=$APP",
        "RUN <<EOF\n#!/usr/bin/env python3\nbuild()\nEOF",
        "RUN npm run loop",
    ],
)
def test_what_may_build_is_unknown(run: str) -> None:
    alone = {"package.json": package(build="next build", loop="npm run loop"), "app/page.tsx": ""}
    assert steps(f"{COPIED}{run}\n", alone) == [".?"]


@pytest.mark.parametrize(
    ("run", "scripts", "expected"),
    [
        ("npm run build", {"build": "next build"}, ["."]),
        ("npm run build", {"build": "tsc -p ."}, []),
        ("npm run build", {"build": "tsc && npm run bundle", "bundle": "next build"}, ["."]),
        ("npm run ci", {"ci": "./build.sh"}, [".?"]),
        ("npm run ci", {"ci": "run-s lint build", "build": "next build"}, ["."]),
        ("npm run ci", {"ci": "concurrently 'npm:build:*'", "build_web": "next build"}, ["."]),
        ("npm run build:docker", {"build_docker": "next build"}, ["."]),
        ("npm run build", {"build": "vite build"}, []),
        ("npm run build", {"build": "cross-env A=1 env-cmd -f .env.x next build"}, ["."]),
    ],
)
def test_package_scripts(run: str, scripts: dict[str, str], expected: list[str]) -> None:
    files = {"package.json": package(**scripts), "next.config.js": ""}
    assert steps(f"{COPIED}RUN {run}\n", files) == expected


# The steps of one image, in a workspace of a frontend `web`, a library `core`, and a root that runs tasks.
ROOT = {
    "package.json": json.dumps(
        {
            "name": "root",
            "scripts": {
                "build": "turbo run build",
                "web:build": "pnpm --filter @x/web build",
                "core:build": "npm run build -w core",
                "by:script": "./scripts/all.sh",
            },
        }
    ),
    "scripts/all.sh": "#!/bin/sh\nset -e\ncd apps/web\nnpx next build\n",
    "tools/fetch.sh": "#!/bin/sh\ncurl -fsSL https://example.org/x.tgz | tar xz\n",
    "apps/web/package.json": package("@x/web", build="next build", own="./next_build.sh"),
    "apps/web/next_build.sh": "exec next build\n",
    "apps/web/app/page.tsx": "",
    "core/package.json": json.dumps({"name": "core", "scripts": {"build": "tsc"}}),
    "api/Makefile": "build:\n\tpython -m build\n",
    "api/pyproject.toml": "",
}
IN_THE_WORKSPACE = {
    "pnpm --filter @x/web run build": ["apps/web"],
    "pnpm --filter web build": ["apps/web"],
    "pnpm --filter ./apps/web build": ["apps/web"],
    "pnpm --filter './apps/*' build": ["apps/web"],
    "pnpm --filter=@x/* build": ["apps/web"],
    "pnpm --filter=@x/web... build": ["apps/web"],
    "npm run build -w @x/web": ["apps/web"],
    "npm run build --workspace=apps/web": ["apps/web"],
    "npm run build --workspaces --if-present": ["apps/web"],
    "npx turbo run build": ["apps/web"],
    "turbo run build --filter=@x/web": ["apps/web"],
    "yarn workspace @x/web build": ["apps/web"],
    "yarn workspaces foreach -A run build": ["apps/web"],
    "pnpm -r build": ["apps/web"],
    "pnpm --filter=!@x/web -r build": [],
    "pnpm --filter '!core' build": ["apps/web"],
    "pnpm build": ["apps/web"],
    "pnpm build --filter=@x/web": ["apps/web"],
    "pnpm build --filter=core": [],
    "npm run web:build": ["apps/web"],
    "npm run by:script": ["apps/web"],
    "./scripts/all.sh": ["apps/web"],
    "npm --prefix apps/web run build": ["apps/web"],
    "pnpm -C apps/web own": ["apps/web"],
    "cd apps/web && npm run build": ["apps/web"],
    "(cd core && npm run build)": [],
    "cd core && npm run build && cd ../apps/web && npx next build": ["apps/web"],
    "next build apps/web": ["apps/web"],
    "nx build web": ["apps/web"],
    "lerna run build --scope @x/web": ["apps/web"],
    "npm run core:build": [],
    "pnpm --filter=core build": [],
    "pnpm --filter=@x/other build": [],
    "make -C api build": [],
    "make -C apps build": ["apps/web?"],
    "cd api && make build": [],
    "cd /tmp && ./build.sh": [],
    "/usr/local/bin/fetch.sh /opt": [],
}


@pytest.mark.parametrize(("run", "expected"), IN_THE_WORKSPACE.items())
def test_a_step_in_a_workspace(run: str, expected: list[str]) -> None:
    assert steps(f"{COPIED}COPY tools/fetch.sh /usr/local/bin/\nRUN {run}\n", ROOT) == expected


BUILDER = "FROM a AS b\nWORKDIR /app\n"
NPM = "RUN npm run build\n"
PLACES = {
    "a-package-beside": ("FROM a\nCOPY core /app/core\nWORKDIR /app/core\n" + NPM, []),
    "files-one-by-one": (
        BUILDER + "COPY apps/web/package.json ./\nCOPY apps/web/app ./app\n" + NPM,
        ["apps/web"],
    ),
    "a-pattern": (BUILDER + "COPY apps/web/package*.json ./\nCOPY apps/web .\n" + NPM, ["apps/web"]),
    "another-stage": (
        BUILDER + "COPY . .\nFROM a\nCOPY --from=b /app/apps/web /web\nWORKDIR /web\n" + NPM,
        ["apps/web"],
    ),
    "a-stage-by-number": (BUILDER + "COPY . .\nFROM a\nCOPY --from=0 /app .\nWORKDIR apps/web\n" + NPM, ["apps/web"]),
    "a-stage-below": (BUILDER + "COPY apps/web .\nFROM b\n" + NPM, ["apps/web"]),
    "a-variable": ("FROM a\nENV HOME_DIR=/srv\nWORKDIR ${HOME_DIR}/x\nCOPY apps/web .\n" + NPM, ["apps/web"]),
    "a-folder-not-known": ("FROM a\nARG DIR\nWORKDIR $DIR\nCOPY . /src\n" + NPM, ["apps/web?"]),
    "a-bind-mount": ("FROM a\nRUN --mount=type=bind,target=/src cd /src/apps/web && npm run build\n", ["apps/web"]),
    "a-bind-of-a-stage": (
        BUILDER + "COPY . .\nFROM a\n"
        "RUN --mount=type=bind,from=b,source=/app,target=/src cd /src/apps/web && npm run build\n",
        ["apps/web"],
    ),
    "what-turbo-kept": (
        BUILDER + "COPY . .\nRUN npx turbo prune core --docker\nFROM a\nWORKDIR /app\n"
        "COPY --from=b /app/out/full/ .\nRUN turbo run build\n",
        [],
    ),
    "what-turbo-kept-of-the-frontend": (
        BUILDER + "COPY . .\nRUN turbo prune --scope=@x/web --docker\nFROM a\nWORKDIR /app\n"
        "COPY --from=b /app/out/json/ .\nCOPY --from=b /app/out/full/ .\nRUN turbo run build --filter=@x/web\n",
        ["apps/web"],
    ),
    "only-a-tool": (
        "FROM a\nCOPY tools/fetch.sh /usr/local/bin/\nRUN /usr/local/bin/fetch.sh /opt && make build\n",
        [],
    ),
    "what-is-cloned": ("FROM a\nRUN git clone https://x.org/y /y && cd /y && npm run build\n", []),
    "a-backend": ("FROM a\nWORKDIR /x\nCOPY api .\nRUN make build\n", []),
    "a-target-that-knows-no-tool": ("FROM a\nCOPY . /x\nWORKDIR /x/api\nRUN make build\n", []),
}


@pytest.mark.parametrize(("dockerfile", "expected"), PLACES.values(), ids=PLACES.keys())
def test_where_a_step_runs(dockerfile: str, expected: list[str]) -> None:
    assert steps(dockerfile, ROOT) == expected


HANDS_ON = '#!/bin/sh\nset -e\necho preparing\nexec "$@"\n'
MAKEFILE = """\
GO = CGO_ENABLED=0 "$(shell which go)"
build: tools
\t@$(GO) build ./...
tools:
\t@$(GO) install ./tools
ui:
\tcd web && npm run build
all: build ui
odd:
\t$(UNSET) build
"""
FILES = {**WORKSPACE, "in/with.sh": HANDS_ON, "Makefile": MAKEFILE, "justfile": "ui:\n  cd web && npm run build\n"}


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("RUN in/with.sh npm run build -w web", ["web"]),
        ("RUN sh in/with.sh pnpm --filter core build", []),
        ("RUN ./in/with.sh npm run build -w core && ./in/with.sh npm run build -w web", ["web"]),
        ("RUN ./in/with.sh", []),
        ("RUN ./in/with.sh sh -c 'cd web && npm run build'", ["web"]),
        ('RUN ./in/with.sh "$TOOL"', ["web?"]),
        ("RUN make build", []),
        ("RUN make clean build", []),
        ("RUN make ui", ["web"]),
        ("RUN make all", ["web"]),
        ("RUN make -C . all X=1", ["web"]),
        ("RUN make odd", ["web?"]),
        ("RUN make -f elsewhere.mk build", ["web?"]),
        ("RUN just ui", ["web"]),
        ("RUN in/made.sh", []),
        ("RUN in/given.sh", ["web?"]),
        ("RUN in/speaks.sh", ["web?"]),
    ],
)
def test_a_step_through_a_wrapper_or_a_task_runner(run: str, expected: list[str]) -> None:
    files = {
        **FILES,
        "in/made.sh": 'cmd="./answer build"\nfor x in a b; do cmd=$cmd" --with $x"; done\n$cmd\n',
        "in/given.sh": "$BUILD_COMMAND\n",
        "in/speaks.sh": 'cmd="npm run"\nfor x in a b; do cmd=$cmd" $x"; done\n$cmd\n',
    }
    assert steps(COPIED + run, files) == expected


def test_what_dockerignore_keeps_out_is_not_built() -> None:
    dockerfile = "FROM a\nARG DIR\nWORKDIR $DIR\nCOPY . /src\nRUN npm run build\n"
    assert steps(dockerfile, ROOT) == ["apps/web?"]
    assert steps(dockerfile, {**ROOT, ".dockerignore": "apps/\n"}) == []


def test_a_script_called_build_builds_its_frontend_whatever_it_runs() -> None:
    for line in ("node scripts/build.js", "./build.sh", "$TOOL build"):
        files = {**WORKSPACE, "web/package.json": package(build=line, other=line)}
        assert steps(COPIED + "RUN cd web && npm run build", files) == ["web"]
        assert steps(COPIED + "RUN cd web && npm run other", files) == ["web?"]
    files = {**WORKSPACE, "web/package.json": package(build="npm run build -w core")}
    assert steps(COPIED + "RUN cd web && npm run build", files) == []


def test_scripts_that_run_each_other_end() -> None:
    scripts = {f"s{n}": " && ".join(f"npm run s{m}" for m in range(40)) for n in range(40)}
    files = {"package.json": package(**scripts), "next.config.js": ""}
    assert steps(f"{COPIED}RUN npm run s0\n", files) == [".?"]


def test_long_chains_of_scripts_end() -> None:
    scripts = {f"s{n}": f"npm run s{n + 1}" for n in range(2000)}
    files = {"package.json": package(**scripts), "next.config.js": ""}
    assert steps(f"{COPIED}RUN npm run s0\n", files) == [".?"]


def manifest(needs: str, script: str = "") -> str:
    scripts = {"scripts": {"run": script}} if script else {}
    return json.dumps({"devDependencies": json.loads(needs), **scripts})


FRONTENDS = {
    "next": ({"package.json": package(build="next build")}, ["NEXT_PUBLIC_"]),
    "a-library": ({"package.json": package(build="tsup"), "src/index.ts": ""}, None),
    "a-library-without-scripts": ({"package.json": json.dumps(NEXT)}, None),
    "pages": ({"package.json": json.dumps(NEXT), "src/pages/a.tsx": ""}, ["NEXT_PUBLIC_"]),
    "vite": ({"package.json": manifest('{"vite": "5"}'), "index.html": ""}, ["VITE_"]),
    "vite-by-script": (
        {"package.json": manifest('{"vite": "5"}', "tsc && vite build")},
        ["VITE_"],
    ),
    "vitest": ({"package.json": manifest('{"vite": "5"}', "vitest"), "vite.config.ts": ""}, None),
    "a-library-of-vite": (
        {
            "package.json": manifest('{"vite": "5"}', "vite build"),
            "vite.config.ts": "export default { build: { lib: { entry: 'a' } } }",
        },
        None,
    ),
    "a-prefix-of-its-own": (
        {
            "package.json": manifest('{"vite": "5"}'),
            "index.html": "",
            "vite.config.ts": "export default { // envPrefix: 'NO_'\n envPrefix: ['APP_', 'VITE_'] }",
        },
        ["APP_", "VITE_"],
    ),
    "astro": ({"package.json": manifest('{"astro": "4", "vite": "5"}', "astro build")}, ["PUBLIC_"]),
    "sveltekit": (
        {"package.json": manifest('{"@sveltejs/kit": "2", "vite": "5"}', "vite build")},
        ["PUBLIC_", "VITE_"],
    ),
    "nuxt": ({"package.json": manifest('{"nuxt": "3"}'), "nuxt.config.ts": ""}, ["NUXT_PUBLIC_", "VITE_"]),
    "cra": ({"package.json": manifest('{"react-scripts": "5"}'), "public/index.html": ""}, ["REACT_APP_"]),
    "gatsby": ({"package.json": manifest('{"gatsby": "5"}', "gatsby build")}, ["GATSBY_"]),
    "vue-cli": ({"package.json": manifest('{"@vue/cli-service": "5"}', "vue-cli-service build")}, ["VUE_APP_"]),
    "expo": ({"package.json": manifest('{"expo": "50"}'), "app.json": ""}, ["EXPO_PUBLIC_"]),
    "angular": ({"package.json": manifest('{"@angular/cli": "19"}', "ng build"), "angular.json": "{}"}, []),
    "ngx-env": (
        {"package.json": manifest('{"@angular/cli": "19", "@ngx-env/builder": "1"}', "ng build")},
        ["NG_APP_"],
    ),
    "webpack": ({"package.json": manifest('{"webpack": "5", "html-webpack-plugin": "5"}', "webpack -p")}, []),
    "webpack-and-next": ({"package.json": manifest('{"webpack": "5", "next": "15"}', "next build")}, ["NEXT_PUBLIC_"]),
    "webpack-with-vue": ({"package.json": manifest('{"webpack": "5", "vue": "3"}', "webpack --env production")}, []),
    "a-component-of-webpack": (
        {"package.json": manifest('{"webpack": "5", "vue": "3"}', "webpack").replace("{", '{"main": "a.js", ', 1)},
        None,
    ),
    "a-library-of-webpack": ({"package.json": manifest('{"webpack": "5"}', "webpack"), "webpack.config.js": ""}, None),
    "ejected": (
        {
            "package.json": manifest('{"react-dev-utils": "12", "webpack": "5"}', "node scripts/build.js"),
            "public/index.html": "",
        },
        ["REACT_APP_"],
    ),
    "rspack": ({"package.json": manifest('{"@rspack/core": "1", "react-dom": "19"}', "rspack build")}, []),
    "a-library-of-rspack": ({"package.json": manifest('{"@rspack/core": "1"}', "rspack build")}, None),
    "rspack-below-rsbuild": (
        {"package.json": manifest('{"@rspack/core": "1", "@rsbuild/core": "1", "react-dom": "19"}', "rsbuild build")},
        ["PUBLIC_"],
    ),
    "parcel": ({"package.json": manifest('{"parcel": "2"}', "parcel build src/index.html")}, []),
    "parcel-by-its-page": ({"package.json": manifest('{"parcel": "2"}', "parcel build"), "index.html": ""}, []),
    "a-library-of-parcel": ({"package.json": manifest('{"parcel": "2"}', "parcel build")}, None),
    "rsbuild": ({"package.json": manifest('{"@rsbuild/core": "1"}', "rsbuild build")}, ["PUBLIC_"]),
}


@pytest.mark.parametrize(("files", "prefixes"), FRONTENDS.values(), ids=FRONTENDS.keys())
def test_what_a_frontend_is(files: dict[str, str], prefixes: list[str] | None) -> None:
    found = frontend_builds.load(Memory({f"ui/{path}": text for path, text in files.items()}), DockerfileArgs())
    assert [list(frontend.prefixes) for frontend in found.frontends] == ([] if prefixes is None else [prefixes])


def test_what_the_root_of_a_workspace_installs() -> None:
    files = {
        "package.json": json.dumps({**NEXT, "devDependencies": {"vite": "5"}, "scripts": {"test": "vitest"}}),
        "apps/a/package.json": '{"scripts": {"build": "next build"}}',
        "apps/b/package.json": '{"scripts": {"build": "tsc"}}',
    }
    found = frontend_builds.load(Memory(files), DockerfileArgs())
    assert [frontend.path for frontend in found.frontends] == ["apps/a"]


def test_a_project_of_nx_may_have_no_manifest_of_its_own() -> None:
    files = {
        "package.json": manifest('{"vite": "5", "nx": "19"}', "nx"),
        "nx.json": "{}",
        "apps/web/project.json": '{"name": "site"}',
        "apps/web/index.html": "",
        "apps/web/vite.config.ts": "",
        "libs/ui/project.json": '{"name": "ui"}',
        "libs/ui/vite.config.ts": "export default { build: { lib: { entry: 'a' } } }",
    }
    found = frontend_builds.load(Memory(files), DockerfileArgs())
    assert [frontend.path for frontend in found.frontends] == ["apps/web"]
    assert steps(f"{COPIED}RUN npx nx build site\n", files) == ["apps/web"]
    assert steps(f"{COPIED}RUN npx nx build ui\n", files) == []


@settings(max_examples=60)
@given(st.text("RUN COPYWORKDIR npm run build -w$F./\\\n'\"&|;()<>{}=@*[]", max_size=80))
def test_any_dockerfile(text: str) -> None:
    for line in steps(f"FROM a AS b\nWORKDIR /x\n{text}\nFROM b\nRUN npm run build\n", ROOT):
        assert line.rstrip("?") == "apps/web"
