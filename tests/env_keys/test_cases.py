"""Small repositories and what must be said about them, case by case."""

# ruff: noqa: E501 - a table of small sources reads best with one row a line

from __future__ import annotations

import pytest

from env_world import CONFIG, EXAMPLE, HEAD, TEMPLATE, everything, findings, infos, load, settings, world
from fr_check.core.model import Severity
from fr_check.core.repository import Memory
from fr_check.policy.env_keys import App

A = "a: str = 'd'"
TWO = settings("database_url: str = 'd'", "redis_url: str = 'r'")
GLUED = (
    '{{- with secret "secret/data/p" -}}\n{{- $p := .Data.data.P -}}\nDATABASE_URL="d"\n{{- end }}\n'
    '{{- with secret "secret/data/r" -}}\nREDIS_URL="r"\n{{- end }}\n'
)
FIXED = (
    '{{- with secret "secret/data/p" -}}\n{{- $p := .Data.data.P }}\nDATABASE_URL="d"\n{{ end -}}\n'
    '{{- with secret "secret/data/r" }}\nREDIS_URL="r"\n{{ end -}}\n'
)
TWO_KEYS = "DATABASE_URL=d\nREDIS_URL=r\n"


def secret(*lines: str) -> str:
    return '{{ with secret "secret/data/app" }}\n' + "".join(f"{line}\n" for line in lines) + "{{ end }}\n"


def keyed(key: str, fallback: str) -> str:
    return f'{key}={{{{ with .Data.data.{key} }}}}{{{{ printf "%q" . }}}}{{{{ else }}}}"{fallback}"{{{{ end }}}}'


def rendered(template: str) -> dict[str, bool]:
    """Key -> whether it is always rendered."""
    app = load(world(settings(A), "A=d\n", template)).apps[0]
    return {key: found.key.always for key, found in app.rendered.items()}


def test_01_glued_keys_are_not_rendered_and_the_trim_marker_is_named() -> None:
    files = world(TWO, TWO_KEYS, GLUED)
    assert findings(files) == {("glued-key", "REDIS_URL")}
    glued = next(f for f in everything(load(files)) if f.rule == "glued-key")
    assert glued.location.span.line == 6
    assert {note.location.span.line for note in glued.notes} & {4, 5}


def test_02_the_mended_template_is_clean() -> None:
    assert findings(world(TWO, TWO_KEYS, FIXED)) == set()
    assert rendered(FIXED).keys() == {"DATABASE_URL", "REDIS_URL"}


@pytest.mark.parametrize(
    ("template", "keys"),
    [
        ("{{/*\nDATABASE_URL=x\n*/ -}}\nA=1\n", {"A": True}),
        (secret("{{- $p := .Data.data.POSTGRES_PASSWORD }}"), {}),
        ('A="{{ with secret "p" }}{{ .Data.data.X }}{{ end }}"\n', {"A": True}),
        ('{{ with secret "p" }}{{ if .Data.data.b }}\nK=1\n{{ end }}{{ end }}', {"K": False}),
        ('{{ with secret "p" }}{{ if .Data.x }}K=1{{ end }}{{ end }}', {"K": False}),
        ('export K=1\n  L=2\n{{ "" }}', {"K": True, "L": True}),
    ],
    ids=["03 comment", "04 variable", "05 inner quotes", "06 conditional", "07 one line", "08 export and indent"],
)
def test_rendered_keys(template: str, keys: dict[str, bool]) -> None:
    assert rendered(template) == keys


def test_04_a_field_that_is_only_read_into_a_variable_is_known() -> None:
    template = load(world(settings(A), "A=d\n", secret("{{- $p := .Data.data.POSTGRES_PASSWORD }}"))).templates[0]
    assert [read.field for read in template.content.secrets] == ["POSTGRES_PASSWORD"]


def test_06_a_required_field_that_is_rendered_conditionally() -> None:
    template = secret("{{ if .Data.data.b }}", "K=1", "{{ end }}")
    found = findings(world(settings("k: str"), "K=1\n", template))
    assert {("required-but-unrendered", "K"), ("setting-without-default", "K")} <= found


def test_08_blanks_around_the_sign_set_nothing() -> None:
    found = {subject for _, subject in findings(world(settings("k: str = 'd'"), "K=d\n", "K = v\n"))}
    assert "K" in found


def test_09_an_open_key_set_withholds_what_is_not_rendered() -> None:
    files = world(
        settings("k: str"), "# [VAULT]\nK=1\n", secret("{{ range $k, $v := .Data.data }}{{ $k }}={{ $v }}\n{{ end }}")
    )
    rules = {rule for rule, _ in findings(files)}
    assert not rules & {"unrendered-secret", "required-but-unrendered", "unconsumed-secret"}
    (opened,) = [found for found in everything(load(files)) if found.rule == "open-key-set"]
    assert (opened.subject, opened.severity) == ("*", Severity.INFO)
    assert opened.location.span is not None
    assert opened.location.span.line == 2


