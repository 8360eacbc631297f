"""What projects that nobody here wrote look like: selections, other places, readers that are not seen at once."""

from __future__ import annotations

import pytest

from fr_check.core.model import Severity
from tests.env_world import HEAD, everything, findings, infos, load, settings

FIELDS = tuple(f"option_{number}: int = {number}" for number in range(9))
READS = "import os\n" + "".join(f"os.getenv('OPTION_{number}')\n" for number in range(9))


def severities(files: dict[str, str], rule: str) -> dict[str, Severity]:
    return {finding.subject: finding.severity for finding in everything(load(files)) if finding.rule == rule}


def titles(files: dict[str, str]) -> set[str | None]:
    return {finding.group for finding in everything(load(files))}


class TestSelections:
    def test_what_an_example_leaves_out_that_documents_the_smaller_part_is_information(self) -> None:
        files = {"app/conf.py": settings(*FIELDS, "token: SecretStr = ''"), ".env.example": "OPTION_1=1\nOPTION_2=2\n"}
        assert findings(files) == set()
        assert titles(files) == {"settings that .env.example, which documents 2 of 10, does not document"}

    def test_a_setting_without_which_nothing_starts_is_an_error_in_a_selection_too(self) -> None:
        files = {"app/conf.py": settings(*FIELDS, "token: str"), ".env.example": "OPTION_1=1\nOPTION_2=2\n"}
        assert findings(files) == {("undocumented-setting", "TOKEN")}
        assert severities(files, "undocumented-setting")["TOKEN"] == Severity.ERROR

    @pytest.mark.parametrize("documented", [4, 5, 8])
    def test_an_example_that_documents_the_larger_part_or_lacks_few_is_none(self, documented: int) -> None:
        example = "".join(f"OPTION_{number}={number}\n" for number in range(documented))
        files = {"app/conf.py": settings(*FIELDS), ".env.example": example}
        assert len(findings(files)) == 9 - documented

    def test_comments_count_as_documentation(self) -> None:
        example = "".join(f"# OPTION_{number}=\n" for number in range(6))
        files = {"app/conf.py": settings(*FIELDS), ".env.example": example}
        assert findings(files) == {("undocumented-setting", f"OPTION_{number}") for number in (6, 7, 8)}

    def test_the_projects_own_standard_knows_no_selections(self) -> None:
        files = {"apps/backend/src/config.py": settings(*FIELDS), ".env.example": "OPTION_1=1\n"}
        assert set(severities(files, "undocumented-setting").values()) == {Severity.ERROR}

    def test_reads_without_settings(self) -> None:
        files = {"app/conf.py": READS + "os.environ['KEY']\n", ".env.example": "OPTION_1=1\n"}
        assert findings(files) == {("undocumented-read", "KEY")}
        assert len(infos(files)) == 8

    def test_reads_past_settings(self) -> None:
        files = {"app/conf.py": settings("n: int = 3"), "app/more.py": READS, ".env.example": "N=3\n"}
        assert findings(files) == set()
        assert {rule for rule, _ in infos(files)} == {"read-outside-settings"}

    @pytest.mark.parametrize(
        "code",
        [
            "if 'KEY' in os.environ:\n    os.environ['KEY']\n",
            "if os.getenv('KEY'):\n    print(os.environ['KEY'])\n",
            "try:\n    os.environ['KEY']\nexcept KeyError:\n    pass\n",
            "if os.getenv('OTHER'):\n    os.environ['KEY']\n",
        ],
    )
    def test_a_read_that_the_code_goes_on_without_is_no_demand(self, code: str) -> None:
        files = {"app/conf.py": READS + code, ".env.example": "OPTION_1=1\n"}
        assert findings(files) == set()
        assert ("undocumented-read", "KEY") in infos(files)


class TestCommittedFiles:
    def test_a_committed_env_promises_nothing_about_what_need_not_be_set(self) -> None:
        files = {"app/conf.py": settings("a: int = 1", "b: str"), ".env": "OLD=1\n"}
        assert findings(files) == {("undocumented-setting", "B"), ("unknown-example-key", "OLD")}
        assert severities(files, "undocumented-setting") == {"A": Severity.INFO, "B": Severity.WARNING}

    @pytest.mark.parametrize("line", ["VITE_OLD=$OLD", "VITE_OLD=${OLD}", 'export VITE_OLD="$OLD"'])
    def test_a_file_of_variables_that_another_program_expands_takes_a_key(self, line: str) -> None:
        files = {"app/conf.py": settings("a: int = 1"), ".env.example": "A=1\nOLD=1\n", ".env.expand": f"{line}\n"}
        assert findings(files) == set()


