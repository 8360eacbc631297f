"""A rule concludes nothing from a class of which something is not known (cases/env-keys.md, section 1)."""

from __future__ import annotations

import sys

import pytest

from fr_check.core.model import Severity
from tests.env_world import CONFIG, EXAMPLE, HEAD, everything, findings, load, settings, world

BOTH = "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
CUSTOMISE = (
    "    @classmethod\n"
    "    def settings_customise_sources(cls, settings_cls, init_settings, env_settings, dotenv_settings, secrets):\n"
    "        return {}\n"
)


def strict(files: dict[str, str]) -> set[tuple[str, str]]:
    return {(f.rule, f.subject) for f in everything(load(files)) if f.severity == Severity.ERROR}


def test_a_class_whose_base_is_elsewhere_requires_nothing() -> None:
    config = HEAD + "from company import Base\n\n\nclass S(Base, BaseSettings):\n    key: str\n"
    facts = load(world(config, "KEY=\n"))
    assert "unresolvable-base" in {unknown.reason for unknown in facts.unknowns}
    assert not [f for f in everything(facts) if f.rule == "setting-without-default"]


@pytest.mark.parametrize(
    ("classes", "key"),
    [
        ("from company import Base\n\n\nclass Api(Base):\n    token: int = 5\n", "API__TOKEN"),
        ("from company import Base\n\n\nclass Api(Base):\n    token: int = 5\n", "API__OF_THE_BASE"),
        (
            (
                "from pydantic import BaseModel\n\n\nclass Api(BaseModel):\n    class Login(BaseModel):\n"
                "        name: str = ''\n\n    login: Login | None = None\n"
            ),
            "API__LOGIN__NAME",
        ),
    ],
)
def test_below_a_model_that_cannot_be_read_no_key_is_unknown(classes: str, key: str) -> None:
    head = (
        BOTH
        + classes
        + "\n\nclass S(BaseSettings):\n    model_config = SettingsConfigDict(env_nested_delimiter='__')\n"
    )
    found = findings(world(head + "    api: Api\n", f"{key}=1\nOTHER__KEY=1\n"))
    assert ("unknown-example-key", key) not in found
    assert ("unknown-example-key", "OTHER__KEY") in found
    assert ("undocumented-setting", "API") not in found


@pytest.mark.parametrize(
    "sources",
    [
        "(init_settings, env_settings, TomlConfigSettingsSource(settings_cls))",
        "(YamlConfigSettingsSource(settings_cls), env_settings)",
        "(init_settings, JsonConfigSettingsSource(settings_cls, 'x.json'), env_settings, dotenv_settings)",
        "(init_settings, env_settings, Own(settings_cls))",
        "tuple([env_settings, Own(settings_cls)])",
    ],
)
def test_a_class_with_another_source_requires_nothing_of_the_environment(sources: str) -> None:
    own = "class Own(PydanticBaseSettingsSource):\n    pass\n\n\n"
    config = HEAD + own + "class S(BaseSettings):\n    key: str\n" + CUSTOMISE.format(sources)
    assert strict(world(config, "KEY=x\n")) == set()
    plain = config.replace(sources, "(init_settings, env_settings, dotenv_settings, secrets)")
    assert strict(world(plain, "KEY=x\n")) == {("setting-without-default", "KEY")}


@pytest.mark.parametrize(
    ("calls", "required"),
    [
        ("S(key=1)", False), ("S(**load())", False), ("config.S(key=read(), other=2)", False), ("S()", True),
        ("S(key=1)\ns = S()", True), ("S(other=1)", True), ("S(key=1)\ns = S(**more)", False), ("x", True),
    ],
)  # fmt: skip
def test_what_every_call_passes_is_not_required_of_the_environment(calls: str, *, required: bool) -> None:
    files = world(settings("key: str").replace("class Settings", "class S"), "KEY=x\n")
    files["apps/backend/src/main.py"] = f"from src.config import S\nfrom src import config\ns = {calls}\n"
    assert strict(files) == ({("setting-without-default", "KEY")} if required else set())