def test_10_a_template_that_does_not_parse_is_one_error_and_no_cascade() -> None:
    files = world(TWO, "# [VAULT]\nDATABASE_URL=d\nREDIS_URL=r\n", '{{ with secret "p" }}\nDATABASE_URL="x"\n')
    assert {rule for rule, _ in findings(files)} == {"broken-template"}


def test_11_what_is_missing_is_unknown_and_never_green() -> None:
    marked = world(TWO, "# [VAULT]\nDATABASE_URL=d\nREDIS_URL=r\n")
    assert [unknown.reason for unknown in load(marked).unknowns] == ["missing-template"]
    assert everything(load(marked)) == []
    assert [unknown.reason for unknown in load(world(TWO, "")).unknowns] == ["empty-example"]
    alone = load({CONFIG: TWO})
    assert (alone.unknowns, everything(alone)) == ((), [])
    assert "`DATABASE_URL=" in alone.skipped[0].reason
    assert " to .env.example" in alone.skipped[0].reason


def test_11_an_absent_project_is_skipped_and_one_elsewhere_is_recognised() -> None:
    facts = load({"README.md": "x"})
    assert (facts.unknowns, len(facts.skipped), facts.apps) == ((), 1, ())
    elsewhere = load({"src/settings.py": TWO, EXAMPLE: TWO_KEYS})
    assert (elsewhere.unknowns, elsewhere.skipped) == ((), ())
    assert [(found.kind, found.path) for found in elsewhere.recognised] == [
        ("settings", "src/settings.py"),
        ("example", EXAMPLE),
    ]


def test_11_a_configured_file_without_a_field_is_unknown_and_the_right_one_is_named() -> None:
    base = HEAD + "class Base(BaseSettings):\n    pass\n"
    files = {"a/base.py": base, "a/conf.py": TWO, EXAMPLE: TWO_KEYS}
    facts = load(files, None, App(settings=("a/base.py",)))
    assert [unknown.reason for unknown in facts.unknowns] == ["no-settings-class"]
    assert 'settings = ["a/conf.py"]' in facts.unknowns[0].help


def test_11_a_configured_path_that_is_missing_is_unknown() -> None:
    app = App(settings=("src/settings.py",), example=("env.example",), templates=("t.ctmpl",))
    facts = load({"src/settings.py": TWO, "README": ""}, None, app)
    assert {unknown.reason for unknown in facts.unknowns} == {"missing-example", "missing-template"}
    facts = load({"README": ""}, None, app)
    assert "missing-settings" in {unknown.reason for unknown in facts.unknowns}


CHOICES = settings("environment: str = Field('d', validation_alias=AliasChoices('ENVIRONMENT', 'ENV'))")


def test_12_a_second_name_documents_and_consumes() -> None:
    assert findings(world(CHOICES, "ENVIRONMENT=d\nENV=d\n", secret(keyed("ENV", "d")))) == set()
    assert ("undocumented-setting", "ENVIRONMENT") in infos(world(CHOICES, "ENV=d\n"))
    assert findings(world(CHOICES, "ENV=d\n")) == set()