class TestDefaultsThatCodePutsTogether:
    def test_a_default_that_another_variable_holds(self) -> None:
        config = "import os\n" + settings("url: str = os.getenv('DATABASE_URL', '')")
        assert findings({"app/conf.py": config, ".env.example": "DATABASE_URL=\n"}) == set()
        assert findings({"app/conf.py": config, ".env.example": "URL=\nDATABASE_URL=\n"}) == set()
        assert findings({"app/conf.py": config, ".env.example": "TZ=\n"}) == {("read-outside-settings", "DATABASE_URL")}

    def test_its_own_variable_is_no_other(self) -> None:
        config = "import os\n" + settings("url: str = os.environ.get('URL', '')")
        assert findings({"app/conf.py": config, ".env.example": "TZ=\n"}) == {("undocumented-setting", "URL")}

    @pytest.mark.parametrize(
        "field",
        ["root: Path = Path(__file__).parent", "smtp: Smtp = Smtp()", "smtp: Smtp = Field(default_factory=Smtp)"],
    )
    def test_paths_of_the_program_and_models_are_information(self, field: str) -> None:
        head = (
            "from pathlib import Path\nfrom pydantic import BaseModel\n\n\nclass Smtp(BaseModel):\n    port: int = 2\n"
        )
        files = {"app/conf.py": head + settings(field, "a: int = 1"), ".env.example": "A=1\n"}
        assert findings(files) == set()
        assert {rule for rule, _ in infos(files)} == {"undocumented-setting"}

    def test_a_validator_that_makes_a_value_where_there_is_none(self) -> None:
        check = "    @field_validator('url', mode='before')\n    def build(cls, value, info):\n        return value\n"
        files = {"app/conf.py": settings("a: int = 1", "url: str | None = None"), ".env.example": "A=1\n"}
        assert findings(files) == {("undocumented-setting", "URL")}
        assert findings(files | {"app/conf.py": files["app/conf.py"] + check}) == set()

    def test_a_class_with_sources_of_its_own(self) -> None:
        sources = (
            "    @classmethod\n    def settings_customise_sources(cls, settings_cls, init, env, dotenv, secrets):\n"
            "        return init, env, TomlConfigSettingsSource(settings_cls)\n"
        )
        files = {"app/conf.py": settings("a: int = 1", "b: str") + sources, ".env.example": "TZ=\n"}
        assert findings(files) == set()
        assert infos(files) == {("undocumented-setting", "A"), ("undocumented-setting", "B")}