def test_calls_of_tests_pass_nothing() -> None:
    files = world(settings("key: str"), "KEY=x\n") | {"tests/test_x.py": "Settings(key=1)\n"}
    assert strict(files) == {("setting-without-default", "KEY")}


@pytest.mark.parametrize(
    ("base", "method", "reads", "splits"),
    [
        ("EnvSettingsSource", "decode_complex_value", True, True),
        ("DotEnvSettingsSource", "prepare_field_value", True, True),
        ("EnvSettingsSource", "get_field_value", True, True),
        ("EnvSettingsSource", "other", True, False),
        ("PydanticBaseSettingsSource", "get_field_value", False, False),
    ],
)
def test_a_source_is_what_it_descends_from_and_not_what_it_is_called(
    base: str, method: str, *, reads: bool, splits: bool
) -> None:
    middle = f"class Middle({base}):\n    def {method}(self, *a):\n        return a\n\n\n"
    source = middle + "class Commas(Middle):\n    pass\n\n\n"
    body = "class S(BaseSettings):\n    hosts: list[str] = []\n" + CUSTOMISE.format("(Commas(settings_cls),)")
    found = strict(world(HEAD + source + body, "HOSTS=a,b\n"))
    (setting,) = load(world(HEAD + source + body, "HOSTS=a,b\n")).apps[0].settings
    assert bool(setting.names) is reads
    assert (("invalid-example-value", "HOSTS") in found) is (reads and not splits)


def test_a_source_that_cannot_be_resolved_is_not_judged() -> None:
    config = HEAD + "from company import Source\n\n\nclass S(BaseSettings):\n    key: str\n"
    facts = load(world(config + CUSTOMISE.format("(Source(settings_cls),)"), "KEY=x\nDEAD=\n"))
    assert [unknown.reason for unknown in facts.unknowns] == ["unresolvable-source"]
    assert everything(facts) == []
    beside = load(world(config + CUSTOMISE.format("(Source(settings_cls), env_settings)"), "KEY=x\n"))
    assert (beside.unknowns, everything(beside)) == ((), [])


@pytest.mark.parametrize("arguments", ["settings_cls, **kwargs", "settings_cls, *sources, **kwargs"])
def test_sources_under_no_name_of_their_own_are_there_where_they_are_used(arguments: str) -> None:
    config = HEAD + "from company import Source\n\n\nclass S(BaseSettings):\n    key: str\n"
    method = f"    @classmethod\n    def settings_customise_sources(cls, {arguments}):\n        return {{}}\n"
    alone = load(world(config + method.format("(Source(settings_cls),)"), "KEY=x\n"))
    assert [unknown.reason for unknown in alone.unknowns] == ["unresolvable-source"]
    beside = load(world(config + method.format("(Source(settings_cls), *kwargs.values())"), "KEY=x\n"))
    assert (beside.unknowns, everything(beside)) == ((), [])


@pytest.mark.parametrize("config", ["env_prefix=prefix()", "env_prefix=os.environ['P']", "case_sensitive=flag()"])
def test_a_class_whose_prefix_is_not_known_is_not_judged(config: str) -> None:
    facts = load(world(settings("a: str = ''", "b: str", config=config), "A=\nB=\nC=\n"))
    assert [unknown.reason for unknown in facts.unknowns] == ["unresolvable-prefix"]
    assert {f.rule for f in everything(facts)} <= {"setting-without-default"}


def version_1(*lines: str, config: str = "") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    inner = f"    class Config:\n        {config}\n" if config else ""
    return "from pydantic import BaseSettings\n\n\nclass S(BaseSettings):\n" + body + inner