UNKNOWN = "unknown-example-key"
NAMES = [
    ("13 multi-line Field", settings("a: str | None = Field(\n        default=None,\n        validation_alias='X',\n    )"), "X=", set()),
    ("14 alias, not the field", settings("o_str: str = Field('', alias='CORS')"), "CORS=\nO_STR=", {(UNKNOWN, "O_STR")}),
    ("15 alias without prefix", settings("a: str = Field('', alias='K')", config="env_prefix='APP_'"), "K=\nAPP_K=", {(UNKNOWN, "APP_K")}),
    ("15 either name", settings("f: str = Field('', alias='K')", config="env_prefix='APP_', populate_by_name=True"), "APP_F=", set()),
    ("17 class keywords", HEAD + "class S(BaseSettings, env_prefix='X_'):\n    model_config = {'env_prefix': 'M_'}\n    a: str = ''\n", "X_A=\nM_A=", {(UNKNOWN, "M_A")}),
    ("17 class Config", HEAD + "class S(BaseSettings):\n    a: str = ''\n    class Config:\n        env_prefix = 'X_'\n", "X_A=", set()),
    ("18 env=", settings("a: str = Field('', env='OTHER')"), "A=\nOTHER=", {("ignored-env-argument", "A"), (UNKNOWN, "OTHER")}),
    ("19 no fields", settings("d: str = Field('', alias='ENV')", "X: ClassVar[str] = ''", "_y: int = 1", "@property", "def environment(self) -> str: return self.d"), "ENV=", set()),
    ("20 docstrings and locals", settings("'''Required:", "    database_url: the url'''", "a: str = ''", "def f(self): pairs: dict[str, str] = {}"), "A=", set()),
    ("21 required", settings("x: int | None"), "X=", {("setting-without-default", "X"), ("invalid-example-value", "X")}),
    ("21 described", settings("x: str = Field(description='x')"), "X=", {("setting-without-default", "X")}),
    ("21 factory", settings("x: list[str] = Field(default_factory=list)"), "X=[]", set()),
    ("21 default in Annotated", settings("x: Annotated[str, Field(default='d')]"), "X=d", set()),
    ("21 no type", settings("a: str = ''", "x = 'd'"), "A=", {("untyped-setting", "x")}),
    ("22 conditional", settings("a: str = ''", "if sys.platform == 'linux':", "    b: str = ''"), "A=", set()),
    ("23 constants", "P = 'AP'\n" + settings("a: str = Field('', alias=P + 'P')", "b: str = Field('', alias=f'{P}Q')"), "APP=\nAPQ=", set()),
    ("23 run time", settings("a: str = Field('', alias=make())"), "A=", {("unresolvable-alias", "a")}),
    ("26 any case", settings("database_url: str = ''"), "database_url=", set()),
    ("26 exact case", settings("red: str = ''", config="case_sensitive=True"), "RED=", {("undocumented-setting", "red"), (UNKNOWN, "RED")}),
    ("27 multi-line value", settings("a: str = ''"), "A='x\nFAKE=1\n'", set()),
    ("27 form feed", settings("a: str = ''"), "A=x\x0cFAKE=1\u2028OTHER=2", set()),
    ("28 commented", settings("a: str = ''", "b: str = ''"), "# A=\nB=", {("undocumented-setting", "A")}),
    ("28 without sign", settings("a: str = ''"), "A", {("undocumented-setting", "A")}),
    ("29 duplicates", settings("env: str = ''"), "ENV=\nENV=", {("duplicate-key", "ENV")}),
    ("29 BOM and CRLF", settings("a: str = ''", "b: str = ''"), "\ufeffA=\r\nB=\r\n", set()),
    ("30 lost key", settings("a: str = ''", "b: str = ''"), 'A="x"y\nB=', {("undocumented-setting", "A"), ("unparsable-example", "A")}),
    ("31 Python string", settings("r: str = ''"), 'R=r"a\\.b"', {("invalid-example-value", "R")}),
    ("31 empty integer", settings("s: int = 3"), "S=", {("invalid-example-value", "S")}),
    ("31 ignored empty", settings("s: int = 3", config="env_ignore_empty=True"), "S=", set()),
    ("31 list", settings("m: list[str] = []"), "M=a,b", {("invalid-example-value", "M")}),
    ("31 undecoded list", settings("m: Annotated[list[str], NoDecode] = []"), "M=a,b", set()),
    ("31 text", settings("m: str | None = None"), "M=a,b", set()),
    ("31 prepared", settings("s: int | None = None", "@field_validator('s', mode='before')", "def f(cls, v): return v or None"), "S=", set()),
    ("31 literal", settings("s: Literal['a', 'b'] = 'a'"), "S=c", {("invalid-example-value", "S")}),
    ("33 the same as a text", settings("s: Decimal = Decimal('1.50')"), "S=1.50", set()),
    ("33 the same as a number", settings("s: int = '80'"), "S=080", set()),
    ("33 another number", settings("s: Decimal = Decimal('1.50')"), "S=1.51", {("default-drift", "S")}),
    ("33 drift", settings("s: int = 300"), "S=900", {("default-drift", "S")}),
    ("33 typed", settings("s: float = 360.0", "b: bool = True", "l: list[str] = ['x']"), 'S=360\nB=true\nL=["x"]', set()),
    ("33 tunable", settings("u: str = 'http://127.0.0.1:9'", "debug: bool = False", "p: str = 'x'"), "U=http://localhost:9\nDEBUG=true\nP=<YOUR_P>", set()),
    ("36 known elsewhere", settings("a: str = ''"), "A=\nTZ=UTC\nOTEL_TRACES_SAMPLER=x", set()),
    ("41 placeholders", settings("secret_key: str = ''", "s3_secret_key: str = ''", "k_token: str = ''"), "SECRET_KEY=generate_a_secure_token_for_production_here\nS3_SECRET_KEY=<YOUR_S3_SECRET_KEY>\nK_TOKEN=minio", set()),
    ("41 real", settings("secret_key: str = ''"), "SECRET_KEY=9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c", {("leaked-secret", "SECRET_KEY")}),
    ("41 issued", settings("thing: str = ''"), "THING=AKIA" + "Q7Z2M4X8K1P5W9R3", {("leaked-secret", "THING")}),
    ("41 database", settings("database_url: str = ''"), "DATABASE_URL=postgresql://u:postgres@localhost/db", set()),
]  # fmt: skip


@pytest.mark.parametrize(("config", "example", "expected"), [row[1:] for row in NAMES], ids=[row[0] for row in NAMES])
def test_names_and_values(config: str, example: str, expected: set[tuple[str, str]]) -> None:
    assert findings(world(config, example + "\n")) == expected