class TestOtherPlaces:
    @pytest.mark.parametrize(
        "name",
        [
            "dotenv-sample",
            ".dotenv.example",
            "env-sample",
            "sample.env",
            "docker/env.sample",
            "docker/config/env-sample",
        ],
    )
    def test_names_of_examples(self, name: str) -> None:
        files = {"app/conf.py": "import os\nos.getenv('A')\nos.getenv('B')\n", name: "A=1\n"}
        assert findings(files) == {("undocumented-read", "B")}

    @pytest.mark.parametrize("folder", ["docker", "deploy", "infra", "config"])
    def test_an_example_of_a_deployment_belongs_to_the_code_that_reads_what_it_documents(self, folder: str) -> None:
        for code in (settings("a: int = 1", "b: str"), "import os\nos.getenv('A')\nos.environ['B']\n"):
            files = {"src/app/conf.py": code, f"{folder}/.env.example": "A=1\nDB_PASSWORD=\nTZ=\n"}
            assert {subject for _, subject in findings(files)} >= {"B"}
            files = {"src/app/conf.py": code, f"{folder}/.env.example": "DB_PASSWORD=\nDB_USER=\nDB_NAME=\nA=1\n"}
            assert "B" not in {finding.subject for finding in everything(load(files))}

    def test_an_example_of_a_deployment_belongs_to_scripts_likewise(self) -> None:
        files = {"src/db.ts": "export const a = process.env.A\nexport const b = process.env.B\n"}
        assert infos(files | {"podman/env.sample": "A=1\n"}) == {("undocumented-read", "B")}
        assert infos(files | {"podman/env.sample": "X=1\nY=1\nZ=1\n"}) == set()

    def test_a_committed_env_with_nothing_but_what_compose_reads_is_no_example(self) -> None:
        files = {"app/conf.py": "import os\nos.getenv('A')\n", ".env": "COMPOSE_PROJECT_NAME=x\n"}
        assert load(files).apps == ()
        assert len(load(files | {".env": "OTHER=1\n"}).apps) == 1

    def test_one_at_or_above_the_code_goes_before(self) -> None:
        files = {
            "app/conf.py": settings("a: int = 1"),
            ".env.example": "A=1\n",
            "app/docker/.env.example": "A=1\nB=2\n",
        }
        assert load(files).apps[0].examples[0].text.path == ".env.example"

    def test_a_project_whose_code_is_all_in_scripts(self) -> None:
        files = {"scripts/conf.py": "import os\nos.getenv('A')\nos.getenv('B')\n", ".env.template": "A=1\n"}
        assert findings(files) == {("undocumented-read", "B")}
        assert findings(files | {"app/main.py": "import os\nos.getenv('A')\n"}) == set()

    def test_a_module_of_a_package_that_is_called_setup_makes_no_project(self) -> None:
        files = {
            "src/app/setup.py": "",
            "src/app/__init__.py": "",
            "src/app/conf.py": settings("a: str"),
            "pyproject.toml": "",
        }
        (skipped,) = load(files).skipped
        assert skipped.reason.endswith("write the line `A=` to .env.example")


class TestConfigurationsThatAFunctionMakes:
    @pytest.mark.parametrize(
        ("function", "call"),
        [
            ("def make(prefix):\n    return SettingsConfigDict(env_prefix=prefix)\n", "make('X_')"),
            ("def make(prefix):\n    return SettingsConfigDict(env_prefix=prefix)\n", "make(prefix='X_')"),
            ("def make(name: str = 'X'):\n    'What it does.'\n    return {'env_prefix': f'{name}_'}\n", "make()"),
            ("def make(*, name='Y'):\n    return ConfigDict(env_prefix=name + '_')\n", "make(name='X')"),
            ("def make(**more):\n    return SettingsConfigDict(extra='ignore', **more)\n", "make(env_prefix='X_')"),
            ("make = lambda p: SettingsConfigDict(env_prefix=p)\n", "make('X_')"),
            ("BASE = {'extra': 'ignore'}\ndef make(p):\n    return {**BASE, 'env_prefix': p}\n", "make('X_')"),
        ],
    )
    def test_are_followed(self, function: str, call: str) -> None:
        config = f"{HEAD}{function}\n\nclass S(BaseSettings):\n    model_config = {call}\n    a: int = 1\n"
        assert [setting.names for setting in load({"conf.py": config, ".env.example": "X_A=1\n"}).apps[0].settings] == [
            ("X_A",)
        ]

    @pytest.mark.parametrize(
        ("function", "call"),
        [
            ("def make(p):\n    q = p\n    return SettingsConfigDict(env_prefix=q)\n", "make('X_')"),
            ("def make(p):\n    return SettingsConfigDict(env_prefix=p)\n", "make(*A)"),
            ("def make(p):\n    return SettingsConfigDict(env_prefix=p)\n", "make('a', 'b')"),
            ("def make(p):\n    return make(p)\n", "make('X_')"),
        ],
    )
    def test_or_said_to_be_unknown(self, function: str, call: str) -> None:
        config = f"{HEAD}{function}\n\nclass S(BaseSettings):\n    model_config = {call}\n    a: int = 1\n"
        facts = load({"conf.py": config, ".env.example": "X_A=1\n"})
        assert {unknown.reason for unknown in facts.unknowns} == {"unresolvable-prefix"}

    def test_in_another_module(self) -> None:
        base = (
            "from pydantic_settings import *\nP = 'X_'\n\n\ndef make():\n    return SettingsConfigDict(env_prefix=P)\n"
        )
        config = (
            f"{HEAD}from app.base import make\n\n\nclass S(BaseSettings):\n    model_config = make()\n    a: int = 1\n"
        )
        files = {"app/base.py": base, "app/__init__.py": "", "app/conf.py": config, ".env.example": "X_A=1\n"}
        assert everything(load(files)) == []