def test_version_1_takes_the_type_from_a_plain_value() -> None:
    files = world(
        version_1("pool_size = 75", "name = 'x'", "ratio = 0.5", "on = True", "hosts = ['a']"), "POOL_SIZE=x\n"
    )
    found = strict(files)
    assert ("invalid-example-value", "POOL_SIZE") in found
    undocumented = {subject for rule, subject in found if rule == "undocumented-setting"}
    assert undocumented == {"NAME", "RATIO", "ON", "HOSTS"}
    assert not {rule for rule, _ in found} & {"untyped-setting"}
    assert ("untyped-setting", "pool_size") in strict(
        world(BOTH + "class S(BaseSettings):\n    pool_size = 75\n", "A=\n")
    )


def test_version_1_decodes_as_its_configuration_says() -> None:
    field = "hosts: list[str] = []"
    assert ("invalid-example-value", "HOSTS") in strict(world(version_1(field), "HOSTS=a,b\n"))
    assert strict(world(version_1(field, config="json_loads = split"), "HOSTS=a,b\n")) == set()
    method = "parse_env_var = classmethod(split)\n        @classmethod\n        def parse_env_var(cls, n, v): return v"
    assert strict(world(version_1(field, config=method), "HOSTS=a,b\n")) == set()


@pytest.mark.parametrize(
    ("line", "version"),
    [("type Port = int", (3, 12)), ("def f[T](x: T) -> T: ...", (3, 12)), ("class C[T]: ...", (3, 12))],
)
def test_the_syntax_of_a_newer_python_is_not_judged(line: str, version: tuple[int, int]) -> None:
    facts = load(world(f"{HEAD}{line}\n\n\nclass S(BaseSettings):\n    a: str = ''\n", "A=\n"))
    if sys.version_info[:2] >= version:
        assert facts.unknowns == ()
    else:
        (unknown,) = facts.unknowns
        assert (unknown.reason, unknown.subject) == ("newer-python", CONFIG)
        assert "3.12" in unknown.message
        assert everything(facts) == []


def test_a_base_in_another_project_of_the_workspace_is_found() -> None:
    shared = (
        HEAD + "class Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='X_')\n    b: str = ''\n"
    )
    own = "from shared.base import Base\n\n\nclass S(Base):\n    a: str = ''\n"
    files = {"packages/shared/src/shared/base.py": shared, CONFIG: own, EXAMPLE: "X_A=\nX_B=\n"}
    assert findings(files) == set()
    twice = files | {"libs/shared/src/shared/base.py": shared}
    (unknown,) = load(twice).unknowns
    assert unknown.reason == "unresolvable-base"
    assert f"is not found from {CONFIG}" in unknown.message


@pytest.mark.parametrize("settings_files", [(), None])
def test_templates_are_read_where_there_are_no_settings(settings_files: tuple[str, ...] | None) -> None:
    from fr_check.policy.env_keys import App

    app = App(settings=settings_files, example=("env.sample",), templates=("t.ctmpl",))
    files = {"env.sample": "A=\n", "t.ctmpl": "{{ if }}"}
    assert "broken-template" in {f.rule for f in everything(load(files, None, app))}


SERVICE = "services:\n  app:\n    {}\n    environment:\n      S: ${{S:-60}}\n      # S: ${{S:-61}}\n"
DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "-m", "src.config"]\n'


@pytest.mark.parametrize(
    ("source", "drift"), [("build: apps/backend", True), ("image: redis:7", False), ("image: app  # ${S:-9}", False)]
)
def test_what_compose_falls_back_to_counts_in_a_service_that_runs_the_application(source: str, *, drift: bool) -> None:
    files = world(settings("s: int = 300"), "S=300\n") | {
        "docker-compose.yml": SERVICE.format(source),
        "apps/backend/Dockerfile": DOCKERFILE,
    }
    found = [f for f in everything(load(files)) if f.rule == "default-drift"]
    assert [(f.subject, len(f.notes)) for f in found] == ([("S", 1)] if drift else [])