def test_16_bases_in_other_modules_and_the_last_prefix() -> None:
    config = "from src.base import Base as B\nfrom .other import Other\n\n\nclass S(B, Other):\n    own: str = ''\n"
    base = HEAD + "class Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='B_')\n    x: str = ''\n"
    other = (
        HEAD + "class Other(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='O_')\n    y: str = ''\n"
    )
    files = world(
        config, "O_X=\nO_Y=\nO_OWN=\n", apps__backend__src__base_dot_py=base, apps__backend__src__other_dot_py=other
    )
    assert findings(files) == set()
    assert findings(files | {EXAMPLE: "O_X=\nO_OWN=\n"}) == {("undocumented-setting", "O_Y")}


def test_16_a_base_from_outside_is_unknown_and_judges_nothing() -> None:
    config = "from company.settings import CommonSettings\n\n\nclass S(CommonSettings):\n    own: str = ''\n"
    facts = load(world(config, "OTHER=\n", secret(keyed("ELSE", "x"))))
    assert [unknown.reason for unknown in facts.unknowns] == ["unresolvable-base"]
    assert everything(facts) == []


NESTED = HEAD + (
    "class DB(BaseModel):\n    url: str = ''\n    pool_size: int = Field(1, alias='PS')\n\n\n"
    "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_', env_nested_delimiter='__')\n"
    "    db: DB = DB()\n    d: dict[str, str] = {}\n"
)


def test_24_nested_models_and_open_key_sets() -> None:
    assert findings(world(NESTED, "APP_DB__URL=\nAPP_DB__PS=1\nAPP_D__ANY=1\n")) == set()
    assert findings(world(NESTED, "APP_DB={}\nAPP_D__ANY=1\n")) == set()
    assert findings(world(NESTED, "APP_DB={}\nAPP_DB__POOL_SIZE=1\nAPP_D={}\n")) == {(UNKNOWN, "APP_DB__POOL_SIZE")}
    assert findings(world(NESTED, "APP_DB__URL=\nAPP_D={}\n")) == {("undocumented-setting", "APP_DB__PS")}


@pytest.mark.parametrize(
    ("config", "example", "subjects"),
    [
        (NESTED, "APP_DB={}\nAPP_D__ANY=1\n", ["APP_D__*"]),
        (settings("d: dict[str, str] = {}"), "D={}\n", []),
        (settings("a: str = ''", config="extra='allow'"), "A=\nB=\n", ["Settings"]),
    ],
)
def test_24_56_an_open_key_set_is_said_once(config: str, example: str, subjects: list[str]) -> None:
    found = everything(load(world(config, example)))
    assert [f.subject for f in found if f.rule == "open-key-set"] == subjects
    assert not [f for f in found if f.rule == UNKNOWN]


def test_25_a_delimiter_that_splits_the_fields_own_name() -> None:
    config = (
        HEAD
        + "class DB(BaseModel):\n    host_name: str = ''\n\n\n"
        + (
            "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='_')\n    db: DB = DB()\n"
        )
    )
    files = world(config, "DB={}\nDB_HOST_NAME=x\n")
    assert findings(files) == {(UNKNOWN, "DB_HOST_NAME")}
    assert any("splits" in note.message for finding in everything(load(files)) for note in finding.notes)
    limited = config.replace("env_nested_delimiter='_'", "env_nested_delimiter='_', env_nested_max_split=1")
    assert findings(world(limited, "DB_HOST_NAME=x\n")) == set()


def test_28_29_hints_about_comments_and_encodings() -> None:
    assert ("commented-key", "A") in infos(world(settings(A), "# A=d\nTZ=UTC\n"))
    assert ("unportable-line", EXAMPLE) in infos(world(settings(A), "\ufeffA=d\r\n"))
    duplicate = next(f for f in everything(load(world(settings(A), "A=d\nA=d\n"))) if f.rule == "duplicate-key")
    assert "lines 1 and 2" in duplicate.message
    assert (duplicate.location.span.line, duplicate.notes[0].location.span.line) == (2, 1)


def test_32_an_empty_fallback_beats_the_default_or_crashes() -> None:
    config = settings("n: int = 3", "s: str = 'x'", "o: str | None = None", "secret_key: str = 'd'")
    template = secret(*(keyed(key, "") for key in ("N", "S", "O", "SECRET_KEY")))
    files = world(config, "N=3\nS=x\nO=\nSECRET_KEY=\n", template)
    found = {f.subject: f.severity for f in everything(load(files)) if f.rule == "empty-fallback"}
    assert found == {"N": Severity.ERROR, "S": Severity.WARNING, "SECRET_KEY": Severity.WARNING}


def test_33_drift_shows_every_place() -> None:
    compose = "services:\n  a:\n    build: apps/backend\n    environment:\n      S: ${S:-60}\n      # S: ${S:-61}\n"
    compose += "  b:\n    image: other # ${S:-62}\n    environment:\n      S: ${S:-63}\n"
    files = world(settings("s: int = 300"), "S=900\n", secret(keyed("S", "901")), **{"docker-compose_dot_yml": compose})
    image = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["uvicorn", "src.config:app"]\n'
    files["apps/backend/Dockerfile"] = image
    drift = next(f for f in everything(load(files)) if f.rule == "default-drift")
    assert drift.location.path == CONFIG
    places = [(note.location.path, note.location.span.line) for note in drift.notes]
    assert places == [(EXAMPLE, 1), (TEMPLATE, 2), ("docker-compose.yml", 5)]


