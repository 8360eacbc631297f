"""`fr-check add`: a new variable in every place, once; and what a person has to do besides."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from building import build, git
from fr_check.core.model import Example, ExampleSubmodule
from fr_check.dockerfile_args import samples
from running import Done, run

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    debug: bool = False
    s3_bucket: str = "x"
    \"\"\"Where files go.\"\"\"
    redis_url: str = ""


settings = Settings()
"""
BACKEND = {
    "app/config.py": CONFIG,
    "app/main.py": "from app.config import settings\n",
    ".env.example": "DEBUG=false\n\n# S3\nS3_BUCKET=x\n\nREDIS_URL=\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
    "compose.yml": (
        "services:\n  web:\n    build: .\n    environment:\n      DEBUG: ${DEBUG:-false}\n"
        "      S3_BUCKET: ${S3_BUCKET:-x}\n      REDIS_URL: ${REDIS_URL:-redis}\n"
    ),
    "secrets.ctmpl": (
        '{{ with secret "secret/data/app" }}\n'
        'REDIS_URL={{ with .Data.data.REDIS_URL }}{{ printf "%q" . }}{{ else }}""{{ end }}\n{{ end }}\n'
    ),
    "vault-agent.hcl": 'template {\n  source = "secrets.ctmpl"\n  destination = "/secrets/.env"\n}\n',
}