@pytest.mark.parametrize(
    ("example", "fallback", "level"),
    [
        ("S=300\n", "60", Severity.WARNING),  # the documentation repeats the default, and the service gets another
        ("S=60\n", "60", Severity.INFO),  # the example says the same as the compose file
        ("# S=\n", "60", Severity.INFO),  # tuned for one deployment
        ("S=40\n", "60", Severity.INFO),
        ("S=300\n", "300", None),
    ],
)
def test_under_common_a_compose_file_is_tuned_for_one_deployment(example: str, fallback: str, level: Severity | None):
    service = SERVICE.format("build: .").replace(":-60", f":-{fallback}")
    files = {
        "src/config.py": settings("s: int = 300"), ".env.example": example, "docker-compose.yml": service,
        "Dockerfile": DOCKERFILE,
    }  # fmt: skip
    found = [f.severity for f in everything(load(files)) if f.rule == "default-drift"]
    assert found == ([] if level is None else [level])


@pytest.mark.parametrize(
    "use",
    [
        'DB_USER=app\nDATABASE_URL="mysql://${DB_USER}@h/app"\n', "DB_USER=app\nDATABASE_URL=mysql://$DB_USER@h/app\n",
        "DB_USER=app\nMIDDLE=${DB_USER}\nDATABASE_URL=mysql://${MIDDLE}\n",
    ],
)  # fmt: skip
def test_what_another_value_is_put_together_of_is_taken(use: str) -> None:
    assert findings(world(settings("database_url: str = ''"), use)) == set()


def test_what_nothing_takes_is_not_taken_by_another_key_that_nothing_takes() -> None:
    found = findings(world(settings("a: str = ''"), "A=\nONE=x\nTWO=${ONE}\n"))
    assert found == {("unknown-example-key", "ONE"), ("unknown-example-key", "TWO")}


@pytest.mark.parametrize(
    ("key", "path", "text"),
    [
        ("TAVILY_API_KEY", "apps/backend/src/x.py", "from langchain_community.tools.tavily_search import T\n"),
        ("WERKZEUG_DEBUG_PIN", "apps/backend/src/x.py", "import werkzeug.serving\n"),
        ("STRANGE_KEY", "README.md", "Set `STRANGE_KEY` before you start.\n"),
        ("STRANGE_KEY", "docs/run.rst", "STRANGE_KEY=1 make run\n"),
    ],
)
def test_a_key_that_a_library_may_read_or_a_document_tells_to_set_is_information(
    key: str, path: str, text: str
) -> None:
    files = world(settings("a: str = ''"), f"A=\n{key}=x\n")
    assert findings(files) == {("unknown-example-key", key)}
    assert findings(files | {path: text}) == set()
    found = [f for f in everything(load(files | {path: text})) if f.rule == "unknown-example-key"]
    assert [(f.subject, f.severity) for f in found] == [(key, Severity.INFO)]


@pytest.mark.parametrize(
    "key", ["VERCEL_ENV", "RENDER_CPU_COUNT", "FLY_APP_NAME", "RAILWAY_X", "DYNO", "AWS_LAMBDA_X", "ECS_X", "K_SERVICE",
            "KUBERNETES_SERVICE_HOST", "PROMETHEUS_MULTIPROC_DIR", "C_FORCE_ROOT", "DOTENV_PATH", "APP_ENV_FILE"],
)  # fmt: skip
def test_what_platforms_set_and_what_names_a_file_of_variables_is_well_known(key: str) -> None:
    files = world(
        settings("a: str = ''"), f"A=\n{key}=x\n", apps__backend__src__m_dot_py=f"import os\nos.getenv('{key}2')\n"
    )
    assert ("unknown-example-key", key) not in findings(files)


def test_under_common_an_example_that_differs_from_the_default_is_information() -> None:
    files = {"app/conf.py": settings("n: int = 3", "m: int = 4"), "app/.env.example": "N=5\n# M=4\n"}
    assert findings(files) == set()
    found = {(f.rule, f.severity) for f in everything(load(files))}
    assert found == {("default-drift", Severity.INFO)}