def test_33_values_of_secrets_are_neither_compared_nor_shown() -> None:
    files = world(
        settings("api_key: str = 'one'", "url: str = 'x://u:hunter2@h/a'"), "API_KEY=two\nURL=x://u:hunter3@h/b\n"
    )
    found = everything(load(files))
    assert {f.subject for f in found if f.rule == "default-drift"} == {"URL"}
    assert "hunter" not in repr(found)


MARKS = "# [VAULT] Managed\nA=d\n# [VAULT] All S3_* variables\nS3_X=\nS3_Y=\n# [VAULT] CORS_ORIGINS and SECRET_KEY managed\n"
MARKED = MARKS + "CORS_ORIGINS=\nSECRET_KEY=\n"


def test_34_marked_keys_that_are_not_rendered() -> None:
    config = settings(A, "s3_x: str = ''", "s3_y: str = ''", "cors_origins: str = ''", "secret_key: str = ''")
    files = world(
        config, "# Note: keys marked with [VAULT] are secret\n\n" + MARKED, secret(keyed("A", "d"), keyed("S3_X", "x"))
    )
    assert findings(files) == {("unrendered-secret", key) for key in ("S3_Y", "CORS_ORIGINS", "SECRET_KEY")}


def test_34_marks_on_the_field_and_in_the_configuration() -> None:
    config = settings("a: str = Field('d', json_schema_extra={'vault': True})", "b: str = 'd'")
    files = world(
        config, "A=d\nB=d\n", secret(keyed("C", "d")), apps__backend__src__c_dot_py="import os\nos.environ['C']\n"
    )
    policy = App(secrets=("B*",))
    found = {(f.rule, f.subject) for f in everything(load(files, None, policy)) if f.rule == "unrendered-secret"}
    assert found == {("unrendered-secret", "A"), ("unrendered-secret", "B")}


def test_34_a_pointer_that_moved_back_lost_keys() -> None:
    config = settings(A, "b: str = 'd'")
    now = Memory(world(config, "A=d\nB=d\n", secret(keyed("A", "d"))), {"repo": "1" * 40})
    then = Memory(
        world(config, "A=d\nB=d\n", secret(keyed("A", "d"), keyed("B", "d"), keyed("GONE", "d"))), {"repo": "2" * 40}
    )
    lost = [f for f in everything(load(now, then)) if f.rule == "lost-secrets"]
    assert [(f.subject, f.severity) for f in lost] == [("repo", Severity.ERROR)]
    assert "22222222 to 11111111" in lost[0].message
    assert "`B`" in lost[0].message
    assert "GONE" not in lost[0].message
    assert not [f for f in everything(load(then, now)) if f.rule == "lost-secrets"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("apps__frontend__src__api_dot_ts", "const u = process.env.KEY;"),
        ("apps__frontend__src__api_dot_tsx", "const u = process.env['KEY'];"),
        ("apps__frontend__src__api_dot_js", "const u = import.meta.env.KEY;"),
        ("apps__frontend__src__api_dot_mjs", "const { KEY } = process.env;"),
        ("docker-compose_dot_yml", "services:\n  a:\n    image: x:${KEY:-latest}\n"),
        ("docker-compose_dot_yaml", "services:\n  a:\n    environment:\n      - KEY\n"),
        ("_dot_github__workflows__ci_dot_yml", "env:\n  KEY: ${{ secrets.KEY }}\n"),
        ("scripts__deploy_dot_sh", 'echo "${KEY:?}"\n'),
        ("Makefile", "run:\n\t./x $(KEY)\n"),
        ("moon_dot_yml", "tasks:\n  dev:\n    command: 'x $KEY'\n"),
        ("Dockerfile", "ARG KEY\n"),
        ("scripts__tool_dot_py", "import os\nos.environ['KEY']\n"),
    ],
)
def test_35_who_consumes_a_documented_key(path: str, text: str) -> None:
    assert findings(world(settings(A), "A=d\nKEY=1\n", **{path: text})) == set()
    assert findings(world(settings(A), "A=d\nKEY=1\n", **{path: text.replace("KEY", "KEYS")})) == {(UNKNOWN, "KEY")}


@pytest.mark.parametrize(
    ("key", "kind", "expected"),
    [
        ("NEXT_PUBLIC_SIGNING_SECRET", "str", True),
        ("NEXT_PUBLIC_MAPS_API_KEY", "SecretStr", True),
        ("NEXT_PUBLIC_MAPS_API_KEY", "str", False),
        ("SIGNING_SECRET", "SecretStr", False),
    ],
)
def test_35_secrets_that_are_shipped_to_the_browser(key: str, kind: str, expected: bool) -> None:  # noqa: FBT001
    files = world(settings(f"{key.lower()}: {kind} = ''"), f"{key}=\n", secret(f'{key}="{{{{ .Data.data.X }}}}"'))
    assert findings(files) == ({("public-secret", key)} if expected else set())