def project(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def add(folder: Path, *words: str) -> Done:
    return run("add", *words, "--root", folder)


def state(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def test_a1_a_public_variable_goes_to_all_four_places(tmp_path: Path):
    folder = project(tmp_path, samples.FILES)
    done = add(folder, "NEXT_PUBLIC_FLAG", "--kind", "frontend")
    assert done.status == 0, done.stderr
    assert "gh variable set NEXT_PUBLIC_FLAG" in done.stdout
    for path in (".env.example", "apps/frontend/Dockerfile", "docker-compose.yml", ".github/workflows/release.yml"):
        assert "NEXT_PUBLIC_FLAG" in (folder / path).read_text()
    found = run("all", "--root", folder, "--format", "json").json()["findings"]
    assert {finding["rule"] for finding in found if finding["severity"] != "info"} <= {"orphaned-public-variable"}
    again = add(folder, "NEXT_PUBLIC_FLAG", "--kind", "frontend")
    assert "nothing to do" in again.stdout
    assert again.stdout.count("already there") == 4
    traced = run("trace", "NEXT_PUBLIC_FLAG", "--root", folder).stdout
    assert "NEXT_PUBLIC_FLAG: no page reads it yet" in traced
    assert traced.count("build arg, ARG, ENV, baked") == 2
    assert "filled into" not in traced
    steps = run("trace", "NEXT_PUBLIC_FLAG", "--root", folder, "--format", "json").json()["trace"]["processes"]
    assert [[step["how"] for step in one["steps"]][-4:] for one in steps] == [
        ["build-arg", "arg", "image-env", "baked"]
    ] * 2


def test_a_variable_of_one_of_two_frontends_goes_to_its_image_and_builds_alone(tmp_path: Path):
    other = {
        path.replace("apps/frontend", "apps/admin"): text.replace("apps/frontend", "apps/admin")
        for path, text in samples.FILES.items() if path.startswith("apps/")
    }  # fmt: skip
    compose = samples.FILES["docker-compose.yml"]
    service = compose.partition("services:\n")[2].replace("frontend", "admin")
    files = {**samples.FILES, **other, "docker-compose.yml": compose + service}
    for name in ("frontend", "admin"):
        files[f"apps/{name}/package.json"] = '{"scripts": {"build": "next build"}, "dependencies": {"next": "15"}}\n'
    folder = project(tmp_path, files)
    done = add(folder, "NEXT_PUBLIC_FLAG", "--kind", "frontend", "--app", "apps/admin")
    assert done.status == 0, done.stderr
    changed = {path for path, text in state(folder).items() if text != files.get(path)}
    assert changed == {".env.example", "apps/admin/Dockerfile", "docker-compose.yml"}
    assert (
        state(folder)["docker-compose.yml"] == compose + service + "        NEXT_PUBLIC_FLAG: ${NEXT_PUBLIC_FLAG:-}\n"
    )
    refused = add(folder, "NEXT_PUBLIC_B", "--kind", "frontend", "--app", "apps/nowhere")
    assert refused.status == 2
    assert "`--app apps/frontend`" in refused.stderr


@pytest.mark.parametrize(
    ("words", "field", "line"),
    [
        (("S3_REGION", "--default", "eu"), '    s3_region: str = "eu"\n', "S3_REGION=eu\n"),
        (("MAX_ITEMS", "--default", "20"), "    max_items: int = 20\n", "MAX_ITEMS=20\n"),
        (("VERBOSE", "--default", "true"), "    verbose: bool = True\n", "VERBOSE=true\n"),
        (("RATE", "--default", "1.5"), "    rate: float = 1.5\n", "RATE=1.5\n"),
        (("TITLE", "--default", "two words"), '    title: str = "two words"\n', "TITLE='two words'\n"),
    ],
)
def test_a_setting_gets_a_field_a_line_and_its_way_into_the_service(
    words: tuple[str, ...], field: str, line: str, tmp_path: Path
):
    folder = project(tmp_path, BACKEND)
    before = {finding["subject"] for finding in run("all", "--root", folder, "--format", "json").json()["findings"]}
    done = add(folder, *words, "--kind", "backend")
    assert done.status == 0, done.stderr
    after = state(folder)
    assert field in after["app/config.py"]
    assert line in after[".env.example"]
    assert f"      {words[0]}: ${{{words[0]}:-{words[2]}}}\n" in after["compose.yml"]
    found = run("all", "--root", folder, "--format", "json").json()["findings"]
    assert {finding["subject"] for finding in found} <= before
    again = add(folder, *words, "--kind", "backend")
    assert state(folder) == after
    assert "nothing to do" in again.stdout


def test_a_field_stands_with_its_kin_and_below_their_texts(tmp_path: Path):
    folder = project(tmp_path, BACKEND)
    add(folder, "S3_REGION", "--kind", "backend", "--default", "eu")
    expected = '    """Where files go."""\n    s3_region: str = "eu"\n    redis_url'
    assert expected in (folder / "app/config.py").read_text()
    assert "# S3\nS3_BUCKET=x\nS3_REGION=eu\n" in (folder / ".env.example").read_text()


def test_a_secret_is_marked_and_rendered_and_never_has_a_value(tmp_path: Path):
    folder = project(tmp_path, BACKEND)
    done = add(folder, "STRIPE_SECRET_KEY", "--kind", "secret")
    assert done.status == 0, done.stderr
    assert "store the value of `STRIPE_SECRET_KEY` in Vault" in done.stdout
    after = state(folder)
    assert '    stripe_secret_key: str = ""\n' in after["app/config.py"]
    assert "# [VAULT] Managed by Vault\nSTRIPE_SECRET_KEY=\n" in after[".env.example"]
    line = 'STRIPE_SECRET_KEY={{ with .Data.data.STRIPE_SECRET_KEY }}{{ printf "%q" . }}{{ else }}""{{ end }}\n'
    assert line in after["secrets.ctmpl"]
    assert add(folder, "OTHER_TOKEN", "--kind", "secret", "--default", "x").status == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("api_url", "--kind", "backend"), "`API_URL`?"),
        (("API_TOKEN", "--kind", "backend"), "sounds like a secret"),
        (("FLAG", "--kind", "frontend"), "no public prefix"),
        (("NEXT_PUBLIC_SECRET_KEY", "--kind", "frontend"), "sounds like a secret"),
        (("A", "--kind", "backend", "--app", "nowhere.py"), "no application has its settings in nowhere.py"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_written(words: tuple[str, ...], message: str, tmp_path: Path):
    folder = project(tmp_path, {**BACKEND, **samples.FILES})
    before = state(folder)
    done = add(folder, *words)
    assert done.status == 2
    assert message in done.stderr
    assert state(folder) == before


def test_a_prefix_of_the_class_is_no_part_of_the_field(tmp_path: Path):
    config = CONFIG.replace(
        "    debug: bool", '    model_config = SettingsConfigDict(env_prefix="APP_")\n    debug: bool'
    ).replace("import BaseSettings", "import BaseSettings, SettingsConfigDict")
    folder = project(tmp_path, {"app/config.py": config, ".env.example": "APP_DEBUG=false\n"})
    add(folder, "APP_LIMIT", "--kind", "backend", "--default", "5")
    assert "    limit: int = 5\n" in (folder / "app/config.py").read_text()
    add(folder, "LIMIT", "--kind", "backend", "--default", "5")
    text = (folder / "app/config.py").read_text()
    assert 'limit_: int = Field(default=5, validation_alias="LIMIT")' in text
    assert "from pydantic import Field\n" in text


def test_a_patch_shows_the_same_and_writes_nothing(tmp_path: Path):
    folder = project(tmp_path, BACKEND)
    before = state(folder)
    done = run("add", "S3_REGION", "--kind", "backend", "--default", "eu", "--root", folder, "--diff")
    assert done.status == 1
    assert state(folder) == before
    subprocess.run(["git", "-C", folder, "apply", "-"], input=done.stdout.encode(), check=True)
    applied = state(folder)
    other = project(tmp_path / "other", BACKEND)
    add(other, "S3_REGION", "--kind", "backend", "--default", "eu")
    assert {path: text for path, text in applied.items() if not path.startswith("other/")} == state(other)


@pytest.mark.parametrize(
    "words",
    [
        ("NEXT_PUBLIC_FLAG", "--kind", "frontend"),
        ("S3_REGION", "--kind", "backend", "--default", "eu"),
        ("MAX_ITEMS", "--kind", "backend", "--default", "20"),
        ("STRIPE_SECRET_KEY", "--kind", "secret"),
    ],
)
def test_g14_what_was_added_and_removed_leaves_the_first_bytes(words: tuple[str, ...], tmp_path: Path):
    folder = project(tmp_path, samples.FILES if "frontend" in words else BACKEND)
    before = state(folder)
    assert add(folder, *words).status == 0
    assert state(folder) != before
    done = run("remove", words[0], "--root", folder)
    assert done.status == 0, done.stderr
    assert state(folder) == before


def crlf(files: dict[str, str]) -> dict[str, bytes]:
    return {path: text.replace("\n", "\r\n").encode() for path, text in files.items()}


ENTRIES = "      DEBUG: ${DEBUG:-false}\n      S3_BUCKET: ${S3_BUCKET:-x}\n      REDIS_URL: ${REDIS_URL:-redis}\n"
FLOW = " {DEBUG: '${DEBUG:-false}', S3_BUCKET: '${S3_BUCKET:-x}', REDIS_URL: '${REDIS_URL:-redis}'}\n"
LISTED = "      - DEBUG=${DEBUG:-false}\n      - S3_BUCKET=${S3_BUCKET:-x}\n      - REDIS_URL=${REDIS_URL:-redis}\n"


def marked(files: dict[str, str]) -> dict[str, bytes]:
    return {p: (b"" if p.endswith((".yml", "file")) else b"\xef\xbb\xbf") + t.encode() for p, t in files.items()}


def with_words(files: dict[str, str]) -> dict[str, bytes]:
    heads = (".yml", ".example", ".py")
    return {path: (f"# Größe\n{text}" if path.endswith(heads) else text).encode() for path, text in files.items()}


FORMS = {
    "carriage returns": crlf,
    "byte order marks": marked,
    "no final line end": lambda files: {p: t.rstrip("\n").encode() for p, t in files.items()},
    "both": lambda files: {p: t.rstrip(b"\r\n") for p, t in crlf(files).items()},
    "flow style": lambda files: {p: t.replace(f"\n{ENTRIES}", FLOW).encode() for p, t in files.items()},
    "lists": lambda files: {p: t.replace(ENTRIES, LISTED).encode() for p, t in files.items()},
    "words of another language": with_words,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "words",
    [
        ("NEXT_PUBLIC_FLAG", "--kind", "frontend", "--describe", "Why"),
        ("S3_REGION", "--kind", "backend", "--default", "eu", "--describe", "Where"),
        ("MAX_ITEMS", "--kind", "backend", "--default", "20"),
        ("STRIPE_SECRET_KEY", "--kind", "secret"),
    ],
    ids=lambda words: words[0],
)
def test_in_every_form_the_first_bytes_come_back(form: str, words: tuple[str, ...], tmp_path: Path):
    files = FORMS[form](samples.FILES if "frontend" in words else BACKEND)
    folder = project(tmp_path, {})
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    done = add(folder, *words)
    assert done.status == 0, done.stderr
    after = {path: (folder / path).read_bytes() for path in files}
    changed = [path for path in files if after[path] != files[path]]
    assert len(changed) >= 3
    for path in changed:
        assert after[path].count(b"\r\n") == (after[path].count(b"\n") if b"\r\n" in files[path] else 0)
        assert after[path].endswith(b"\n") == files[path].endswith(b"\n")
    done = run("remove", words[0], "--root", folder)
    assert done.status == 0, done.stderr
    assert {path: (folder / path).read_bytes() for path in files} == files


def test_a_compose_file_that_cannot_be_read_to_its_end_is_told(tmp_path: Path):
    entries = "      S3_BUCKET: x\n      REDIS_URL: y\n      DEBUG: z\n"
    broken = (
        BACKEND["compose.yml"] + f"  old:\n    build: .\n    environment:\n{entries}      A: ${{A:?with: a colon}}\n"
    )
    folder = project(tmp_path, {**BACKEND, "compose.yml": broken})
    done = add(folder, "MAX_ITEMS", "--kind", "backend")
    assert done.status == 0
    assert "1. pass `MAX_ITEMS` to service `web` of compose.yml (line 4): the file is no YAML to its end" in done.stdout
    assert (folder / "compose.yml").read_text() == broken
    assert "MAX_ITEMS" in (folder / ".env.example").read_text()


def test_a_name_that_a_mark_speaks_of_is_rendered_too(tmp_path: Path):
    example = BACKEND[".env.example"].replace("# S3", "# [VAULT] All S3_* variables")
    template = BACKEND["secrets.ctmpl"].replace("REDIS_URL", "S3_BUCKET")
    folder = project(tmp_path, {**BACKEND, ".env.example": example, "secrets.ctmpl": template})
    done = add(folder, "S3_REGION", "--kind", "backend", "--default", "eu")
    assert "store the value of `S3_REGION` in Vault" in done.stdout
    assert "\nS3_REGION={{ with .Data.data.S3_REGION }}" in (folder / "secrets.ctmpl").read_text()
    assert "[VAULT]" not in (folder / ".env.example").read_text().partition("S3_BUCKET=x")[2]
    assert run("env-keys", "--root", folder, "--select", "unrendered-secret").status == 0


def test_what_builds_in_another_way_is_told_with_line_and_place(tmp_path: Path):
    bake = 'target "web" {\n  context = "apps/frontend"\n  args = {\n    A = "1"\n  }\n}\n'
    workflow = (
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
        "      - name: By hand\n        run: |\n          true\n          docker build apps/frontend\n"
    )
    folder = project(tmp_path, {**samples.FILES, "docker-bake.hcl": bake, ".github/workflows/hand.yml": workflow})
    done = add(folder, "NEXT_PUBLIC_FLAG", "--kind", "frontend", "--diff")
    said = done.stderr.replace("fr-check: ", "").split("\n")
    assert 'next: add `NEXT_PUBLIC_FLAG = ""` to `args` of the target `web`, docker-bake.hcl:1' in said
    assert (
        "next: add `--build-arg NEXT_PUBLIC_FLAG=VALUE` to the command in step `By hand`, .github/workflows/hand.yml:10"
    ) in said


def test_an_import_that_an_alias_brought_goes_with_it(tmp_path: Path):
    config = CONFIG.replace(
        "    debug: bool", '    model_config = SettingsConfigDict(env_prefix="APP_")\n    debug: bool'
    ).replace("import BaseSettings", "import BaseSettings, SettingsConfigDict")
    folder = project(tmp_path, {"app/config.py": config, ".env.example": "APP_DEBUG=false\n"})
    before = state(folder)
    add(folder, "LIMIT", "--kind", "backend", "--default", "5")
    assert "import Field" in (folder / "app/config.py").read_text()
    assert run("remove", "LIMIT", "--root", folder).status == 0
    assert state(folder) == before


def test_what_is_still_read_stays(tmp_path: Path):
    folder = project(
        tmp_path, {**BACKEND, "app/use.py": "from app.config import settings\n\nprint(settings.s3_bucket)\n"}
    )
    before = state(folder)
    done = run("remove", "S3_BUCKET", "--root", folder)
    assert done.status == 2
    assert "app/use.py:3" in done.stderr
    assert run("remove", "NOBODY_KNOWS", "--root", folder).status == 2
    assert state(folder) == before


HEAD = "from pydantic import Field, SecretStr\nfrom pydantic_settings import BaseSettings\n\n\n"
ONE = HEAD + "class Settings(BaseSettings):\n"
# The class, the words, and a line that is there afterwards: a new field is written as its neighbours are.
STYLES = {
    "capitals": (
        ONE + '    DEBUG: bool = False\n    URL: str = ""\n',
        ("NEW_TOKEN", "--kind", "secret"),
        '    NEW_TOKEN: str = ""\n',
    ),
    "secrets that hide": (
        ONE + '    debug: bool = False\n    api_token: SecretStr = SecretStr("")\n',
        ("NEW_TOKEN", "--kind", "secret"),
        '    new_token: SecretStr = SecretStr("")\n',
    ),
    "mostly aliases": (
        ONE + "".join(f'    f{n}: str = Field(default="", validation_alias="KEY_{n}")\n' for n in range(3)),
        ("LIMIT", "--kind", "backend", "--default", "5"),
        '    limit: int = Field(default=5, validation_alias="LIMIT")\n',
    ),
    "below another": (
        ONE + "    debug: bool = False\n    limit: int = 1\n",
        ("REGION", "--kind", "backend", "--default", "eu", "--after", "DEBUG"),
        '    debug: bool = False\n    region: str = "eu"\n    limit: int = 1\n',
    ),
    "a class by its name": (
        ONE + "    debug: bool = False\n\n\nclass Worker(BaseSettings):\n    jobs: int = 1\n",
        ("QUEUE", "--kind", "backend", "--class", "Worker", "--default", "q"),
        '    jobs: int = 1\n    queue: str = "q"\n',
    ),
    "a list": (
        ONE + "    debug: bool = False\n",
        ("ORIGINS", "--kind", "backend", "--type", "list[str]", "--default", '["a", "b"]'),
        '    origins: list[str] = ["a", "b"]\n',
    ),
    "none by default": (
        ONE + "    debug: bool = False\n",
        ("TITLE", "--kind", "backend", "--type", "str | None"),
        "    title: str | None = None\n",
    ),
    "a text of digits": (
        ONE + "    debug: bool = False\n",
        ("CODE", "--kind", "backend", "--type", "str", "--default", "007"),
        '    code: str = "007"\n',
    ),
    "the first field": (
        ONE.replace("Settings(", "Base(") + "    debug: bool = False\n\n\n"
        'class Settings(Base):\n    """All."""\n\n    model_config = {"extra": "ignore"}\n',
        ("LIMIT", "--kind", "backend", "--default", "5", "--class", "Settings"),
        '    model_config = {"extra": "ignore"}\n\n    limit: int = 5\n',
    ),
}


@pytest.mark.parametrize("name", STYLES)
def test_a_field_is_written_as_its_neighbours_are(name: str, tmp_path: Path):
    config, words, line = STYLES[name]
    files = {"app/config.py": config, ".env.example": "DEBUG=false\nURL=\n", "app/main.py": "from app import config\n"}
    folder = project(tmp_path, files)
    done = add(folder, *words)
    assert done.status == 0, done.stderr
    text = (folder / "app/config.py").read_text()
    assert line in text
    compile(text, "config.py", "exec")
    # A project without marks and templates gets none.
    assert "VAULT" not in (folder / ".env.example").read_text()
    assert "nothing to do" in add(folder, *words).stdout
    assert run("remove", words[0], "--root", folder).status == 0
    if name != "the first field":
        assert (folder / "app/config.py").read_text() == config


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("REDIS_URL", "--kind", "backend", "--default", "other"), "with another default"),
        (("LIMIT", "--kind", "backend", "--type", "int", "--default", "many"), "no default of type int"),
        (("PATH", "--kind", "backend"), "set by the surroundings"),
        (("LIMIT", "--kind", "backend", "--after", "NOBODY"), "no field of Settings reads `NOBODY`"),
        (("LIMIT", "--kind", "backend", "--class", "Nobody"), "no class of settings is called Nobody"),
        (("LIMIT", "--kind", "backend", "--describe", "two\nlines"), "a description is one line"),
        (("NEXT_PUBLIC_FLAG", "--kind", "frontend"), "there is no frontend here"),
    ],
)
def test_what_does_not_fit_is_refused(words: tuple[str, ...], message: str, tmp_path: Path):
    folder = project(tmp_path, BACKEND)
    before = state(folder)
    done = add(folder, *words)
    assert done.status == 2
    assert message in done.stderr
    assert state(folder) == before