class TestReaders:
    @pytest.mark.parametrize(
        "code",
        [
            "from environs import FileAwareEnv\nenv = FileAwareEnv()\nenv.str('A', 'x')\n",
            "import environs\n\n\nclass Env(environs.Env):\n    pass\n\n\nenv = Env()\nenv.int('A', 1)\n",
            "import environ\n\n\nclass Own(environ.Env):\n    pass\n\n\nenv = Own()\nenv('A')\n",
        ],
    )
    def test_readers_of_environs_and_classes_that_extend_them(self, code: str) -> None:
        assert {read.key for read in load({"conf.py": code, ".env.example": "A=1\n"}).apps[0].reads} == {"A"}

    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("app/names.py", "NAMES = (\n    'OLD',\n)\n"),
            ("app/names.py", "value = load(name='OLD')\n"),
            ("src/main.rs", 'fn main() { std::env::var("OLD"); }\n'),
            ("web/app/conf.ts", "export const old = config.get('OLD')\n"),
            ("src/Conf.java", 'String old = System.getenv("OLD");\n'),
        ],
    )
    def test_a_key_that_code_has_as_a_text_may_be_read(self, path: str, code: str) -> None:
        files = {"app/conf.py": settings("a: int = 1"), ".env.example": "A=1\nOLD=1\n"}
        assert findings(files) == {("unknown-example-key", "OLD")}
        assert findings(files | {path: code}) == set()
        assert infos(files | {path: code}) == {("unknown-example-key", "OLD")}
        assert findings(files | {path.replace("app/", "tests/", 1).replace("src/", "tests/", 1): code}) != set()

    @pytest.mark.parametrize("code", ["print('OLD')\n", "log.warning('OLD')\n", "OLD = 1\n", "# 'OLD is gone'\n"])
    def test_what_is_only_printed_or_named_is_not(self, code: str) -> None:
        files = {"app/conf.py": settings("a: int = 1"), ".env.example": "A=1\nOLD=1\n", "app/main.py": code}
        assert findings(files) == {("unknown-example-key", "OLD")}

    @pytest.mark.parametrize(
        "key", ["LOCALAPPDATA", "GITHUB_HEAD_REF", "VCAP_SERVICES", "RUNNER_OS", "K_SERVICE", "PORT"]
    )
    def test_names_that_platforms_set_are_no_matter_of_an_example(self, key: str) -> None:
        files = {"app/conf.py": f"import os\nos.getenv('A')\nos.environ['{key}']\n", ".env.example": "A=1\n"}
        assert findings(files) == set()

    def test_a_script_with_a_nul_byte_is_read(self) -> None:
        files = {"app/conf.py": settings("a: int = 1"), ".env.example": "A=1\nSTRIPE=\n"}
        files["web/key.ts"] = "export const key = `a\0b${process.env.STRIPE}`\n"
        assert findings(files) == set()


