"""`trace` and `matrix` on small repositories: what is told, in which words, and never a secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fr_check.env_keys import programs
from running import run
from variables.notation import repository

_COMPOSE = 'C«web: {build: ., environment: {A: "${A:-1}"}}»'
AK = f'S«a: str = "x"¶secret_key: str = "dev-key-in-source"» E«A=1¶SECRET_KEY=example-of-a-key» {_COMPOSE}'


@pytest.fixture
def made(tmp_path: Path) -> Path:
    for path, text in repository(AK).items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def test_a_secret_that_never_reaches_its_service_is_told_with_the_place_where_it_is_missing(made: Path):
    done = run("trace", "SECRET_KEY", "--root", made)
    assert done.status == 0
    assert "SECRET_KEY (secret): Settings.secret_key, str, default ***" in done.stdout
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "compose.yml service `web` of compose.yml NOT SET, the default holds" in lines
    assert "absent `environment` does not name it, no env_file compose.yml:2" in lines


@pytest.mark.parametrize(
    ("annotation", "told"),
    [
        ("Annotated[str, Field(description='many words')]", "str"),
        ("t.Annotated[ dict[str, int] | None, Field(description='cut off", "dict[str, int] | None"),
        ("list[Annotated[int, 1]]", "list[Annotated[int, 1]]"),
        ("str | None", "str | None"),
    ],
)
def test_a_type_is_told_without_what_is_said_of_it(annotation: str, told: str):
    assert programs._type(annotation) == told


def test_a_passed_variable_is_followed_from_the_example(made: Path):
    steps = run("trace", "A", "--root", made, "--format", "json").json()["trace"]["processes"][0]["steps"]
    assert [step["how"] for step in steps] == ["documented", "passed"]


def test_no_format_shows_a_secret(made: Path):
    for command, forms in (("trace", ("text", "json", "markdown")), ("matrix", ("text", "json", "markdown", "html"))):
        for form in forms:
            shown = run(command, "SECRET_KEY", "--root", made, "--format", form).stdout
            assert "SECRET_KEY" in shown
            assert "dev-key-in-source" not in shown
            assert "example-of-a-key" not in shown


def test_several_names_are_a_list(made: Path):
    found = run("trace", "A", "SECRET_KEY", "--root", made, "--format", "json").json()
    assert [one["variable"] for one in found["traces"]] == ["A", "SECRET_KEY"]


@pytest.mark.parametrize("command", ["trace", "matrix"])
def test_a_name_that_nothing_mentions_is_misuse_with_the_nearest_name(command: str, made: Path):
    done = run(command, "SECRET_KEYS", "--root", made)
    assert done.status == 2
    assert "did you mean `SECRET_KEY`?" in done.stderr


def test_what_a_sourced_file_beats_is_told_as_lost_in_a_whole_document(tmp_path: Path):
    agent = 'template {¶  source = "/etc/vault/secrets.ctmpl"¶  destination = "/vault/secrets/.env"¶}'
    template = '{{ with secret "kv/data/app" }}¶S3={{ with .Data.data.S3 }}{{ . }}{{ else }}""{{ end }}{{ end }}'
    services = (
        "web:¶    build: .¶    environment:¶      S3: ${S3:-}¶    volumes: [s:/secrets]¶"
        "    entrypoint: [sh, -c, 'set -a; . /secrets/.env; exec uvicorn app.main:app']¶"
        "  agent:¶    image: hashicorp/vault¶    volumes:¶      - ./agent.hcl:/etc/vault/agent.hcl¶"
        "      - ./secrets.ctmpl:/etc/vault/secrets.ctmpl¶      - s:/vault/secrets"
    )
    line = f"S«s3: str | None = None» E«S3=b» F agent.hcl«{agent}» F secrets.ctmpl«{template}» C«{services}»"
    for path, text in repository(line).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    expected = json.loads((Path(__file__).parent / "lost.json").read_text())
    assert run("trace", "S3", "--root", tmp_path, "--format", "json").json()["trace"] == expected


def test_where_a_file_is_rendered_the_template_is_told_that_lacks_the_name(tmp_path: Path):
    agent = 'template {¶  source = "/etc/vault/secrets.ctmpl"¶  destination = "/vault/secrets/.env"¶}'
    services = (
        "web:¶    build: .¶    volumes: [s:/secrets]¶"
        "    entrypoint: [sh, -c, 'set -a; . /secrets/.env; exec uvicorn app.main:app']¶"
        "  agent:¶    image: hashicorp/vault¶    volumes:¶      - ./agent.hcl:/etc/vault/agent.hcl¶"
        "      - ./secrets.ctmpl:/etc/vault/secrets.ctmpl¶      - s:/vault/secrets"
    )
    template = '{{ with secret "kv/data/app" }}A={{ .Data.data.A }}{{ end }}'
    fields = 'a: str = "x"¶b: str = "y"'
    line = f"S«{fields}» E«A=1¶B=2» F agent.hcl«{agent}» F secrets.ctmpl«{template}» C«{services}»"
    for path, text in repository(line).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (process,) = run("trace", "B", "--root", tmp_path, "--format", "json").json()["trace"]["processes"]
    steps = [(step["how"], step["what"], step["location"]["path"]) for step in process["steps"]]
    assert ("absent", "secrets.ctmpl does not render it into what `. /secrets/.env` reads", "secrets.ctmpl") in steps
    (process,) = run("trace", "A", "--root", tmp_path, "--format", "json").json()["trace"]["processes"]
    assert "absent" not in [step["how"] for step in process["steps"]]


def test_the_matrix_has_a_row_for_each_reader_and_a_column_for_each_environment(made: Path):
    found = json.loads(run("matrix", "--root", made, "--format", "json").stdout)["matrix"]
    assert [one["name"] for one in found["environments"]] == ["compose.yml"]
    assert [(row["variable"], row["reader"]) for row in found["rows"]] == [
        ("A", "Settings"),
        ("SECRET_KEY", "Settings"),
    ]
    assert [row["cells"][0]["outcome"] for row in found["rows"]] == ["example", "default"]


def test_pages_of_the_matrix_say_what_their_words_mean(made: Path):
    for form in ("markdown", "html"):
        shown = run("matrix", "SECRET_KEY", "--root", made, "--format", form).stdout
        assert "nothing sets it: the default in the code holds" in shown
        assert "from the store of secrets" not in shown


def test_an_environment_may_be_configured(made: Path):
    (made / ".fr-check.toml").write_text('[[variables.environments]]\nname = "live"\ncompose = ["compose.yml"]\n')
    found = json.loads(run("matrix", "--root", made, "--format", "json").stdout)["matrix"]
    assert [one["name"] for one in found["environments"]] == ["live"]


def test_outside_of_a_terminal_lines_stay_whole(made: Path):
    assert "…" not in run("trace", "SECRET_KEY", "--root", made).stdout


def test_what_only_compose_reads_is_told_with_the_texts_it_is_put_into(tmp_path: Path):
    (tmp_path / ".env.example").write_text("DB_PASSWORD=\n")
    (tmp_path / "compose.yml").write_text(
        "services:\n  db:\n    image: postgres\n    command: [a, --pass=$DB_PASSWORD]  # not ${DB_PASSWORD} here\n"
        "    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?set}\n      B: $${DB_PASSWORD} ${DB_PASSWORDS:-1}\n"
    )
    done = run("trace", "DB_PASSWORD", "--root", tmp_path)
    rows = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert rows == [
        "DB_PASSWORD: no program reads it, Compose fills it in .env.example:1",
        "filled into a text of the project compose.yml:4",
        "filled into `POSTGRES_PASSWORD` of service `db` compose.yml:6",
    ]
    fills = run("trace", "DB_PASSWORD", "--root", tmp_path, "--format", "json").json()["trace"]["fills"]
    assert [step["location"]["line"] for step in fills] == [4, 6]
    table = run("matrix", "DB_PASSWORD", "--root", tmp_path)
    assert (table.status, "`fr-check trace DB_PASSWORD`" in table.stderr) == (0, True)


def test_what_stands_beside_a_reference_is_no_less_a_secret(tmp_path: Path):
    line = (
        'S«secret_key: str = "dev"¶database_url: str = "x"» E«H=1» C«web: {build: ., environment: '
        '{SECRET_KEY: "Zq7LIT${X}tail", DATABASE_URL: "postgres://u:Zq7LIT@${H:-db}/x"}}»'
    )
    for path, text in repository(line).items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for form in ("text", "json", "markdown"):
        shown = run("trace", "SECRET_KEY", "DATABASE_URL", "--root", tmp_path, "--format", form).stdout
        assert "${X}" in shown
        assert "${H" in shown
        assert "Zq7LIT" not in shown + run("matrix", "SECRET_KEY", "DATABASE_URL", "--root", tmp_path).stdout
        assert "tail" not in shown


def test_a_file_that_everybody_has_reaches_the_steps_that_run_in_its_folder(tmp_path: Path):
    step = "      - run: pytest¶        working-directory: app"
    line = (
        'S«a: str = "x"¶secret_key: str = "dev"|env_file="../.env"» F .env«A=here¶SECRET_KEY=one-that-is-known»'
        f" F app/pyproject.toml«» F .github/workflows/ci.yml«on: push¶jobs:¶  t:¶    runs-on: x¶    steps:¶{step}»"
    )
    for path, text in repository(line).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = run("trace", "A", "SECRET_KEY", "--root", tmp_path, "--format", "json").json()["traces"]
    told = [one["processes"][0] for one in found]
    assert [(one["outcome"], one["value"], one["certain"]) for one in told] == [
        ("value", "here", True), ("value", None, True),
    ]  # fmt: skip
    assert [step["location"]["path"] for one in told for step in one["steps"]] == [".env", ".env"]


def test_what_an_unseen_file_may_change_is_told_beside_what_is_passed(tmp_path: Path):
    line = 'S«a: str = "x"» E«A=1» C«web: {build: ., env_file: [prod.env], environment: {A: "${A:-1}"}}»'
    late = 'M«from dotenv import load_dotenv¶load_dotenv("late.env", override=True)» F .dockerignore«.git»'
    for path, text in repository(f"{line} {late} D«COPY . .»").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    rows = [" ".join(row.split()) for row in run("trace", "A", "--root", tmp_path).stdout.splitlines()]
    assert not [row for row in rows if "does not name it" in row]
    assert [row for row in rows if row.startswith("not known")]


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_a_page_has_instead_of_a_secret_is_masked(form: str, tmp_path):
    (tmp_path / "package.json").write_text('{"dependencies": {"next": "15"}, "scripts": {"build": "next build"}}')
    (tmp_path / "page.tsx").write_text(
        "export const a = process.env.NEXT_PUBLIC_API_TOKEN || 'correct-horse';\n"
        'export const b = process.env.NEXT_PUBLIC_API_SECRET ?? "correct-horse";\n'
        'export const c = process.env.NEXT_PUBLIC_NAME || "shown";\n'
    )
    for name, told in {"API_TOKEN": "***", "API_SECRET": "***", "NAME": "shown"}.items():
        done = run("trace", f"NEXT_PUBLIC_{name}", "--root", tmp_path, "--format", form)
        assert f'"{told}"' in done.stdout
        assert "correct-horse" not in done.stdout + done.stderr


def test_each_place_is_told_once_where_an_entry_beats_the_env_file_that_fills_it(tmp_path: Path):
    case = 'S«a: str = "x"» E«A=1» C«web: {build: ., env_file: [.env], environment: {A: "${A:-2}"}}»'
    for path, text in repository(case).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    lines = run("trace", "A", "--root", tmp_path).stdout.splitlines()
    assert sum(line.endswith(" .env.example:1") for line in lines) == 1
    lost = next(line for line in lines if "LOST, `environment` wins" in line)
    assert lost.split()[-1].startswith("compose.yml:")


def test_a_step_without_a_name_is_told_by_its_number_and_is_not_quoted(tmp_path: Path):
    steps = "    - uses: actions/checkout@v4\n    - run: pytest\n"
    files = repository('S«a: str = "x"»')
    files[".github/workflows/ci.yml"] = f"on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
    files["tests/test_a.py"] = "from app.config import settings\n"
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    processes = run("trace", "A", "--root", tmp_path, "--format", "json").json()["trace"]["processes"]
    assert [one["what"] for one in processes if one["kind"] == "step"] == ["step 2"]