def test_a_generated_example_is_left_to_what_makes_it(tmp_path: Path):
    example = "# >>> generated from config.py by tools/reference.py\nDEBUG=false\nS3_BUCKET=x\nREDIS_URL=\n# <<<\n"
    folder = project(tmp_path, {**BACKEND, ".env.example": example})
    done = add(folder, "S3_REGION", "--kind", "backend", "--default", "eu")
    assert done.status == 0, done.stderr
    assert (folder / ".env.example").read_text() == example
    assert "run `tools/reference.py`, which makes .env.example (its line 1 says that it is generated)" in done.stdout
    assert 's3_region: str = "eu"' in (folder / "app/config.py").read_text()


def test_the_example_of_composes_folder_gets_it_too(tmp_path: Path):
    files = {path: text for path, text in BACKEND.items() if path not in {".env.example", "secrets.ctmpl"}}
    example = BACKEND[".env.example"]
    folder = project(tmp_path, {**files, "app/.env.example": example, ".env.example": f"TAG=1\n{example}"})
    before = state(folder)
    done = add(folder, "MAX_ITEMS", "--kind", "backend", "--default", "20")
    assert done.status == 0, done.stderr
    after = state(folder)
    assert "MAX_ITEMS=20\n" in after["app/.env.example"]
    assert "MAX_ITEMS=20\n" in after[".env.example"]
    assert run("remove", "MAX_ITEMS", "--root", folder).status == 0
    assert state(folder) == before