def test_35_the_nearest_name_is_suggested() -> None:
    found = everything(load(world(settings("redis_url: str = 'r'"), "REDIS_URL=r\nREDIS_UR=r\n")))
    assert [f.help for f in found if f.rule == UNKNOWN] == ["did you mean `REDIS_URL`? rename it, or remove the line"]


def test_36_reads_outside_the_settings() -> None:
    code = "import os\nos.getenv('TRUST_PROXY')\nos.environ['A']\nos.environ['HOME']\n\n\ndef f(name):\n    os.getenv(name)\n"
    files = world(settings(A), "A=d\n", apps__backend__src__auth_dot_py=code, apps__backend__src__tests__t_dot_py=code)
    assert findings(files) == {("read-outside-settings", "TRUST_PROXY")}
    assert load(files).counts["dynamic-reads"] == 1
    assert ("read-outside-settings", "apps/backend/src/auth.py") in infos(files)
    assert findings(files | {EXAMPLE: "A=d\nTRUST_PROXY=\n"}) == set()


@pytest.mark.parametrize(
    ("code", "taken"),
    [
        ("import os\ndef f(x): return os.getenv(f'DB_{x}_URL')\n", "DB_MAIN_URL"),
        ("import click\n@click.group(context_settings={'auto_envvar_prefix': 'TOOL'})\ndef f(): pass\n", "TOOL_PORT"),
    ],
)
@pytest.mark.parametrize("path", ["apps__backend__src__other_dot_py", "tools__cli_dot_py"])
def test_36_keys_that_are_half_known_take_what_matches(code: str, taken: str, path: str) -> None:
    files = world(settings(A), f"A=d\n{taken}=\nNOBODYS=\n", **{path: code})
    if taken.startswith("TOOL") or path.startswith("apps"):
        assert findings(files) == {(UNKNOWN, "NOBODYS")}
    else:
        assert (UNKNOWN, "NOBODYS") in findings(files)


@pytest.mark.parametrize(
    ("path", "field", "expected"),
    [
        ("secret/data/app", ".Data.K", True),
        ("kv1/app", ".Data.data.K", True),
        ("secret/data/app", ".Data.data.K", False),
    ],
)
def test_37_the_accessor_must_match_the_engine(path: str, field: str, expected: bool) -> None:  # noqa: FBT001
    template = f'{{{{ with secret "{path}" }}}}\nA="{{{{ {field} }}}}"\n{{{{ end }}}}\n'
    rules = {f.rule for f in everything(load(world(settings(A), "A=d\n", template)))}
    assert ("mismatched-secret-path" in rules) == expected


def test_38_39_values_that_sh_reads_otherwise() -> None:
    template = secret('A="{{ .Data.data.A }}"', 'B_KEY={{ with .Data.data.B }}{{ printf "%q" . }}{{ end }}')
    found = infos(world(settings(A, "b_key: str = ''"), "A=d\nB_KEY=\n", template))
    assert ("unguarded-secret", "A") in found
    assert ("unquoted-expansion", "B_KEY") in found


def test_40_a_key_rendered_twice() -> None:
    assert findings(world(settings(A), "A=d\n", secret("A=d", "A=d"))) == {("duplicate-key", "A")}


def test_40_a_key_that_the_rendered_file_overrides_in_compose() -> None:
    compose = "services:\n  a:\n    entrypoint: sh -c 'set -a; . /secrets/.env; exec x'\n    environment:\n      A: ${A:-d}\n      # B: x\n    labels:\n      B: x\n  b:\n    environment:\n      - B=x\n"
    folder = TEMPLATE.rpartition("/")[0]
    files = world(settings(A, "b: str = 'd'"), "A=d\nB=d\n", secret(keyed("A", "d"), keyed("B", "d")))
    found = [
        f for f in everything(load(files | {f"{folder}/compose.yaml": compose})) if f.rule == "overridden-environment"
    ]
    assert [(f.subject, f.severity, f.location.span.line) for f in found] == [("A", Severity.INFO, 5)]
    unread = files | {f"{folder}/compose.yaml": compose.replace(". /secrets/.env; ", "")}
    assert not [f for f in everything(load(unread)) if f.rule == "overridden-environment"]


def test_a_key_that_nothing_reads_is_an_error_with_the_nearest_name() -> None:
    files = world(settings("redis_url: str = ''"), "REDIS_URL=\n", secret('REDIS_UR="x"'))
    found = [f for f in everything(load(files)) if f.rule == "unconsumed-secret"]
    assert [(f.subject, f.location.path, f.location.span.line) for f in found] == [("REDIS_UR", TEMPLATE, 2)]
    assert found[0].help.startswith("rename it to `REDIS_URL`")


