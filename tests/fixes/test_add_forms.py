"""`fr-check add` in the forms that neighbours have, and `fr-check remove`, which gives the first bytes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from building import git
from fixes.test_add import BACKEND, add, project, state
from fr_check.dockerfile_args import samples
from running import run

if TYPE_CHECKING:
    from pathlib import Path

SECRETS = '{{ with secret "secret/data/app" }}\n%s{{ end }}\n'
# A template, and what `add STRIPE_KEY` puts into it.
TEMPLATES = {
    "a block around the line": (
        SECRETS % "{{ with .Data.data.REDIS_URL }}\nREDIS_URL={{ . }}\n{{ end }}\n",
        "{{ with .Data.data.STRIPE_KEY }}\nSTRIPE_KEY={{ . }}\n{{ end }}\n",
    ),
    "a condition with trim markers": (
        SECRETS % "{{- if .Data.data.REDIS_URL }}\nREDIS_URL={{ .Data.data.REDIS_URL }}\n{{- end }}\n",
        "{{- if .Data.data.STRIPE_KEY }}\nSTRIPE_KEY={{ .Data.data.STRIPE_KEY }}\n{{- end }}\n",
    ),
    "a block with another way": (
        SECRETS % "{{ with .Data.data.REDIS_URL }}\nREDIS_URL={{ . }}\n{{ else }}\nREDIS_URL=\n{{ end }}\n",
        "{{ with .Data.data.STRIPE_KEY }}\nSTRIPE_KEY={{ . }}\n{{ else }}\nSTRIPE_KEY=\n{{ end }}\n",
    ),
    "a block that ends on the next line": (
        SECRETS % '{{ with .Data.data.REDIS_URL }}REDIS_URL={{ printf "%q" . }}\n{{ end }}',
        '{{ with .Data.data.STRIPE_KEY }}STRIPE_KEY={{ printf "%q" . }}\n',
    ),
    "no guard to follow": (
        SECRETS % "REDIS_URL={{ .Data.data.REDIS_URL }}\n",
        "{{ with .Data.data.STRIPE_KEY }}STRIPE_KEY='",
    ),
    "carriage returns": (
        (SECRETS % "{{ with .Data.data.REDIS_URL }}\nREDIS_URL={{ . }}\n{{ end }}\n").replace("\n", "\r\n"),
        "{{ with .Data.data.STRIPE_KEY }}\r\nSTRIPE_KEY={{ . }}\r\n{{ end }}\r\n",
    ),
    "a whole secret on a line": (
        'REDIS_URL={{ with secret "secret/data/app" }}{{ .Data.data.REDIS_URL }}{{ end }}\n',
        'STRIPE_KEY={{ with secret "secret/data/app" }}{{ .Data.data.STRIPE_KEY }}{{ end }}\n',
    ),
}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def write(folder: Path, path: str, string: str) -> None:
    (folder / path).write_text(string, encoding="utf-8", newline="")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_secret_is_rendered_as_its_neighbours_are_and_taken_out_again(name: str, tmp_path: Path):
    template, expected = TEMPLATES[name]
    folder = project(tmp_path, BACKEND)
    write(folder, "secrets.ctmpl", template)
    before = bytes_of(folder)
    done = run("add", "STRIPE_KEY", "--kind", "secret", "--root", folder)
    assert done.status == 0, done.stderr
    assert expected in (folder / "secrets.ctmpl").read_bytes().decode()
    assert "broken-template" not in run("env-keys", "--root", folder, "--format", "json").rules()
    gone = run("remove", "STRIPE_KEY", "--root", folder)
    assert gone.status == 0, gone.stderr
    assert bytes_of(folder) == before


@pytest.mark.parametrize("name", ["a block around the line", "a condition with trim markers"])
def test_what_a_person_wrote_in_several_lines_is_taken_out(name: str, tmp_path: Path):
    files = {**BACKEND, "secrets.ctmpl": TEMPLATES[name][0]}
    folder = project(tmp_path, files)
    assert run("remove", "REDIS_URL", "--root", folder).status == 0
    assert (folder / "secrets.ctmpl").read_text() == SECRETS % ""


def test_lines_that_keys_share_are_left_to_a_person(tmp_path: Path):
    shared = SECRETS % "{{ if .Data.data.REDIS_URL }}REDIS_URL=x\nDEBUG={{ .Data.data.REDIS_URL }}\n{{ end }}\n"
    folder = project(tmp_path, {**BACKEND, "secrets.ctmpl": shared})
    before = state(folder)
    assert run("remove", "REDIS_URL", "--root", folder).status == 2
    assert state(folder) == before


ENTRIES = {
    "with a default": ("      {0}: ${{{0}:-x}}\n", "      MAX_ITEMS: ${MAX_ITEMS:-20}\n"),
    "without a colon": ("      {0}: ${{{0}-x}}\n", "      MAX_ITEMS: ${MAX_ITEMS-20}\n"),
    "in quotes": ('      {0}: "${{{0}:-x}}"\n', '      MAX_ITEMS: "${MAX_ITEMS:-20}"\n'),
    "as a list": ("      - {0}=${{{0}:-x}}\n", "      - MAX_ITEMS=${MAX_ITEMS:-20}\n"),
    "without a value": ("      {0}:\n", "      MAX_ITEMS:\n"),
    "fixed": ("      {0}: x\n", "      MAX_ITEMS:\n"),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_a_service_is_given_a_setting_as_it_is_given_the_others(name: str, tmp_path: Path):
    form, expected = ENTRIES[name]
    entries = "".join(form.format(key) for key in ("DEBUG", "S3_BUCKET", "REDIS_URL"))
    compose = f"services:\n  web:\n    build: .\n    environment:\n{entries}"
    folder = project(tmp_path, {**BACKEND, "compose.yml": compose})
    before = bytes_of(folder)
    assert run("add", "MAX_ITEMS", "--kind", "backend", "--default", "20", "--root", folder).status == 0
    assert (folder / "compose.yml").read_text() == compose + expected
    assert run("remove", "MAX_ITEMS", "--root", folder).status == 0
    assert bytes_of(folder) == before


def test_a_public_variable_that_no_page_reads_yet_is_renamed_everywhere(tmp_path: Path):
    folder = project(tmp_path, samples.FILES)
    assert run("add", "NEXT_PUBLIC_FLAG", "--kind", "frontend", "--root", folder).status == 0
    added = state(folder)
    assert run("rename", "NEXT_PUBLIC_FLAG", "NEXT_PUBLIC_MARK", "--root", folder).status == 0
    for path, text in state(folder).items():
        # The store of the workflow's variables has the old name: that is a next step.
        kept = text.replace("vars.NEXT_PUBLIC_FLAG", "vars.NEXT_PUBLIC_MARK")
        assert kept == added[path].replace("NEXT_PUBLIC_FLAG", "NEXT_PUBLIC_MARK")


@pytest.mark.parametrize(("more", "name"), [(1, "MAX_ITEMS"), (4, "max_items")])
def test_a_field_has_capitals_where_most_have(more: int, name: str, tmp_path: Path):
    fields = "".join(f'    {key}: str = "x"\n' for key in ("A_ONE", "B_TWO", "C_THREE", *"defg"[:more]))
    files = {"config.py": CONFIG.partition("    redis_url")[0] + fields, ".env.example": "A_ONE=x\n"}
    folder = project(tmp_path, files)
    assert run("add", "MAX_ITEMS", "--kind", "backend", "--default", "5", "--root", folder).status == 0
    assert f"    {name}: int = 5\n" in state(folder)["config.py"]


SIDECAR = (
    "services:\n  sidecar:\n    build:\n      context: ./sidecar\n"
    "  frontend:\n    build:\n      context: ./apps/frontend\n"
)
# Here the service begins on the line of the other one's.
LAID_OVER = "services:\n  frontend:\n    ports: [80:80]\n    environment:\n      NEXT_PUBLIC_API_URL: /api\n"


@pytest.mark.parametrize("second", ["docker-compose.override.yml", "docker-compose.test.yml"])
def test_a_file_that_is_merged_leads_to_no_other_service(second: str, tmp_path: Path):
    files = {path: text for path, text in samples.FILES.items() if not path.startswith(".github")}
    files |= {"docker-compose.yml": SIDECAR, second: LAID_OVER, "sidecar/Dockerfile": "FROM python:3.12\n"}
    files["Makefile"] = f"test:\n\tdocker compose -f docker-compose.yml -f {second} up --build\n"
    folder = project(tmp_path, files)
    done = run("add", "NEXT_PUBLIC_FLAG", "--kind", "frontend", "--root", folder)
    assert done.status == 0, done.stderr
    after = state(folder)
    assert after["docker-compose.yml"] == SIDECAR + "      args:\n        NEXT_PUBLIC_FLAG: ${NEXT_PUBLIC_FLAG:-}\n"
    assert after[second] == LAID_OVER
    # Nor does --fix, which copies the value of the entry to the build.
    for name in ("remove", "NEXT_PUBLIC_FLAG"), ("all", "--fix", "--select", "runtime-only-public-variable"):
        run(*name, "--root", folder)
    assert "sidecar\n      args" not in state(folder)["docker-compose.yml"]
    assert "args" not in state(folder)[second]


@pytest.mark.parametrize("way", ["committed", "staged", "unknown to git"])
@pytest.mark.parametrize("build", ["build: ./apps/frontend  # the page", "build:\n      context: ./apps/frontend"])
def test_the_form_of_a_build_comes_back(build: str, way: str, tmp_path: Path):
    compose = f"services:\n  frontend:\n    {build}\n    restart: always\n"
    files = {path: text for path, text in samples.FILES.items() if not path.startswith(".github")}
    folder = project(tmp_path, {**files, "docker-compose.yml": compose})
    run("remove", "NEXT_PUBLIC_API_URL", "--root", folder)
    if way != "unknown to git":
        git(folder, "add", "-A")
    if way == "committed":
        git(folder, "commit", "-q", "-m", "x")
    before = bytes_of(folder)
    for key in ("NEXT_PUBLIC_A", "NEXT_PUBLIC_B"):
        done = run("add", key, "--kind", "frontend", "--root", folder)
        assert done.stdout.count("passed to the service `frontend`") == 1
    # As a person writes it, whatever was there before.
    text = (folder / "docker-compose.yml").read_text()
    assert text.index("context: ./apps/frontend") < text.index("args:\n") < text.index("NEXT_PUBLIC_A: ${")
    for key in ("NEXT_PUBLIC_B", "NEXT_PUBLIC_A"):
        assert run("remove", key, "--root", folder).status == 0
    # Without git nothing tells the two forms from each other.
    if way != "unknown to git" or "\n" not in build:
        assert bytes_of(folder) == before


def test_arguments_that_were_committed_leave_the_form_that_they_had(tmp_path: Path):
    folder = project(tmp_path, samples.FILES)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")
    (folder / "apps/frontend/src/api.ts").write_text("export const a = 1;\n")
    assert run("remove", "NEXT_PUBLIC_API_URL", "--root", folder).status == 0
    assert (folder / "docker-compose.yml").read_text() == (
        "services:\n  frontend:\n    build:\n      context: ./apps/frontend\n"
    )
    # The last line of a text takes its key along.
    assert "build-args" not in (folder / ".github/workflows/release.yml").read_text()


def test_no_blank_line_is_left_at_the_end(tmp_path: Path):
    folder = project(tmp_path, {**BACKEND, ".env.example": "DEBUG=false\nS3_BUCKET=x\n\n# the cache\nREDIS_URL=\n"})
    assert run("remove", "REDIS_URL", "--root", folder).status == 0
    assert (folder / ".env.example").read_text() == "DEBUG=false\nS3_BUCKET=x\n"


IMAGE = 'FROM python:3.12\nWORKDIR /app\nCOPY . app\nCMD ["uvicorn", "app.main:app"]\n'
CONFIG = 'from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    redis_url: str = ""\n'
TWO = {
    path: text
    for app in "ab"
    for path, text in {
        f"{app}/config.py": CONFIG,
        f"{app}/main.py": "from app.config import Settings\n",
        f"{app}/.env.example": "REDIS_URL=\n",
        f"{app}/Dockerfile": IMAGE,
    }.items()
} | {
    "compose.yml": (
        "services:\n  a:\n    build: ./a\n    environment:\n      REDIS_URL: ${REDIS_URL:-x}\n"
        "  b:\n    build: ./b\n    environment:\n      REDIS_URL: ${REDIS_URL:-x}\n"
    )
}


@pytest.mark.parametrize("folder", ["a", "./b/", "b/app/config.py"])
def test_only_the_services_of_an_application_get_its_setting(folder: str, tmp_path: Path):
    own, entries = folder.strip("./")[0], "".join(f"      {key}: ${{{key}:-x}}\n" for key in ("A", "B", "REDIS_URL"))
    config = CONFIG + '    a: str = "x"\n    b: str = "x"\n\n\nsettings = Settings()\n'
    compose = TWO["compose.yml"].replace("      REDIS_URL: ${REDIS_URL:-x}\n", entries)
    image = 'FROM python:3.12\nWORKDIR /srv\nCOPY app app\nCMD ["python", "-m", "app.main"]\n'
    files = {"compose.yml": compose}
    for app in "ab":
        files |= {f"{app}/app/config.py": config, f"{app}/app/main.py": "from app.config import settings\n"}
        files |= {f"{app}/Dockerfile": image, f"{app}/.env.example": "REDIS_URL=\n"}
    made = project(tmp_path, files)
    done = run("add", "LIMIT", "--kind", "backend", "--default", "5", "--app", folder, "--root", made)
    assert done.stdout.count("passed to service") == 1
    assert f"passed to service `{own}`" in done.stdout
    assert {path for path, text in state(made).items() if text != files[path]} == {
        f"{own}/app/config.py", f"{own}/.env.example", "compose.yml",
    }  # fmt: skip


@pytest.mark.parametrize("given", [True, False])
def test_a_secret_comes_to_a_service_as_the_others_do(given: bool, tmp_path: Path):  # noqa: FBT001 - a parameter of a test
    config = BACKEND["app/config.py"].replace(
        '    redis_url: str = ""', '    redis_url: str = ""\n    mail_token: str = ""'
    )
    compose = BACKEND["compose.yml"] + ("      MAIL_TOKEN:\n" if given else "")
    folder = project(tmp_path, {**BACKEND, "app/config.py": config, "compose.yml": compose})
    assert run("add", "STRIPE_TOKEN", "--kind", "secret", "--root", folder).status == 0
    assert (folder / "compose.yml").read_text() == compose + ("      STRIPE_TOKEN:\n" if given else "")


def test_one_of_several_applications_is_meant(tmp_path: Path):
    folder = project(tmp_path / "one", TWO)
    assert run("rename", "REDIS_URL", "CACHE_URL", "--app", "./a/", "--root", folder).status == 0
    after = state(folder)
    assert {path for path, text in after.items() if text != TWO[path]} == {
        "a/config.py",
        "a/.env.example",
        "compose.yml",
    }
    # The host's name stays: the other one is given it, too.
    assert after["compose.yml"] == TWO["compose.yml"].replace("      REDIS_URL:", "      CACHE_URL:", 1)
    folder = project(tmp_path / "two", TWO)
    assert run("remove", "REDIS_URL", "--app", "b", "--root", folder).status == 0
    after = state(folder)
    assert {path for path, text in after.items() if text != TWO[path]} == {
        "b/config.py",
        "b/.env.example",
        "compose.yml",
    }
    folder = project(tmp_path / "three", TWO)
    assert run("add", "NEW", "--kind", "backend", "--app", "b", "--root", folder).status == 0
    after = state(folder)
    assert {path for path, text in after.items() if text != TWO[path]} == {"b/config.py", "b/.env.example"}


BARE = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    pass\n"
TOLD = {
    "several": (TWO, (), "a/config.py, b/config.py", "`--app a` or `--app b`"),
    "none in the folder": (TWO, ("--app", "c"), "no application has its settings in c", "`--app a`"),
    "a class without fields": (
        {"app/config.py": BARE},
        (),
        "app/config.py:4: class Settings has no field",
        "first field",
    ),
    "no class": ({"a.py": "x = 1\n"}, (), "no application is found", "--kind frontend"),
    "no such class": (
        BACKEND,
        ("--class", "Other"),
        "no class of settings is called Other; there are Settings",
        "--class",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_refusal_says_what_and_what_to_do(name: str, tmp_path: Path):
    files, words, what, way = TOLD[name]
    folder = project(tmp_path, files)
    done = run("add", "NEW", "--kind", "backend", *words, "--root", folder)
    assert done.status == 2
    assert what in done.stderr
    assert way in done.stderr
    assert state(folder) == files


def test_an_application_without_an_example_gets_the_field_and_the_step(tmp_path: Path):
    files = {"app/config.py": CONFIG}
    folder = project(tmp_path, files)
    done = run("add", "MAX_ITEMS", "--kind", "backend", "--default", "2", "--root", folder)
    assert done.status == 0, done.stderr
    assert "    max_items: int = 2\n" in (folder / "app/config.py").read_text()
    assert "write `.env.example` with `MAX_ITEMS=2`" in done.stdout
    assert run("remove", "MAX_ITEMS", "--root", folder).status == 0
    assert state(folder) == files


BASE = (
    "services:\n  web:\n    build: .\n    environment:\n      DEBUG: ${DEBUG:-no}\n      S3_BUCKET: ${S3_BUCKET:-x}\n"
)
OVER = "services:\n  web:\n    environment:\n      REDIS_URL: ${REDIS_URL:-x}\n"
MERGED = {
    **{path: text for path, text in BACKEND.items() if path != "compose.yml"},
    "docker-compose.yml": BASE,
    "docker-compose.override.yml": OVER,
    "docker-compose.prod.yml": OVER,
}


def test_what_files_are_merged_with_is_given_the_entry_once(tmp_path: Path):
    folder = project(tmp_path / "add", MERGED)
    assert run("add", "MAX_ITEMS", "--kind", "backend", "--default", "20", "--root", folder).status == 0
    after = state(folder)
    assert after["docker-compose.yml"] == f"{BASE}      MAX_ITEMS: ${{MAX_ITEMS:-20}}\n"
    assert {path for path in MERGED if after[path] != MERGED[path]} == {
        "app/config.py",
        ".env.example",
        "docker-compose.yml",
    }
    assert run("remove", "MAX_ITEMS", "--root", folder).status == 0
    assert state(folder) == MERGED
    config = MERGED["app/config.py"].replace(
        '    redis_url: str = ""\n', '    redis_url: str = ""\n    region: str = "eu"\n'
    )
    files = {**MERGED, "app/config.py": config, ".env.example": f"{MERGED['.env.example']}REGION=eu\n"}
    folder = project(tmp_path / "fix", files)
    run("env-keys", "--root", folder, "--select", "unpassed-setting", "--fix")
    after = state(folder)
    assert after["docker-compose.yml"] == f"{BASE}      REGION:\n"
    assert {path for path in files if after[path] != files[path]} == {"docker-compose.yml"}


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("POLAR_RATE", "    RATE: int = 3\n"),
        ("RATE", '    RATE: int = Field(default=3, validation_alias="RATE")\n'),
    ],
)
def test_a_prefix_stands_before_fields_in_capitals_too(key: str, field: str, tmp_path: Path):
    head = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
    body = '    model_config = {"env_prefix": "polar_"}\n    DEBUG: bool = False\n    A: int = 1\n    B: int = 2\n'
    example = "POLAR_DEBUG=false\nPOLAR_A=1\nPOLAR_B=2\n"
    folder = project(tmp_path, {"app/config.py": f"{head}{body}", ".env.example": example})
    before = state(folder)
    done = add(folder, key, "--kind", "backend", "--default", "3")
    assert done.status == 0, done.stderr
    assert field in (folder / "app/config.py").read_text()
    assert "undocumented" not in run("env-keys", "--root", folder).stdout
    assert "nothing reads it" not in run("trace", key, "--root", folder).stdout
    assert run("remove", key, "--root", folder).status == 0
    assert state(folder) == before


def test_a_class_made_of_others_gets_a_field_where_its_kin_stand(tmp_path: Path):
    config = (
        'from pydantic_settings import BaseSettings\n\n\nclass S3(BaseSettings):\n    s3_url: str = ""\n\n\n'
        'class Db(BaseSettings):\n    db_url: str = ""\n\n\n'
        "class Settings(S3, Db):\n    def ready(self) -> bool:\n        return True\n"
    )
    folder = project(tmp_path, {"app/config.py": config, ".env.example": "S3_URL=\nDB_URL=\n"})
    before = state(folder)
    done = add(folder, "S3_SIZE", "--kind", "backend", "--default", "3")
    assert done.status == 0, done.stderr
    assert '    s3_url: str = ""\n    s3_size: int = 3\n' in (folder / "app/config.py").read_text()
    assert run("remove", "S3_SIZE", "--root", folder).status == 0
    assert state(folder) == before