def test_a_types_file_and_what_still_names_it_are_told(tmp_path: Path):
    types = "interface Env {\n  NEXT_PUBLIC_API_URL: string;\n}\n"
    folder = project(tmp_path, {**samples.FILES, "apps/frontend/src/env.d.ts": types})
    done = add(folder, "NEXT_PUBLIC_FLAG", "--kind", "frontend")
    assert "declare it in apps/frontend/src/env.d.ts:2, beside `NEXT_PUBLIC_API_URL`" in done.stdout
    (folder / "apps/frontend/src/env.d.ts").write_text(types.replace("API_URL", "FLAG"))
    done = run("remove", "NEXT_PUBLIC_FLAG", "--root", folder)
    assert "apps/frontend/src/env.d.ts:2 still names `NEXT_PUBLIC_FLAG`" in done.stdout


def test_the_last_entry_takes_its_key_along(tmp_path: Path):
    compose = "services:\n  web:\n    build: .\n    environment:\n      REDIS_URL: x\n    ports: [80]\n"
    folder = project(tmp_path, {**BACKEND, "compose.yml": compose})
    (folder / "secrets.ctmpl").unlink()
    assert run("remove", "REDIS_URL", "--root", folder).status == 0
    assert (folder / "compose.yml").read_text() == "services:\n  web:\n    build: .\n    ports: [80]\n"