class TestHelpers:
    HELPER = "import os\n\n\ndef get_env(name, default=None):\n    return os.environ.get(name, default)\n"

    @pytest.mark.parametrize(
        "code",
        [
            "from app.utils import get_env\nA = get_env('A')\nB = get_env('B', 1)\n",
            "from app import utils\nA = utils.get_env('A')\nB = utils.get_env(\n    'B', 1)\n",
        ],
    )
    def test_a_function_of_another_module_reads_what_it_is_called_with(self, code: str) -> None:
        files = {"app/utils.py": self.HELPER, "app/conf.py": code, "environment-sample": "A=1\nOLD=1\n"}
        assert findings(files) == {("undocumented-read", "B"), ("unknown-example-key", "OLD")}

    @pytest.mark.parametrize(
        ("helper", "call"),
        [
            ("def find(name):\n    return os.environ[name]\n", "table.find('B')\n"),
            ("def get_env(default, name):\n    return os.environ[name]\n", "get_env('B')\n"),
            ("def get_env(name):\n    return name\n", "get_env('B')\n"),
            ("def get_env(name):\n    return os.environ[name]\n", "get_env('b c')\nget_envs('B')\n"),
        ],
    )
    def test_others_do_not(self, helper: str, call: str) -> None:
        files = {"app/utils.py": f"import os\nos.getenv('A')\n{helper}", "app/conf.py": call, ".env.example": "A=1\n"}
        assert findings(files) == set()

    @pytest.mark.parametrize(
        ("outer", "expected"),
        [
            ("def later(key, default=None):\n    return lambda: get_env(key, default)\n", {("undocumented-read", "B")}),
            ("def later(key):\n    return late(key)\n\n\ndef late(key):\n    return get_env(key)()\n",
             {("undocumented-read", "B")}),
            # What it hands on is another argument, or its own text.
            ("def later(default, key=None):\n    return get_env(key, default)\n", set()),
            ("def later(key):\n    return get_env('A', key)\n", set()),
        ],
    )  # fmt: skip
    def test_a_helper_of_a_helper(self, outer: str, expected: set[tuple[str, str]]) -> None:
        files = {"app/utils.py": f"{self.HELPER}\n\n{outer}", ".env.example": "A=1\n"}
        files["app/conf.py"] = "from app.utils import get_env, later\nA = get_env('A')\nB = later('B')\n"
        assert findings(files) == expected

    def test_past_settings_too(self) -> None:
        files = {"app/conf.py": settings("a: int = 1"), "app/utils.py": self.HELPER, ".env.example": "A=1\n"}
        files["app/main.py"] = "from app.utils import get_env\nB = get_env('B')\n"
        assert findings(files) == {("read-outside-settings", "B")}