@pytest.mark.parametrize(
    ("field", "level"),
    [
        ("api_token: str | None = None", Severity.ERROR), ("secret_key: str = 'dev'", Severity.ERROR),
        ("password: SecretStr = SecretStr('x')", Severity.ERROR), ("name: str", Severity.ERROR),
        ("routing_key: str = 'tasks.default'", Severity.WARNING), ("cookie_key: str = 'session'", Severity.WARNING),
        ("auth_threshold: int = 120", Severity.WARNING), ("cache_dsn: str = 'redis://h:6379/0'", Severity.WARNING),
        ("signature_version: str = 'v4'", Severity.WARNING), ("sentry_dsn: str = ''", Severity.ERROR),
    ],
)  # fmt: skip
def test_under_common_what_is_required_or_secret_is_an_error(field: str, level: Severity) -> None:
    files = {"app/conf.py": settings(field), "app/.env.example": "TZ=UTC\n"}
    found = [f for f in everything(load(files)) if f.rule == "undocumented-setting"]
    assert [f.severity for f in found] == [level]
    commented = files | {"app/.env.example": f"# {found[0].subject}=\n"}
    left = [f for f in everything(load(commented)) if f.rule == "undocumented-setting"]
    assert bool(left) is ("name" in field.partition(":")[0])


def test_the_reads_of_code_without_settings_are_compared_with_the_nearest_example() -> None:
    code = "import os\nfrom decouple import config\nA = os.environ['A']\nB = config('B', default=1)\n"
    files = {
        "api/main.py": code, "api/.env.example": "B=1\nDEAD=1\n", "web/.env.sample": "OTHER=1\n",
        "web/app/route.ts": "export const k = process.env.STRIPE_KEY; export const p = process.env.NEXT_PUBLIC_X;\n",
        "api/tests/test_x.py": "import os\nos.environ['T']\n", "dev/cli.py": "import os\nos.environ['D']\n",
    }  # fmt: skip
    found = {(f.rule, f.subject, str(f.severity)) for f in everything(load(files))}
    assert found == {
        ("undocumented-read", "A", "warning"), ("unknown-example-key", "DEAD", "warning"),
        ("undocumented-read", "STRIPE_KEY", "info"), ("unknown-example-key", "OTHER", "info"),
    }  # fmt: skip
    documented = files | {"api/.env.example": "# A=\nB=1\n", "web/.env.sample": "STRIPE_KEY=\n"}
    assert everything(load(documented)) == []


@pytest.mark.parametrize("line", ["# FLAG=", "#FLAG=1", "# export FLAG=${FLAG:-1}", "FLAG=1"])
def test_under_common_a_comment_documents_a_read_past_the_settings(line: str) -> None:
    files = {"app/conf.py": settings("n: int = 3"), "app/.env.example": "N=3\n"}
    files["app/log.py"] = "import os\nos.getenv('FLAG')\n"
    assert findings(files) == {("read-outside-settings", "FLAG")}
    assert findings(files | {"app/.env.example": f"N=3\n{line}\n"}) == set()
    strictly = world(settings("n: int = 3"), "N=3\n# FLAG=\n", apps__backend__src__log_dot_py=files["app/log.py"])
    assert findings(strictly) == {("read-outside-settings", "FLAG")}


@pytest.mark.parametrize(
    "code",
    [
        "def flag(name, default):\n    return os.getenv(name, default) == 'True'\n\n\nA = flag('A', 'False')\n",
        "def secret(name):\n    return os.environ.get(name + '_F') or os.environ[name]\n\n\nA = secret(\n    \"A\")\n",
    ],
)
def test_what_a_function_of_the_file_is_called_with_is_read(code: str) -> None:
    files = {"docker/.env.example": "A=1\nB=2\nDEAD=1\n", "docker/start.py": "import os\nos.environ['B']\n"}
    files["site/settings.py"] = f"import os\n\n\n{code}"
    assert findings(files) == {("unknown-example-key", "DEAD")}
    without = files | {"site/settings.py": "import os\nprint('A')\nos.environ['B']\n"}
    assert findings(without) == {("unknown-example-key", "A"), ("unknown-example-key", "DEAD")}