def test_a_template_in_a_submodule_is_written_only_on_demand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    own = {path: text for path, text in BACKEND.items() if path not in {"secrets.ctmpl", "vault-agent.hcl"}}
    theirs = {"secrets.ctmpl": BACKEND["secrets.ctmpl"]}
    example = own[".env.example"].replace("REDIS_URL=", "# [VAULT] Managed by Vault\nREDIS_URL=")
    module = ExampleSubmodule("infra", (theirs,), 0)
    folder = build(Example({**own, ".env.example": example}, submodules=(module,)), tmp_path / "built")
    template = folder / "infra" / "secrets.ctmpl"
    words = ("STRIPE_SECRET_KEY", "--kind", "secret")
    done = add(folder, *words)
    assert done.status == 0, done.stderr
    step = "in the repository of infra, add to secrets.ctmpl below line 2 (`REDIS_URL`): STRIPE_SECRET_KEY={{"
    assert step in done.stdout
    assert template.read_text() == theirs["secrets.ctmpl"]
    git(folder, "checkout", "--quiet", ".")
    before = state(folder)
    refused = add(folder, *words, "--in-submodule")
    assert (refused.status, "is on no branch" in refused.stderr) == (2, True)
    assert state(folder) == before
    git(folder / "infra", "switch", "--quiet", "--create", "change")
    assert add(folder, *words, "--in-submodule").status == 0
    assert "STRIPE_SECRET_KEY={{ with .Data.data.STRIPE_SECRET_KEY }}" in template.read_text()
    assert git(folder / "infra", "status", "--porcelain") == " M secrets.ctmpl"
    git(folder, "checkout", "--quiet", ".")
    refused = add(folder, *words, "--in-submodule")
    assert (refused.status, "has changes of its own" in refused.stderr) == (2, True)