@pytest.mark.parametrize(
    ("path", "text", "subjects"),
    [
        pytest.param(
            "compose.yml", 'services:\n  c:\n    image: redis\n    environment:\n      B: "7"\n', ["B"], id="map"
        ),
        pytest.param(
            "compose.yml", "services:\n  c:\n    image: redis\n    environment:\n    - B=7\n", ["B"], id="list"
        ),
        pytest.param("compose.yml", "services: {c: {image: redis, environment: {B: '7'}}}\n", ["B"], id="flow"),
        pytest.param("compose.yml", "services:\n  c:\n    build:\n      args:\n        'B': x\n", ["B"], id="argument"),
        pytest.param("k8s/values.yaml", "env:\n  B: x\n", ["B"], id="other-yaml"),
        pytest.param("Dockerfile", "FROM a\nARG B\nRUN make\n", ["B"], id="bare-arg"),
        pytest.param("Dockerfile", "FROM a\nARG B=1\nRUN make\n", ["B"], id="arg-with-default"),
        pytest.param("compose.yml", "services:\n  c:\n    image: redis\n    environment:\n      B:\n", [], id="bare"),
        pytest.param(
            "compose.yml",
            "services:\n  c:\n    image: redis\n    environment:\n      B: # ours\n      A: 1\n",
            [],
            id="bare-with-a-comment",
        ),
        pytest.param("compose.yml", "services:\n  c:\n    image: redis\n    environment:\n    - B\n", [], id="item"),
        pytest.param(
            "compose.yml", "services:\n  c:\n    image: redis\n    environment:\n      Z: ${B}\n", [], id="filled"
        ),
        pytest.param("Dockerfile", "FROM a\nARG B\nRUN make\nCMD run --key $B\n", [], id="arg-and-command"),
        pytest.param("start.sh", "run --key $B\n", [], id="script"),
    ],
)
def test_who_is_given_another_value_of_a_secret_does_not_read_it(path: str, text: str, subjects: list[str]) -> None:
    files = {**world(settings(A), "A=d\n", secret(keyed("A", "d"), keyed("B", "d"))), path: text}
    assert [subject for rule, subject in findings(files) if rule == "unconsumed-secret"] == subjects


def test_a_settings_file_that_does_not_parse_is_one_error() -> None:
    files = world("class S(BaseSettings:\n", "A=1\n", secret('B="x"'))
    assert findings(files) == {("unparsable-settings", CONFIG)}


def test_several_apps_share_an_example_and_keep_their_templates() -> None:
    files = {"a/config.py": settings(A), "b/config.py": settings("b: str = 'd'"), EXAMPLE: "A=d\nB=d\n"}
    files |= {"a/t.ctmpl": secret(keyed("A", "d")), "b/t.ctmpl": secret(keyed("A", "d"))}
    apps = [App(settings=(f"{n}/config.py",), templates=(f"{n}/t.ctmpl",)) for n in "ab"]
    found = [(f.rule, f.subject, f.location.path) for f in everything(load(files, None, *apps)) if f.severity > 1]
    assert found == [("unconsumed-secret", "A", "b/t.ctmpl")]
    titles = [table.title for table in load(files, None, *apps).tables()][:2]
    assert [title.partition(" (")[0] for title in titles] == [
        "variables beside the settings of a/config.py",
        "variables beside the settings of b/config.py",
    ]


def test_a_template_elsewhere_is_found_by_what_it_renders() -> None:
    files = {CONFIG: TWO, EXAMPLE: TWO_KEYS, "infra/app.ctmpl": FIXED, "infra/db.ctmpl": "POSTGRES_PASSWORD=x\n"}
    facts = load(files)
    assert [source.text.path for source in facts.templates] == ["infra/app.ctmpl"]
    assert facts.unknowns == ()


def test_the_table_of_facts_has_what_no_setting_takes() -> None:
    facts = load(
        world(
            settings("a: str", "b: str = 'd'"),
            "A=x\nD=\n",
            secret(keyed("A", "x"), "{{ if .Data.data.C }}", "C=1", "{{ end }}"),
        )
    )
    (table, *_) = facts.tables()
    assert table.columns == ("key", "example", "template", "elsewhere")
    assert table.rows == (("C", "", f"{TEMPLATE}:4, conditional", ""), ("D", f"{EXAMPLE}:2", "", ""))
    assert facts.counts == {"settings": 2, "example": 2, "templates": 2, "reads": 0, "dynamic-reads": 0}


def test_the_table_of_facts_shows_open_names() -> None:
    template = secret("{{ range $k, $v := .Data.data }}", "APP_{{ $k }}={{ $v }}", "{{ end }}")
    (table, *_) = load(world(NESTED, "APP_DB={}\n", template)).tables()
    rows = {row[0]: row[1:3] for row in table.rows}
    assert rows == {"APP_*": ("", f"{TEMPLATE}:3")}


def test_a_string_that_stands_for_none_is_a_value() -> None:
    head = HEAD + "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_parse_none_str='None')\n"
    config = head + "    a: int | None = None\n    b: int = 3\n"
    assert findings(world(config, "A=None\nB=None\n")) == {("invalid-example-value", "B")}


