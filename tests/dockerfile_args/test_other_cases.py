"""Example files, sources, exemptions, hostile input: cases 37 to 42, and the facts table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import LINEAR, growth
from fr_check.core.model import Severity
from frontend_project import COMPOSE, DOCKERFILE, SOURCE, WORKFLOW, C, D, W, facts, judge, project, results

if TYPE_CHECKING:
    from collections.abc import Callable

UNDOCUMENTED = ["error undocumented-public-variable NEXT_PUBLIC_X"]

EXAMPLES = {
    "37-commented-out": ("# NEXT_PUBLIC_X=\n", ["warning undocumented-public-variable NEXT_PUBLIC_X"]),
    "37-exported": ("export NEXT_PUBLIC_X=\n", []),
    "37-blank-before-equals": ("NEXT_PUBLIC_X =1\n", []),
    "37-longer-name": (
        "NEXT_PUBLIC_XY=\n",
        [*UNDOCUMENTED, "warning orphaned-public-variable NEXT_PUBLIC_XY"],
    ),
    "37-only-in-prose": ("# see NEXT_PUBLIC_X\nA=1\n", UNDOCUMENTED),
    "none": ("", []),
    "40-orphan": (
        "NEXT_PUBLIC_X=\nNEXT_PUBLIC_OLD=\n",
        ["warning orphaned-public-variable NEXT_PUBLIC_OLD"],
    ),
}


@pytest.mark.parametrize(("example", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_example_files(example: str, expected: list[str]) -> None:
    assert judge(project(example=example)) == expected


UNINLINED = ["warning uninlined-read NEXT_PUBLIC_X"]
GONE = "warning orphaned-public-variable NEXT_PUBLIC_X"
READS = {
    "38-comment": ("// process.env.NEXT_PUBLIC_Z\n", []),
    "38-string": ('const s = "process.env.NEXT_PUBLIC_Z";\n', []),
    "38-jsx-comment": ("const a = <p>{/* process.env.NEXT_PUBLIC_Z */}</p>;\n", []),
    "38-regex": ("const r = /process.env.NEXT_PUBLIC_Z/;\n", []),
    "38-template": ("const u = `${process.env.NEXT_PUBLIC_Z}/x`;\n", ["error"]),
    "38-newlines": ("const u = process\n  .env\n  .NEXT_PUBLIC_Z;\n", ["error"]),
    "38-bracket": ('const u = process.env["NEXT_PUBLIC_Z"];\n', ["error"]),
    "38-computed": ('const n = "NEXT_PUBLIC_Z";\nprocess.env[n];\n', []),
    "38-key": ("const o = { NEXT_PUBLIC_Z: 1 };\n", []),
    "38-optional": ("const u = process.env?.NEXT_PUBLIC_Z;\n", ["error"]),
}


@pytest.mark.parametrize(("source", "expected"), READS.values(), ids=READS.keys())
def test_reads(source: str, expected: list[str]) -> None:
    found = judge(project(source=SOURCE + source), Severity.ERROR)
    wanted = ["error undeclared-build-arg NEXT_PUBLIC_Z", "error undocumented-public-variable NEXT_PUBLIC_Z"]
    assert found == (wanted if expected else [])


ALIASES = {
    "38-destructured": "const { NEXT_PUBLIC_X } = process.env;\n",
    "38-alias": "const env = process.env;\nexport const y = env.NEXT_PUBLIC_X;\n",
}


@pytest.mark.parametrize("source", ALIASES.values(), ids=ALIASES.keys())
def test_reads_that_no_bundler_replaces(source: str) -> None:
    assert judge(project(source=SOURCE + source)) == UNINLINED


@pytest.mark.parametrize(
    "path",
    [
        "src/__tests__/a.test.ts",
        "src/a.spec.tsx",
        "e2e/a.ts",
        "playwright.config.ts",
        "vitest.setup.ts",
        "env.d.ts",
    ],
)
def test_tests_and_tools_do_not_count(path: str) -> None:
    assert judge(project(**{f"apps/frontend/{path}": "process.env.NEXT_PUBLIC_Z;\n"})) == []


def test_40_what_is_read_nowhere_is_one_finding() -> None:
    assert judge(project(source="export {};\n")) == [GONE]
    assert judge(project(source="export {};\n", **{"apps/frontend/next.config.mjs": SOURCE})) == []
    assert judge(project(source="export {};\n", **{"apps/frontend/src/a.test.ts": SOURCE})) == [GONE]


def test_40_a_name_that_other_code_takes_is_no_orphan() -> None:
    backend = {"apps/backend/src/config.py": 'site = Field(alias="NEXT_PUBLIC_SITE")\n'}
    assert judge(project(example="NEXT_PUBLIC_X=\nNEXT_PUBLIC_SITE=\n", **backend)) == []


def test_a_segment_that_is_never_prerendered_reads_at_run_time() -> None:
    layout = 'export const dynamic = "force-dynamic";\nconst z = process.env.NEXT_PUBLIC_Z;\n'
    files = project(**{"apps/frontend/src/app/layout.tsx": layout})
    assert judge(files) == []
    client = {"apps/frontend/src/app/layout.tsx": '"use client";\n' + layout}
    assert "error undeclared-build-arg NEXT_PUBLIC_Z" in judge({**files, **client})


def test_variables_of_the_hosting_platform_need_no_place() -> None:
    assert judge(project(source=SOURCE + "process.env.NEXT_PUBLIC_VERCEL_ENV;\n")) == []


ALLOW = """\
[[allow.{rule}]]
subject = "{subject}"
path = "{path}"
reason = "set when the container starts"
"""


def test_39_an_exemption_of_what_is_gone_is_stale() -> None:
    entry = ALLOW.format(rule="undeclared-build-arg", subject="NEXT_PUBLIC_GONE", path=D)
    assert judge(project(**{".fr-check.toml": entry})) == ["warning stale-exemption NEXT_PUBLIC_GONE"]


@pytest.mark.parametrize(("rule", "path"), [("undeclared-build-arg", D), ("unpassed-build-arg", W)])
def test_39_an_exemption_of_what_is_there_conflicts(rule: str, path: str) -> None:
    entry = ALLOW.format(rule=rule, subject="NEXT_PUBLIC_X", path=path)
    assert judge(project(**{".fr-check.toml": entry})) == ["warning conflicting-exemption NEXT_PUBLIC_X"]


def test_39_an_exemption_that_is_needed_is_neither() -> None:
    entry = ALLOW.format(rule="undeclared-build-arg", subject="NEXT_PUBLIC_Z", path=D)
    found = judge(project(source=SOURCE + "process.env.NEXT_PUBLIC_Z;\n", **{".fr-check.toml": entry}))
    assert not any("exemption" in line for line in found)


ENV = {"apps/frontend/.env.production": "NEXT_PUBLIC_X=/api\n"}


def test_a_file_of_variables_that_reaches_the_build_is_a_value() -> None:
    files = project("FROM node\nCOPY . .\nRUN npm run build\n", compose="", workflow="", **ENV)
    assert judge(files) == []


@pytest.mark.parametrize("name", [".dockerignore", "Dockerfile.dockerignore"])
def test_a_file_of_variables_that_is_kept_out_is_masked(name: str) -> None:
    ignore = {f"apps/frontend/{name}": ".env.*\n"}
    assert judge(project(**ENV, **ignore)) == ["warning masked-env-file NEXT_PUBLIC_X"]


def test_a_file_of_variables_is_masked_by_an_argument_that_is_set() -> None:
    dockerfile = DOCKERFILE.replace("ARG NEXT_PUBLIC_X", "ARG NEXT_PUBLIC_X=")
    assert judge(project(dockerfile, **ENV)) == ["warning masked-env-file NEXT_PUBLIC_X"]


HOSTILE = {
    "41-nesting": "[" * 100_000,
    "41-tabs": "services:\n\tweb: 1\n",
    "41-bomb": "a: &a [x]\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*{p}'] * 9)}]\n" for n, p in [(0, "a"), (1, "b0")]),
    "41-not-text": b"\xff\xfe\x00services",
    "41-not-utf-8": b"services:\n  web: \xe9\n",
    "41-services-null": "services:\n",
    "41-empty": "\n",
    "41-cr-only": COMPOSE.replace("\n", "\r"),
    "41-binary": b"\x00\x01\x02",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("path", [C, W, D, ".env.example", "apps/frontend/src/a.ts", "docker-bake.json"])
def test_41_hostile_files_end_in_an_answer(path: str, content: str | bytes) -> None:
    found = judge({**project(), path: content})
    assert all(line.startswith("unknown unreadable-") or line.endswith(" NEXT_PUBLIC_X") for line in found)


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        (C, "services: [\n", "unreadable-compose-file"),
        (W, "jobs:\n\ta: 1\n", "unreadable-workflow"),
        (D, "FROM\n", "unreadable-dockerfile"),
    ],
)
def test_41_one_diagnosis_with_a_line(path: str, content: str, reason: str) -> None:
    assert f"unknown {reason}" in judge({**project(), path: content})


@pytest.mark.parametrize(
    "path", [C, W, D, ".env.example", "apps/frontend/src/a.ts", "docker-bake.json", "docker-bake.hcl"]
)
@pytest.mark.parametrize("content", [HOSTILE["41-not-text"], HOSTILE["41-not-utf-8"]], ids=["utf-16", "latin-1"])
def test_41_what_is_no_text_is_unknown(path: str, content: bytes) -> None:
    (unknown,) = facts({**project(), path: content}).unknowns
    assert (unknown.reason.partition("-")[0], unknown.subject) == ("unreadable", path)


def test_42_a_missing_dockerfile_is_a_finding_at_the_build() -> None:
    assert judge(project("")) == [f"warning missing-dockerfile {D}"]


def test_nothing_to_look_at_is_said() -> None:
    found = facts({"README.md": "x\n"})
    assert any("no Dockerfile" in skipped.reason for skipped in found.skipped)
    assert any("no frontend" in skipped.reason for skipped in found.skipped)


def test_a_configured_frontend_that_does_not_exist_is_said() -> None:
    found = facts({"README.md": "x\n", ".fr-check.toml": '[dockerfile-args]\nfrontends = ["web"]\n'})
    assert any("`web` does not exist" in skipped.reason for skipped in found.skipped)


def test_frontends_are_discovered_and_judged_apart() -> None:
    package = '{"dependencies": {"next": "15"}}'
    files = {
        "web/package.json": package,
        "web/a.ts": "process.env.NEXT_PUBLIC_WEB;\n",
        "web/Dockerfile": "FROM node\nRUN npm run build\n",
        "admin/package.json": package,
        "admin/a.ts": "process.env.NEXT_PUBLIC_ADMIN;\n",
        "admin/Dockerfile": "FROM node\nARG NEXT_PUBLIC_ADMIN\nRUN npm run build\n",
    }
    assert judge(files) == ["error undeclared-build-arg NEXT_PUBLIC_WEB"]


def test_other_prefixes_by_configuration() -> None:
    files = {
        ".fr-check.toml": '[dockerfile-args]\npublic-prefixes = ["VITE_"]\nfrontends = ["ui"]\n',
        "ui/src/a.ts": "import.meta.env.VITE_API;\n",
        "ui/Dockerfile": "FROM node\nRUN npx vite build\n",
    }
    assert judge(files) == ["error undeclared-build-arg VITE_API"]


def test_the_table_of_builds() -> None:
    (builds,) = facts(project(workflow=WORKFLOW.replace("NEXT_PUBLIC_X=", "OTHER="))).tables()
    assert [row[4] for row in builds.rows] == ["NEXT_PUBLIC_X", "OTHER"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("next_public_old: str = ''", []),
        ("old: str = Field('', alias='NEXT_PUBLIC_OLD')", []),
        ("next_public_new: str = ''", ["warning orphaned-public-variable NEXT_PUBLIC_OLD"]),
    ],
)
def test_a_setting_may_read_a_public_variable(field: str, expected: list[str]) -> None:
    source = "from pydantic import Field\nfrom pydantic_settings import BaseSettings\n\n\n"
    files = project(example="NEXT_PUBLIC_X=\nNEXT_PUBLIC_OLD=\n")
    files["apps/backend/config.py"] = f"{source}class Settings(BaseSettings):\n    {field}\n"
    assert judge(files) == expected


def many_builds(size: int) -> dict[str, str | bytes]:
    services = "".join(f"  s{n}:\n    build: {{context: s{n}, args: {{A: '${{A:-1}}'}}}}\n" for n in range(size))
    files = project(compose="services:\n" + services)
    files |= {f"s{n}/Dockerfile": "FROM a\nARG A\nRUN make\n" for n in range(size)}
    return files | {f".github/workflows/w{n}.yml": WORKFLOW for n in range(size // 2)}


def many_variables(size: int) -> dict[str, str | bytes]:
    names = [f"NEXT_PUBLIC_{n}" for n in range(size)]
    return project(
        "FROM node\n" + "".join(f"ARG {name}\n" for name in names[::2]) + "RUN npm run build\n",
        "services:\n  web:\n    build:\n      context: apps/frontend\n      args:\n"
        + "".join(f"        {name}: ${{{name}:-}}\n" for name in names[::3]),
        example="".join(f"{name}=\n" for name in names[::5]),
        source="".join(f"f(process.env.{name});\n" for name in names),
    )


@pytest.mark.parametrize("make", [many_builds, many_variables])
def test_a_large_project_costs_no_more_than_its_size(make: Callable[[int], dict[str, str | bytes]]) -> None:
    assert growth(judge, make, 40, 320) <= LINEAR


@settings(max_examples=40)
@given(st.text("FROMARGUN NEXT_PUBLIC_X=${}\n\\servics:buld-[]&*<|\"'", max_size=80), st.sampled_from([C, W, D]))
def test_never_raises(text: str, path: str) -> None:
    judge({**project(), path: text})


def test_a_dockerfile_of_another_package_of_the_workspace_builds_that() -> None:
    worker = "FROM node\nCOPY apps/frontend apps/frontend\nRUN turbo run build --filter=worker\n"
    files = {"worker/package.json": "{}", "worker/Dockerfile": worker, "root.Dockerfile": "FROM a\n"}
    assert judge(project(**files)) == []


def test_what_no_build_passes_is_an_offer() -> None:
    compose = "services:\n  web: {build: apps/frontend}\n"
    workflow = WORKFLOW.replace("          build-args: |\n            NEXT_PUBLIC_X=${{ vars.NEXT_PUBLIC_X }}\n", "")
    files = project(compose=compose, workflow=workflow)
    assert judge(files) == []
    assert judge(files, Severity.INFO) == ["info unpassed-build-arg NEXT_PUBLIC_X"]
    assert judge(project(compose=compose, workflow="")) == ["error unpassed-build-arg NEXT_PUBLIC_X"]


def test_what_the_configuration_of_next_gives_needs_no_place() -> None:
    config = {"apps/frontend/next.config.mjs": "export default { env: { NEXT_PUBLIC_VERSION: version } };\n"}
    assert judge(project(source=SOURCE + "process.env.NEXT_PUBLIC_VERSION;\n", **config)) == []


def test_what_a_package_reads_by_itself_is_no_orphan() -> None:
    package = {"apps/frontend/package.json": '{"dependencies": {"next": "15", "@clerk/nextjs": "6"}}'}
    example = "NEXT_PUBLIC_X=\nNEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=\n"
    assert judge(project(example=example, **package)) == []
    assert judge(project(example=example)) == ["warning orphaned-public-variable NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY"]


@pytest.mark.parametrize("script", ["echo A=1 >> apps/frontend/.env", "cd apps/frontend && cp x .env.production"])
def test_a_file_of_variables_that_a_workflow_writes_may_hold_them(script: str) -> None:
    step = f"      - run: {script}\n      - uses: actions/checkout@v4\n"
    workflow = WORKFLOW.replace("      - uses: actions/checkout@v4\n", step)
    files = project(source=SOURCE + "process.env.NEXT_PUBLIC_Z;\n", workflow=workflow)
    assert judge(files) == ["error undocumented-public-variable NEXT_PUBLIC_Z"]
    kept_out = {"apps/frontend/.dockerignore": ".env*\n"}
    assert "error undeclared-build-arg NEXT_PUBLIC_Z" in judge({**files, **kept_out})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NEXT_PUBLIC_STRIPE_SECRET_KEY", True),
        ("NEXT_PUBLIC_DB_PASSWORD", True),
        ("NEXT_PUBLIC_SUPABASE_SERVICE_ROLE", True),
        ("NEXT_PUBLIC_SUPABASE_ANON_KEY", False),
        ("NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY", False),
        ("NEXT_PUBLIC_SENTRY_DSN", False),
        ("NEXT_PUBLIC_PASSWORD_RESET_URL", False),
        ("NEXT_PUBLIC_PASSWORD_MIN_LENGTH", False),
    ],
)
def test_a_public_variable_called_like_a_secret(name: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    found = judge(project(source=f"process.env.{name};\n"))
    assert (f"error baked-secret {name}" in found) is expected


def test_a_secret_of_the_vault_template_is_no_build_argument() -> None:
    template = "repo/finance_report/finance_report/10.app/secrets.ctmpl"
    files = project(
        **{
            "apps/backend/Dockerfile": "FROM a\nARG DATABASE_URL\nARG API_TOKEN\nARG VERSION\n",
            "apps/backend/src/config.py": "from pydantic_settings import BaseSettings\n\n\n"
            'class Settings(BaseSettings):\n    database_url: str = ""\n    version: str = ""\n',
            template: '{{ with secret "s" }}DATABASE_URL={{ .Data.data.DATABASE_URL }}\nVERSION=1\n{{ end }}\n',
        }
    )
    assert [line for line in judge(files) if "secret" in line] == ["error baked-secret DATABASE_URL"]


@pytest.mark.parametrize("folder", ["tests/fixtures", "node_modules/x", "vendor/y"])
def test_samples_of_something_else_are_not_judged(folder: str) -> None:
    broken = {f"{folder}/docker-compose.yml": "services: [\n", f"{folder}/Dockerfile": "FROM\n"}
    assert judge(project(**broken)) == []


def test_a_dockerfile_in_lower_case_is_found() -> None:
    files = project("", **{"apps/frontend/dockerfile": DOCKERFILE})
    assert judge(files) == []


def test_no_value_is_shown() -> None:
    compose = COMPOSE.replace("${NEXT_PUBLIC_X:-}", "$${NEXT_PUBLIC_X:-hunter2}") + "        API_TOKEN: hunter2\n"
    workflow = WORKFLOW + "            ghp_0123456789abcdefghijABCDEFGHIJ0123\n            B C=hunter2\n"
    for item in results(project(compose=compose, workflow=workflow)):
        words = f"{item.subject} {item.message} {item.help} {getattr(item, 'notes', '')}"
        assert "hunter2" not in words
        assert "ghp_0123456789" not in words


BINARY = bytes(range(256))
UNREADABLE = {
    "source": ("apps/frontend/src/a.ts", b"// \xff\n" + SOURCE.encode(), ["unknown unreadable-source"]),
    "example": (".env.example", BINARY, ["unknown unreadable-example"]),
    "dockerfile": (D, BINARY + DOCKERFILE.encode(), ["unknown unreadable-dockerfile"]),
    "compose": (C, BINARY, ["unknown unreadable-compose-file"]),
    "workflow": (W, BINARY, ["unknown unreadable-workflow"]),
    "manifest": ("apps/frontend/package.json", b"{", ["unknown unreadable-manifest"]),
    "another-manifest": ("apps/web/package.json", b'{"dependencies": {"next": ', ["unknown unreadable-manifest"]),
    "unclosed-template": (
        "apps/frontend/src/b.ts",
        b"const a = `x;\nprocess.env.NEXT_PUBLIC_Z;\n",
        ["unknown unreadable-source"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("path", "data", "expected"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_from_what_cannot_be_read_nothing_is_concluded(path: str, data: bytes, expected: list[str]) -> None:
    assert judge({**project(), path: data}) == expected


def test_a_manifest_of_something_else_may_be_broken() -> None:
    assert judge({**project(), "tools/x/package.json": b"{"}) == []
    assert judge({**project(), "sdk/template/package.json": b'{"name": {{ name }}, "vite": "5"}'}) == []


def test_an_exemption_is_not_stale_where_something_is_unreadable() -> None:
    files = project(
        **{".fr-check.toml": ALLOW.format(rule="unpassed-build-arg", subject="NEXT_PUBLIC_GONE", path="**")}
    )
    assert "warning stale-exemption NEXT_PUBLIC_GONE" in judge(files)
    assert judge({**files, C: BINARY}) == ["unknown unreadable-compose-file"]


COMPUTED = {
    "key": "const k = 'NEXT_PUBLIC_OLD';\nexport const v = process.env[k];\n",
    "template": "export const f = (k: string) => process.env[`NEXT_PUBLIC_O${''}_${k}`] ?? 'NEXT_PUBLIC_OLD';\n",
    "head": "export const f = (k: string) => process.env[`NEXT_PUBLIC_${k}`];\n",
    "schema": "export const env = schema({ NEXT_PUBLIC_OLD: text() }).parse(process.env);\n",
}


@pytest.mark.parametrize("source", COMPUTED.values(), ids=COMPUTED.keys())
def test_40_what_is_read_by_a_computed_name_is_no_orphan(source: str) -> None:
    example = "NEXT_PUBLIC_X=\nNEXT_PUBLIC_OLD=\n"
    assert judge(project(example=example, **{"apps/frontend/src/b.ts": source})) == []
    plain = {"apps/frontend/src/b.ts": "const k = 'NEXT_PUBLIC_OLD';\n"}
    assert judge(project(example=example, **plain)) == ["warning orphaned-public-variable NEXT_PUBLIC_OLD"]


def test_40_what_fills_nuxts_configuration_is_no_orphan() -> None:
    policy = '[dockerfile-args]\npublic-prefixes = ["NUXT_PUBLIC_"]\n'
    config = "export default defineNuxtConfig({ runtimeConfig: { public: { apiBase: '', s3: { bucketName: '' } } } })\n"
    files = {
        "apps/frontend/nuxt.config.ts": config,
        ".fr-check.toml": policy,
        ".env.example": "NUXT_PUBLIC_API_BASE=\nNUXT_PUBLIC_S3_BUCKET_NAME=\nNUXT_PUBLIC_GONE=\n",
    }
    assert judge(files) == ["warning orphaned-public-variable NUXT_PUBLIC_GONE"]


WORKSPACE = {
    "apps/frontend/package.json": '{"name": "web", "dependencies": {"next": "1", "@x/ui": "workspace:*"}}',
    "packages/ui/package.json": '{"name": "@x/ui", "dependencies": {"@x/env": "workspace:*"}}',
    "packages/env/package.json": '{"name": "@x/env"}',
    "packages/env/src/index.ts": "export const z = process.env.NEXT_PUBLIC_Z;\n",
    "packages/other/package.json": '{"name": "@x/other"}',
    "packages/other/src/index.ts": "export const q = process.env.NEXT_PUBLIC_Q;\n",
}


def test_what_a_package_of_the_workspace_reads_is_baked_into_the_frontend_that_uses_it() -> None:
    files = project(example="NEXT_PUBLIC_X=\nNEXT_PUBLIC_Z=\n", **WORKSPACE)
    assert judge(files) == ["error undeclared-build-arg NEXT_PUBLIC_Z"]


def test_what_several_frontends_share_may_not_be_used_by_each() -> None:
    admin = {
        "apps/admin/package.json": '{"name": "admin", "dependencies": {"next": "1", "@x/ui": "workspace:*"}}',
        "apps/admin/Dockerfile": "FROM node\nARG NEXT_PUBLIC_Z\nRUN npm run build\n",
    }
    files = project(example="NEXT_PUBLIC_X=\nNEXT_PUBLIC_Z=\n", **WORKSPACE, **admin)
    assert judge(files) == []
    assert judge(files, Severity.INFO) == ["info undeclared-build-arg NEXT_PUBLIC_Z"]


@pytest.mark.parametrize("page", ["index.html", "public/index.html"])
def test_the_page_itself_reads_variables(page: str) -> None:
    files = project(example="NEXT_PUBLIC_X=\n", **{f"apps/frontend/{page}": "<title>%NEXT_PUBLIC_Z%</title>\n"})
    wanted = ["error undeclared-build-arg NEXT_PUBLIC_Z", "error undocumented-public-variable NEXT_PUBLIC_Z"]
    assert judge(files) == wanted


def test_a_nul_byte_in_a_source_loses_nothing() -> None:
    files = {**project(), "apps/frontend/src/b.ts": b"const s = '\0';\nprocess.env.NEXT_PUBLIC_Z;\n"}
    assert "error undeclared-build-arg NEXT_PUBLIC_Z" in judge(files)
    assert "unknown unreadable-source" not in judge(files)


PLAIN = "process.env.NEXT_PUBLIC_Z;\n"
COPES = {
    "fallback": "const z = process.env.NEXT_PUBLIC_Z ?? '/api';\n",
    "condition": "if (process.env.NEXT_PUBLIC_Z) start(process.env.NEXT_PUBLIC_Z);\n",
    "comparison": "export const on = process.env.NEXT_PUBLIC_Z === 'true';\n",
    "held": "const id = process.env.NEXT_PUBLIC_Z;\nif (id) start(id);\n",
    "schema": "const schema = { NEXT_PUBLIC_Z: z.string().optional() };\nschema.parse(process.env.NEXT_PUBLIC_Z);\n",
}
ABSENT = ["error undeclared-build-arg NEXT_PUBLIC_Z", "error undocumented-public-variable NEXT_PUBLIC_Z"]
REMARKS = ["info undeclared-build-arg NEXT_PUBLIC_Z", "info undocumented-public-variable NEXT_PUBLIC_Z"]


@pytest.mark.parametrize("source", COPES.values(), ids=COPES.keys())
def test_what_no_place_knows_and_the_code_copes_without_is_information(source: str) -> None:
    files = project(**{"apps/frontend/src/z.ts": source})
    assert judge(files) == []
    assert judge(files, Severity.INFO) == REMARKS
    assert judge({**files, "apps/frontend/src/y.ts": PLAIN}) == (ABSENT if "schema" not in source else [])


def test_a_schema_in_another_file_may_call_a_variable_optional() -> None:
    read = {"apps/frontend/src/z.ts": "export const z = shape.NEXT_PUBLIC_Z.parse(process.env.NEXT_PUBLIC_Z);\n"}
    schema = "export const shape = { NEXT_PUBLIC_Z: z.string().default('') };\n"
    assert judge(project(**read)) == ABSENT
    assert judge(project(**read, **{"apps/frontend/src/env.ts": schema})) == []


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("", []),
        ("import { UPLOADS } from './z';\nstart(UPLOADS.url);\n", ABSENT),
        ("import * as all from './z';\nstart(all.UPLOADS.url);\n", ABSENT),
        ("start(all.DOWNLOADS);\n", []),
    ],
)
def test_nobody_needs_what_stands_in_a_constant_that_no_module_names(user: str, expected: list[str]) -> None:
    held = "export const UPLOADS = {\n  kind: f(1, { a: 2 }),\n  url: process.env.NEXT_PUBLIC_Z,\n};\n"
    files = {"apps/frontend/src/z.ts": held, "apps/frontend/src/y.ts": user or "start();\n"}
    assert judge(project(**files)) == expected
    inner = held.replace("url: ", "more: { url: ").replace("_Z,", "_Z },")
    assert judge(project(**{**files, "apps/frontend/src/z.ts": inner})) == ABSENT


@pytest.mark.parametrize(
    ("path", "first", "expected"),
    [
        ("app/api/_logic/z.ts", "", []),
        ("app/api/_logic/z.ts", '"use client";\n', ABSENT[:1]),
        ("app/apis/z.ts", "", ABSENT[:1]),
        ("app/api/z.ts", "", []),
    ],
)
def test_what_stands_beside_route_handlers_is_the_servers(path: str, first: str, expected: list[str]) -> None:
    # A build of Next.js leaves a variable that is not set as it is, and the server has it when it runs.
    files = {
        "apps/frontend/src/app/api/a/route.ts": "export const GET = 1;\n",
        f"apps/frontend/src/{path}": first + PLAIN,
    }
    documented = "NEXT_PUBLIC_X=\nNEXT_PUBLIC_Z=\n"
    assert judge(project(example=documented, **files)) == expected
    del files["apps/frontend/src/app/api/a/route.ts"]
    assert judge(project(example=documented, **files)) == ABSENT[:1]


def test_what_the_code_needs_is_an_error_wherever_it_is_missing() -> None:
    assert judge(project(**{"apps/frontend/src/z.ts": PLAIN})) == ABSENT


@pytest.mark.parametrize("fallback", ["''", "undefined", "'http://localhost:8000'"])
def test_a_fallback_on_nothing_is_no_error_as_long_as_nobody_gives_a_value(fallback: str) -> None:
    source = {"apps/frontend/src/z.ts": f"const z = process.env.NEXT_PUBLIC_Z ?? {fallback};\n"}
    assert judge(project(**source)) == []
    example = "NEXT_PUBLIC_X=\nNEXT_PUBLIC_Z=\n"
    severity = "warning" if "localhost" in fallback else "info"
    found = judge(project(example=example, **source), Severity.INFO)
    assert [line for line in found if "undeclared" in line] == [f"{severity} undeclared-build-arg NEXT_PUBLIC_Z"]
    compose = COMPOSE + "        NEXT_PUBLIC_Z: 1\n"
    assert judge(project(example=example, compose=compose, **source)) == ["error undeclared-build-arg NEXT_PUBLIC_Z"]


PLACES = {
    "example": ({"example": "NEXT_PUBLIC_X=\nNEXT_PUBLIC_Z=\n"}, []),
    "dockerfile": ({"dockerfile": DOCKERFILE.replace("ARG", "ARG NEXT_PUBLIC_Z=1\nARG")}, []),
    "compose": ({"compose": COMPOSE + "        NEXT_PUBLIC_Z: 1\n"}, ABSENT[:1]),
    "workflow": ({"workflow": WORKFLOW + "            NEXT_PUBLIC_Z=1\n"}, ABSENT[:1]),
    "environment": ({"compose": COMPOSE + "    environment:\n      NEXT_PUBLIC_Z: 1\n"}, ABSENT[:1]),
}


@pytest.mark.parametrize(("texts", "expected"), PLACES.values(), ids=PLACES.keys())
def test_what_one_place_knows_must_be_in_the_others(texts: dict[str, str], expected: list[str]) -> None:
    found = judge(project(**texts, **{"apps/frontend/src/z.ts": COPES["fallback"]}), Severity.ERROR)
    assert found == expected


def test_a_variable_that_is_commented_out_is_known_to_be_optional() -> None:
    example = "NEXT_PUBLIC_X=\n# NEXT_PUBLIC_Z=\n"
    dockerfile = DOCKERFILE.replace("ARG", "ARG NEXT_PUBLIC_Z=1\nARG")
    files = project(dockerfile, example=example, compose="", workflow="")
    assert judge({**files, "apps/frontend/src/z.ts": COPES["fallback"]}) == []
    assert judge({**files, "apps/frontend/src/z.ts": PLAIN}) == ["warning undocumented-public-variable NEXT_PUBLIC_Z"]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [("# NEXT_PUBLIC_Z=[YOUR_KEY]\n", []), ("#NEXT_PUBLIC_Z=1\n", []), ("# NEXT_PUBLIC_Z=\n", ["warning"])],
)
def test_a_comment_with_a_value_documents(comment: str, expected: list[str]) -> None:
    dockerfile = DOCKERFILE.replace("ARG", "ARG NEXT_PUBLIC_Z=1\nARG")
    files = project(dockerfile, example="NEXT_PUBLIC_X=\n" + comment, compose="", workflow="")
    found = judge({**files, "apps/frontend/src/z.ts": PLAIN})
    assert found == [f"{severity} undocumented-public-variable NEXT_PUBLIC_Z" for severity in expected]


def test_what_the_code_copes_without_may_be_left_out_by_a_build() -> None:
    workflow = WORKFLOW + "            NEXT_PUBLIC_Z=1\n"
    files = project(DOCKERFILE.replace("ARG", "ARG NEXT_PUBLIC_Z\nARG"), workflow=workflow, example="")
    unpassed = "unpassed-build-arg NEXT_PUBLIC_Z"
    for source in ("schema", "fallback", "condition"):
        found = judge({**files, "apps/frontend/src/z.ts": COPES[source]}, Severity.INFO)
        assert [line for line in found if "unpassed" in line] == [f"info {unpassed}"]
    assert judge({**files, "apps/frontend/src/z.ts": PLAIN}) == [f"error {unpassed}"]


def test_what_a_schema_calls_optional_may_stay_undeclared_with_a_warning() -> None:
    schema = {"apps/frontend/src/z.ts": COPES["schema"]}
    files = project(compose=COMPOSE + "        NEXT_PUBLIC_Z: 1\n", example="NEXT_PUBLIC_X=\n", **schema)
    undocumented = "warning undocumented-public-variable NEXT_PUBLIC_Z"
    wanted = ["warning undeclared-build-arg NEXT_PUBLIC_Z"]
    assert judge(files) == wanted
    assert undocumented in judge({**files, ".fr-check.toml": 'preset = "strict"\n'})
    served = {"apps/frontend/src/env.ts": '"use server";\n' + COPES["schema"], "apps/frontend/src/z.ts": PLAIN}
    assert judge({**files, **served}) == wanted


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("NEXT_PUBLIC_DEFAULT_CREDENTIALS=true", False),
        ("# NEXT_PUBLIC_DEFAULT_CREDENTIALS = off  # hides the fields", False),
        ("export NEXT_PUBLIC_DEFAULT_CREDENTIALS='1'", False),
        ("NEXT_PUBLIC_DEFAULT_CREDENTIALS=", True),
        ("NEXT_PUBLIC_DEFAULT_CREDENTIALS=trueish", True),
        ("MY_NEXT_PUBLIC_DEFAULT_CREDENTIALS=true", True),
    ],
)
def test_a_switch_that_is_called_like_a_secret_is_none(line: str, expected: bool) -> None:  # noqa: FBT001
    source = "start(process.env.NEXT_PUBLIC_DEFAULT_CREDENTIALS);\n"
    found = judge(project(source=source, example=f"{line}\n"))
    assert ("error baked-secret NEXT_PUBLIC_DEFAULT_CREDENTIALS" in found) is expected


@pytest.mark.parametrize(
    ("example", "severity"),
    [("", "warning"), ("NEXT_PUBLIC_X=\nNEXT_PUBLIC_Y=\n", "warning"), ("NEXT_PUBLIC_Y=\n", "info")],
)
def test_one_documented_value_for_two_frontends_is_no_slip(example: str, severity: str) -> None:
    compose = COMPOSE.replace("${NEXT_PUBLIC_X", "${NEXT_PUBLIC_Y")
    found = judge(project(compose=compose, example=example), Severity.INFO)
    assert [line for line in found if "cross-wired" in line] == [f"{severity} cross-wired-build-arg NEXT_PUBLIC_X"]


@pytest.mark.parametrize("package", ["@import-meta-env/unplugin", "next-runtime-env"])
def test_what_is_set_when_the_page_is_served_needs_no_argument(package: str) -> None:
    manifest = {"apps/frontend/package.json": f'{{"dependencies": {{"next": "15", "{package}": "1"}}}}'}
    files = project(example="NEXT_PUBLIC_X=\nNEXT_PUBLIC_Z=\n", source=SOURCE + PLAIN, **manifest)
    assert judge(files) == []
    assert judge(files, Severity.INFO) == ["info undeclared-build-arg NEXT_PUBLIC_Z"]