class TestWhatIsToldElsewhere:
    COMPOSE = "services:\n  web:\n    image: app\n    environment:\n      TOKEN: ${TOKEN:?set it}\n"

    @pytest.mark.parametrize(
        "example",
        [
            "# REQUIRED\nTOKEN=\n", "# A key (set this)\nexport TOKEN=\n", "# Generate: openssl rand -hex 32\nTOKEN=\n",
            "# Copy to .env and fill in all values.\n\n# A token\nTOKEN=\n",
        ],
    )  # fmt: skip
    def test_an_empty_line_of_which_the_example_says_that_it_must_be_filled_in(self, example: str) -> None:
        files = {"app/conf.py": settings("token: str"), "compose.yml": self.COMPOSE, ".env.example": example}
        assert severities(files, "required-but-empty") == {"TOKEN": Severity.INFO}

    @pytest.mark.parametrize("example", ["HOST_NAME=\n", "# A host.\nHOST_NAME=\n", "# Required\nA=1\n\nHOST_NAME=\n"])
    def test_one_of_which_it_says_nothing(self, example: str) -> None:
        compose = self.COMPOSE.replace("TOKEN", "HOST_NAME")
        files = {"app/conf.py": settings("host_name: str"), "compose.yml": compose, ".env.example": example}
        assert severities(files, "required-but-empty") == {"HOST_NAME": Severity.WARNING}

    def test_a_demand_that_stands_in_many_places_names_a_few(self) -> None:
        services = "".join(f"  s{number}:\n    image: ${{TOKEN:?set it}}\n" for number in range(20))
        files = {
            "app/conf.py": settings("token: str"),
            "compose.yml": f"services:\n{services}",
            ".env.example": "TOKEN=\n",
        }
        (found,) = [one for one in everything(load(files)) if one.rule == "required-but-empty"]
        assert [note.message for note in found.notes][-2:] == ["it is demanded here too", "and at 14 more places"]
        assert len(found.notes) == 6

    @pytest.mark.parametrize("value", ["<YOUR_ID>", "<your id here>", "[<id>, <id>]"])
    def test_a_placeholder_is_seen_by_whoever_copies_it(self, value: str) -> None:
        field = "ids: list[int]" if value.startswith("[") else "ids: int"
        files = {"app/conf.py": settings(field), ".env.example": f"IDS={value}\n"}
        assert severities(files, "invalid-example-value") == {"IDS": Severity.INFO}
        assert severities(files | {".env.example": "IDS=many\n"}, "invalid-example-value") == {"IDS": Severity.ERROR}

    @pytest.mark.parametrize("line", ["ENV BUILD_ID=$ID", "ENV A=1 \\\n    BUILD_ID=x", "ENV BUILD_ID x"])
    def test_a_variable_that_the_image_sets(self, line: str) -> None:
        files = {"app/conf.py": "import os\nos.getenv('BUILD_ID')\nos.getenv('A')\n", ".env.example": "A=1\n"}
        assert findings(files) == {("undocumented-read", "BUILD_ID")}
        assert findings(files | {"Dockerfile": f"FROM python\n{line}\n"}) == set()
        past = {"app/conf.py": settings("a: int = 1"), "app/x.py": files["app/conf.py"], ".env.example": "A=1\n"}
        assert findings(past) == {("read-outside-settings", "BUILD_ID")}
        assert findings(past | {"Dockerfile": f"FROM python\n{line}\n"}) == set()

    @pytest.mark.parametrize(
        ("read", "open_"),
        [
            ("def get(name):\n    return os.getenv(name)\n", False),
            ("def get(name):\n    return os.getenv(f'{name}_KEY')\n", False),
            ("def get(name):\n    return os.getenv(name.upper())\n", True),
            ("for name in load():\n    os.getenv(name)\n", True),
        ],
    )
    def test_what_a_function_reads_that_it_is_called_with_stands_somewhere_as_a_text(
        self, read: str, *, open_: bool
    ) -> None:
        files = {"app/conf.py": f"import os\nos.getenv('A')\n{read}", ".env.example": "A=1\nOLD=1\n"}
        assert (findings(files) == set()) is open_

    @pytest.mark.parametrize(
        "code", ["const env = loadEnv(mode)\nexport const on = env.OLD === '1'\n", "use(Env?.OLD)\n"]
    )
    def test_what_a_bundler_loads_is_read(self, code: str) -> None:
        files = {"app/conf.py": settings("a: int = 1"), ".env.example": "A=1\nOLD=1\n", "web/vite.config.js": code}
        assert findings(files) == set()

    def test_a_template_of_a_project_is_left_out(self) -> None:
        files = {"{{cookiecutter.name}}/app/conf.py": settings("a: int = {{cookiecutter.a}}")}
        facts = load(files)
        assert (facts.unknowns, len(facts.skipped)) == ((), 1)

    @pytest.mark.parametrize("more", ["", "import os\nos.getenv('OTHER')\n"])
    def test_what_its_settings_read_is_not_known_from_the_rest_of_its_code(self, more: str) -> None:
        code = {"app/conf.py": settings("a: int = {{cookiecutter.a}}"), "app/more.py": "import os\nos.getenv('B')\n"}
        files = {f"{{{{cookiecutter.name}}}}/{path}": text for path, text in code.items()}
        files |= {"{{cookiecutter.name}}/.env.example": "A=1\n", "app/x.py": more, ".env.example": "OLD=1\n"}
        assert findings(files) == ({("unknown-example-key", "OLD"), ("undocumented-read", "OTHER")} if more else set())


def test_a_line_that_python_dotenv_skips_where_no_python_reads_it_is_information() -> None:
    files = {"src/mail.ts": "use(process.env.FROM)\n", ".env.example": 'FROM="A B" <a@b.example>\n'}
    assert severities(files, "unparsable-example") == {"FROM": Severity.INFO}
    files["app/conf.py"] = "import os\nos.getenv('FROM')\n"
    assert severities(files, "unparsable-example") == {"FROM": Severity.ERROR}


def test_keys_without_a_reader_are_one_block_and_a_misspelt_one_stands_alone() -> None:
    files = {
        "app/conf.py": settings("database_url: str = ''"),
        ".env.example": "DATABASE_URL=\nDATABSE_URL=\nFOO=\nBAR=\n",
    }
    groups = {finding.subject: finding.group for finding in everything(load(files))}
    assert groups["DATABSE_URL"] is None
    assert groups["FOO"] == groups["BAR"] is not None