def test_a_value_is_valid_where_one_member_of_a_union_takes_it() -> None:
    config = (
        HEAD + "class X(BaseModel):\n    k: Literal['x'] = 'x'\nclass Y(BaseModel):\n    k: Literal['y'] = 'y'\n"
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='__')\n    u: X | Y = X()\n"
    )
    assert findings(world(config, "U__K=x\n")) == set()
    assert findings(world(config, "U__K=z\n")) == {("invalid-example-value", "U__K")}


def test_an_entry_without_templates_promises_none() -> None:
    files = {"conf.py": settings(A), "env.sample": "A=d\n"}
    app = App(settings=("conf.py",), example=("env.sample",))
    assert load(files, None, app).unknowns == ()
    assert load(files, None, app._replace(templates=("gone.ctmpl",))).unknowns[0].reason == "missing-template"
    marked = {**files, "env.sample": "# [VAULT]\nA=d\n"}
    assert load(marked, None, app).unknowns[0].reason == "missing-template"


def test_a_fallback_that_the_type_cannot_take_is_a_drift_and_shown_on_one_line() -> None:
    template = secret("A={{ with .Data.data.A }}{{ . }}{{ else }}abc{{ end }}")
    assert ("default-drift", "A") in findings(world(settings("a: int = 3"), "A=3\n", template))
    drift = next(f for f in everything(load(world(settings(A), 'A="x\ny"\n'))) if f.rule == "default-drift")
    assert "`x\\ny`" in drift.message


@pytest.mark.parametrize(("line", "words"), [("A-B=1", "rename"), ("'A'=1", "quotes around the name")])
def test_an_unportable_name_is_not_mended_by_quoting_the_value(line: str, words: str) -> None:
    found = [f for f in everything(load(world(settings(A), f"{line}\n"))) if f.rule == "unportable-line"]
    assert words in (found[0].help or "")


def test_the_literals_of_a_secret_are_not_shown() -> None:
    config = settings("api_password: Literal['Zq9XkP7v'] = 'Zq9XkP7v'", "mode: Literal['on', 'off'] = 'on'")
    found = [
        f for f in everything(load(world(config, "API_PASSWORD=x\nMODE=x\n"))) if f.rule == "invalid-example-value"
    ]
    assert [("Zq9XkP7v" in f.message, "'on'" in f.message) for f in found] == [(False, False), (False, True)]


@pytest.mark.parametrize(
    ("path", "script", "known"),
    [
        ("run.sh", "#!/bin/sh\nOWN=1\necho $OWN\n", False),
        ("run.sh", "#!/bin/sh\necho $OWN\nOWN=1\n", True),
        ("run.sh", "#!/bin/sh\nOWN=${OWN:-1}\necho $OWN\n", True),
        ("run.sh", "#!/bin/sh\nenvsubst '$OWN' < in > out\n", True),
        ("Makefile", "OWN := 1\nall:\n\techo $(OWN)\n", False),
        ("Makefile", "OWN ?= 1\nall:\n\techo $(OWN)\n", True),
        ("Makefile", "all:\n\techo $(OWN)\n", True),
    ],
)
def test_a_script_takes_what_it_does_not_assign_itself(path: str, script: str, *, known: bool) -> None:
    files = world(settings(A), "A=d\nOWN=1\n") | {path: script}
    assert findings(files) == (set() if known else {("unknown-example-key", "OWN")})


def test_a_template_that_is_gone_lost_all_its_keys() -> None:
    then = world(settings(A, "b: str = ''"), "A=d\nB=\n", "A='d'\nB=''\nGONE=1\n")
    now = {path: text for path, text in then.items() if path != TEMPLATE}
    lost = [f for f in everything(load(now, Memory(then))) if f.rule == "lost-secrets"]
    assert [(f.subject, f.severity, f.location.path) for f in lost] == [(TEMPLATE, Severity.ERROR, TEMPLATE)]
    assert "`A`, `B`" in lost[0].message
    moved = now | {"deploy/secrets.ctmpl": "A='d'\nB=''\n"}
    assert not [f for f in everything(load(moved, Memory(then))) if f.rule == "lost-secrets"]


@pytest.mark.parametrize("folder", ["vault/templates", "vault"])
def test_an_agent_is_found_beside_its_template_and_a_folder_above(folder: str) -> None:
    stanza = 'template {\n  source = "/x/app.ctmpl"\n  left_delimiter = "[["\n  right_delimiter = "]]"\n}\n'
    template = "[[ with secret \"secret/data/a\" ]]\nA='[[ .Data.data.A ]]'\n[[ end ]]\n"
    files = {f"{folder}/app.ctmpl": template, "vault/agent.hcl": stanza} | world(settings(A), "A=d\n")
    app = load(files, None, App(templates=(f"{folder}/app.ctmpl",))).apps[0]
    assert set(app.rendered) == {"A"}
    assert [read.field for read in app.rendered["A"].key.reads] == ["A"]