class TestSecondNames:
    """What the code takes in the place of a documented variable; what it only sets for others, or takes away."""

    @pytest.mark.parametrize(
        "code",
        [
            "import os\nX = os.getenv('NEW') or os.getenv('OLD')\n",
            "import os\nX = os.getenv('NEW', os.getenv('OLD'))\n",
            "from decouple import config\nX = config('NEW', default=config('OLD', default=''))\n",
        ],
    )
    def test_an_older_name_beside_a_documented_one_is_information(self, code: str) -> None:
        assert findings({"app/conf.py": code, ".env.example": "NEW=1\n"}) == set()
        assert infos({"app/conf.py": code, ".env.example": "NEW=1\n"}) == {("undocumented-read", "OLD")}
        assert (
            findings({"app/conf.py": code, ".env.example": "# OLD=1\nA=1\n", "a.py": "import os\nos.getenv('A')\n"})
            == set()
        )

    def test_where_neither_is_documented_both_are_missing(self) -> None:
        code = "import os\nA = os.getenv('A')\nX = os.getenv('NEW') or os.getenv('OLD')\n"
        found = findings({"app/conf.py": code, ".env.example": "A=1\n"})
        assert found == {("undocumented-read", "NEW"), ("undocumented-read", "OLD")}

    def test_an_older_name_that_is_read_alone_elsewhere_is_missing(self) -> None:
        code = "import os\nX = os.getenv('NEW') or os.getenv('OLD')\nY = os.getenv('OLD')\n"
        assert findings({"app/conf.py": code, ".env.example": "NEW=1\n"}) == {("undocumented-read", "OLD")}

    def test_past_settings_too(self) -> None:
        code = "import os\nX = os.getenv('N') or os.getenv('OLD_N')\n"
        files = {"app/conf.py": settings("n: int = 3"), "app/more.py": code, ".env.example": "N=3\n"}
        assert findings(files) == set()
        assert infos(files) == {("read-outside-settings", "OLD_N")}

    def test_a_default_that_the_program_sets_for_a_library(self) -> None:
        code = "import os\nA = os.getenv('A')\nos.environ.setdefault('LIB_NAME', 'x')\n"
        assert findings({"app/conf.py": code, ".env.example": "A=1\n"}) == set()
        assert infos({"app/conf.py": code, ".env.example": "A=1\n"}) == {("undocumented-read", "LIB_NAME")}
        used = code.replace("os.environ.set", "B = os.environ.set")
        assert findings({"app/conf.py": used, ".env.example": "A=1\n"}) == {("undocumented-read", "LIB_NAME")}

    def test_what_is_only_taken_away_is_not_read(self) -> None:
        code = "import os\nA = os.getenv('A')\nos.environ.pop('TOKEN_OF_LIB', None)\n"
        assert infos({"app/conf.py": code, ".env.example": "A=1\n"}) == set()


class TestPackages:
    """Keys of an example that a package of JavaScript reads itself."""

    @pytest.mark.parametrize(
        ("key", "package"),
        [
            ("NEXTAUTH_URL", "next-auth"),
            ("BETTER_AUTH_SECRET", "better-auth"),
            ("CLERK_SECRET_KEY", "@clerk/nextjs"),
            ("AUTH_SECRET", "next-auth"),
        ],
    )
    def test_the_package_may_read_them(self, key: str, package: str) -> None:
        files = {"app/conf.py": "import os\nos.getenv('A')\n", ".env.example": f"A=1\n{key}=\n"}
        assert findings(files) == {("unknown-example-key", key)}
        files["web/package.json"] = f'{{"dependencies": {{"{package}": "1"}}}}'
        assert findings(files) == set()
        assert ("unknown-example-key", key) in infos(files)

    def test_another_package_does_not(self) -> None:
        files = {"app/conf.py": "import os\nos.getenv('A')\n", ".env.example": "A=1\nAUTH_COOKIE=\n"}
        files["web/package.json"] = '{"dependencies": {"next": "1", "auth-js-client": "1"}}'
        assert findings(files) == {("unknown-example-key", "AUTH_COOKIE")}


STARTED = {"app/conf.py": "import os\nos.getenv('A')\n", ".env.example": "A=1\nLEVEL=1\n"}

SHARED = {
    "api/app/conf.py": "import os\nA = os.getenv('A')\n",
    "api/.env.example": "A=1\n",
    "worker/app/conf.py": "import os\nB = os.getenv('B')\nA = os.getenv('A', '1')\n",
    "worker/.env.example": "B=1\n",
}


class TestReadByWhatStartsIt:
    @pytest.mark.parametrize("path", ["supervisord.conf", "deploy/programs/web.conf", "supervisor.ini"])
    @pytest.mark.parametrize("filling", [0, 30])
    def test_supervisord_reads_it(self, path: str, filling: int) -> None:
        more = "".join(f"GONE_{number}=\n" for number in range(filling))
        files = STARTED | {".env.example": f"A=1\nLEVEL=1\n{more}"}
        gone = {("unknown-example-key", f"GONE_{number}") for number in range(filling)}
        assert findings(files) == {("unknown-example-key", "LEVEL"), *gone}
        assert findings(files | {path: "[program:web]\ncommand=run --level=%(ENV_LEVEL)s\n"}) == gone

    def test_another_name_is_another(self) -> None:
        text = "[program:web]\ncommand=run --level=%(ENV_LOG_LEVEL)s %(LEVEL)d ENV_LEVEL\n"
        assert findings(STARTED | {"supervisord.conf": text}) == {("unknown-example-key", "LEVEL")}

    @pytest.mark.parametrize("key", ["FLASK_RUN_PORT", "FLASK_RUN_HOST"])
    def test_flask_run_has_an_option_for_each(self, key: str) -> None:
        assert findings(STARTED | {".env.example": f"A=1\n{key}=1\n"}) == set()


class TestDocumentedForAnother:
    def test_a_variable_that_several_programs_share_is_documented_once(self) -> None:
        assert findings(SHARED) == set()
        assert ("undocumented-read", "A") in infos(SHARED)

    def test_one_that_is_required_is_documented_for_each(self) -> None:
        code = "import os\nB = os.getenv('B')\nA = os.environ['A']\n"
        assert findings(SHARED | {"worker/app/conf.py": code}) == {("undocumented-read", "A")}


class TestOneDocumentForTwoFiles:
    EXAMPLE = "A=1\n# {title}\nB=2\nA=1\n"
    CODE = "import os\nos.getenv('A')\nos.getenv('B')\n"

    @pytest.mark.parametrize(
        "title",
        [
            "Frontend: copy to frontend/.env.local",
            "--- web/.env ---",
            "goes into apps/web/.env.production",
            "COPY THIS TO web/.env",
        ],
    )
    def test_what_is_for_another_file_is_given_once(self, title: str) -> None:
        files = {"app/conf.py": self.CODE, ".env.example": self.EXAMPLE.format(title=title)}
        assert findings(files) == set()
        assert infos(files) == {("duplicate-key", "A")}

    @pytest.mark.parametrize("title", ["Frontend", "see .env.local", "web/env"])
    def test_a_title_without_a_file_separates_nothing(self, title: str) -> None:
        files = {"app/conf.py": self.CODE, ".env.example": self.EXAMPLE.format(title=title)}
        assert findings(files) == {("duplicate-key", "A")}

    def test_several_are_one_block(self) -> None:
        files = {"app/conf.py": self.CODE, ".env.example": "A=1\nB=2\nB=3\nA=4\n"}
        assert titles(files) == {"keys that .env.example gives twice"}


def test_keys_that_are_empty_are_one_block() -> None:
    code = settings("size: int = 3", "on: bool = True", "ratio: float = 0.5")
    files = {"app/conf.py": code, ".env.example": "SIZE=\nON=\nRATIO=x\n"}
    found = [finding for finding in everything(load(files)) if finding.rule == "invalid-example-value"]
    groups = {finding.subject: finding.group for finding in found}
    assert (
        groups["SIZE"] == groups["ON"] == "keys that are empty in .env.example, and that their settings cannot take so"
    )
    assert groups["RATIO"] is None


def test_what_the_runtime_of_containers_sets_needs_no_line() -> None:
    code = "import os\nos.getenv('A')\nIN_DOCKER = os.environ.get('container') == 'docker'\n"
    assert infos({"app/conf.py": code, ".env.example": "A=1\n"}) == set()


@pytest.mark.parametrize("folder", ["app/[locale]", "template/{{ name }}", "what?", "a*b"])
def test_a_folder_whose_name_looks_like_a_pattern(folder: str) -> None:
    files = {f"{folder}/conf.py": "import os\nos.getenv('A')\nos.getenv('B')\n", f"{folder}/.env.example": "A=1\n"}
    facts = load(files)
    assert [unknown for app in facts.apps for unknown in getattr(app, "unknowns", ())] == []
    assert not facts.unknowns
