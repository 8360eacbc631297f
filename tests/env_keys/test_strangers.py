"""What first runs on projects of others said wrongly of settings and examples, in small."""

from __future__ import annotations

import pytest

from fr_check.core.model import Severity
from fr_check.core.nearness import Speller
from fr_check.core.text import Text
from fr_check.edits.example import uncommented
from tests.env_world import everything, findings, infos, load, settings

READS = "import os\n\nKEY = os.environ['MAIL_KEY']\nHOST = os.getenv('MAIL_HOST')\n"


@pytest.mark.parametrize("key", ["GEMINI_API_KEY", "ONESIGNAL_APP_ID", "MODEL_NAME_2", "GEMINI_EMBEDDING_MODEL"])
def test_another_thing_of_the_same_kind_is_no_misspelling(key: str) -> None:
    assert not Speller(["QDRANT_API_KEY", "FCM_APP_ID", "MODEL_NAME_1", "OPENAI_EMBEDDING_MODEL"]).nearest(key)


@pytest.mark.parametrize(
    ("key", "near"),
    [("REDIS_ULR", "REDIS_URL"), ("CORS_ORIGINS_STR", "CORS_ORIGINS"), ("APP_MAIL_HOST_NAME", "MAIL_HOST_NAME")],
)
def test_a_misspelling_is_one(key: str, near: str) -> None:
    assert Speller(["REDIS_URL", "CORS_ORIGINS", "MAIL_HOST_NAME"]).nearest(key) == near


def test_what_nobody_reads_is_one_block() -> None:
    files = {
        "app/conf.py": settings("qdrant_api_key: str = ''"),
        ".env.example": "QDRANT_API_KEY=\nGEMINI_API_KEY=\nB=\n",
    }
    groups = [finding.group for finding in everything(load(files)) if finding.rule == "unknown-example-key"]
    assert len(groups) == 2
    assert len({*groups}) == 1


@pytest.mark.parametrize(
    "line",
    ["# MAIL_HOST = smtp.example.org", "#MAIL_HOST =", "# MAIL_HOST", "# MAIL_HOST:"],
)
def test_a_name_in_a_comment_documents_what_need_not_be_set(line: str) -> None:
    assert findings({"app/conf.py": READS, ".env.example": f"MAIL_KEY=\n{line}\n"}) == set()
    optional = settings("mail_host: str = 'localhost'", "mail_key: str")
    assert findings({"app/conf.py": optional, ".env.example": f"MAIL_KEY=x\n{line}\n"}) == set()


@pytest.mark.parametrize(
    "line", ["MAIL_HOST", "# MAIL_HOST is set by the platform", "# see MAIL_HOST", "# MAIL_HOST == x"]
)
def test_a_sentence_with_a_name_in_it_documents_nothing(line: str) -> None:
    files = {"app/conf.py": READS, ".env.example": f"MAIL_KEY=\n{line}\n"}
    assert findings(files) == {("undocumented-read", "MAIL_HOST")}


def test_a_name_in_a_comment_is_not_enough_for_what_is_needed() -> None:
    files = {"app/conf.py": settings("mail_key: str", "a: int = 1"), ".env.example": "A=1\n# MAIL_KEY\n"}
    assert findings(files) == {("undocumented-setting", "MAIL_KEY")}


# What vendors publish for everybody: Azurite, Hardhat, Supabase on a developer's machine.
AZURITE = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsu" + "Fq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
HARDHAT = "0xac0974bec39a17e36ba4a6b4d238ff94" + "4bacb478cbed5efcae784d7bf4f2ff80"
SUPABASE = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." + "eyJpc3MiOiJzdXBhYmFzZS1kZW1vIiwicm9sZSI6ImFub24ifQ." + "c2lnbmF0dXJl"
)


@pytest.mark.parametrize("value", [AZURITE, HARDHAT, SUPABASE])
def test_a_key_that_everybody_has_is_no_leak(value: str) -> None:
    files = {"app/conf.py": settings("storage_secret: str"), ".env.example": f"STORAGE_SECRET={value}\n"}
    assert findings(files) == set()


def test_leaks_of_one_file_are_one_block() -> None:
    example = f"A_SECRET={AZURITE.swapcase()}\nB_SECRET={AZURITE.swapcase()}\n"
    found = everything(load({"app/conf.py": settings("a_secret: str", "b_secret: str"), ".env.example": example}))
    assert [finding.rule for finding in found if finding.severity == Severity.ERROR] == ["leaked-secret"] * 2
    assert len({finding.group for finding in found if finding.rule == "leaked-secret"}) == 1


def demanding(example: str, *names: str, profile: str = "") -> dict[str, str]:
    lines = "".join(f'      {name}: "${{{name}:?no}}"\n' for name in names)
    compose = f"services:\n  web:\n    image: app\n{profile}    environment:\n{lines}"
    return {
        "app/conf.py": settings(*(f"{name.lower()}: str = ''" for name in names)),
        ".env.example": example,
        "compose.yml": compose,
    }


def test_a_secret_that_the_example_lacks_is_told() -> None:
    assert ("required-but-empty", "DB_PASSWORD") in findings(demanding("A=1\n", "DB_PASSWORD"))


@pytest.mark.parametrize("comment", ["# (ОБЯЗАТЕЛЬНО) host", "# obligatoire", "# 必填"])
def test_a_comment_in_another_language_asks_for_a_value(comment: str) -> None:
    files = demanding(f"{comment}\nDB_HOST=\n", "DB_HOST")
    assert ("required-but-empty", "DB_HOST") in infos(files)


def test_demands_of_a_profile_that_is_off_are_one_block() -> None:
    files = demanding("M_USER=\nM_PASSWORD=\n", "M_USER", "M_PASSWORD", profile="    profiles: [ai]\n")
    found = [finding for finding in everything(load(files)) if finding.rule == "required-but-empty"]
    assert [finding.severity for finding in found] == [Severity.ERROR] * 2
    assert len({finding.group for finding in found}) == 1


SERVED = {
    "app/config.py": settings("database_url: str = 'sqlite://'", "smtp_port: int = 25") + "\n\nsettings = Settings()\n",
    "app/main.py": "from app.config import settings\n",
    "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n',
    "compose.yml": 'services:\n  web:\n    build: .\n    environment:\n      DATABASE_URL: "${DATABASE_URL}"\n',
}
VALUES = "DATABASE_URL=sqlite://\nSMTP_PORT=1025\n"


def test_what_an_example_documents_and_compose_leaves_out_is_a_warning() -> None:
    assert ("unpassed-setting", "SMTP_PORT") in findings({**SERVED, ".env.example": VALUES})


@pytest.mark.parametrize("name", ["ENVEXAMPLE", ".envexample", "env-sample", "envtemplate"])
def test_an_example_written_in_one_word_is_one(name: str) -> None:
    assert findings({"app/conf.py": READS, name: "MAIL_KEY=\nMAIL_OLD=\n"}) == {
        ("undocumented-read", "MAIL_HOST"),
        ("unknown-example-key", "MAIL_OLD"),
    }


def test_what_only_tests_set_is_not_missed() -> None:
    code = READS + "TESTING = os.getenv('TESTING')\n"
    assert findings({"app/conf.py": code, ".env.example": "MAIL_KEY=\nMAIL_HOST=\n"}) == set()


@pytest.mark.parametrize("guide", ["README.md", "docs/configuration.md", "INSTALL.rst", "backend/README.md"])
def test_what_a_guide_has_is_documented_there(guide: str) -> None:
    optional = {"app/conf.py": READS, ".env.example": "MAIL_KEY=\n", guide: "- `MAIL_HOST`: where mail goes\n"}
    assert findings(optional) == set()
    fields = {"app/conf.py": settings("mail_key: str", "mail_host: str = 'a'"), ".env.example": "MAIL_KEY=x\n"}
    assert findings({**fields, guide: "| MAIL_HOST | where mail goes |\n"}) == set()


@pytest.mark.parametrize("guide", ["CHANGELOG.md", "docs/plans/2026-mail.md", "tests/README.md"])
def test_what_only_other_documents_have_is_not(guide: str) -> None:
    files = {"app/conf.py": READS, ".env.example": "MAIL_KEY=\n", guide: "- `MAIL_HOST`: where mail goes\n"}
    assert findings(files) == {("undocumented-read", "MAIL_HOST")}


def test_a_guide_does_not_replace_the_line_of_what_is_needed() -> None:
    files = {"app/conf.py": READS, ".env.example": "MAIL_HOST=\n", "README.md": "Set `MAIL_KEY`.\n"}
    assert findings(files) == {("undocumented-read", "MAIL_KEY")}
    secret = {"app/conf.py": settings("mail_key: str = ''", "n: int = 1"), ".env.example": "N=1\n"}
    assert findings({**secret, "README.md": "`MAIL_KEY`\n"}) == {("undocumented-setting", "MAIL_KEY")}


@pytest.mark.parametrize("value", ["[OPTIONAL]", "[FILL ME IN]", "[OPTIONAL BOOL, DEFAULTS TO TRUE]", "[your number]"])
def test_words_in_brackets_ask_for_a_value(value: str) -> None:
    files = {"app/conf.py": settings("proxy: bool = False"), ".env.example": f"PROXY={value}\n"}
    assert ("invalid-example-value", "PROXY") in infos(files)
    assert findings(files) == set()


@pytest.mark.parametrize("value", ["[true]", '["a", "b"]', "[1, 2]", "[a]"])
def test_a_list_is_no_such_word(value: str) -> None:
    files = {"app/conf.py": settings("proxy: bool = False"), ".env.example": f"PROXY={value}\n"}
    assert findings(files) == {("invalid-example-value", "PROXY")}


@pytest.mark.parametrize(
    "call",
    [
        "from app.conf import Settings as conf\n\nvalues = conf(mail_host='a')\n",
        "from app.conf import Settings\n\nvalues = Settings(mail_host='a')\n",
        "from app.conf import (\n    Settings as Conf,\n)\n\nvalues = Conf(**{})\n",
    ],
)
def test_a_class_under_another_name_is_called_too(call: str) -> None:
    files = {"app/conf.py": settings("mail_host: str", "n: int = 1"), "app/main.py": call, ".env.example": "N=1\n"}
    assert ("undocumented-setting", "MAIL_HOST") not in findings(files)


def test_one_that_is_called_without_arguments_needs_all() -> None:
    call = "from app.conf import Settings as conf\n\nvalues = conf()\nothers = conf(mail_host='a')\n"
    files = {"app/conf.py": settings("mail_host: str", "n: int = 1"), "app/main.py": call, ".env.example": "N=1\n"}
    assert ("undocumented-setting", "MAIL_HOST") in findings(files)


def test_a_plain_example_that_is_called_a_template_renders_nothing() -> None:
    code = READS + "HOST = helper.get('MAIL_SENDER')\n"
    files = {"app/conf.py": code, "app.env.tmpl": "MAIL_KEY=\nMAIL_HOST=\nMAIL_SENDER=\n"}
    assert "unconsumed-secret" not in {rule for rule, _ in findings(files)}


@pytest.mark.parametrize(
    "value", ["#MAIL_KEY_AES_256#", "@MAIL_KEY_AES_256@", "__MAIL_KEY_AES_256__", "%%MAIL_KEY_AES_256%%"]
)
def test_what_a_script_replaces_is_no_secret(value: str) -> None:
    files = {"app/conf.py": settings("mail_key: str"), ".env.example": f"MAIL_KEY={value}\n"}
    assert findings(files) == set()


def test_defaults_that_are_written_elsewhere_may_be_there() -> None:
    head = "import environ\nfrom app.defaults import DEFAULTS\n\nenv = environ.Env({})\n"
    code = head + "A = env('A_KEY')\nB = env('B_KEY')\n"
    example = {".env.example": "".join(f"KEY_{n}=\n" for n in range(2)) + "B_KEY=\n"}
    many = "".join(f"X{n} = env('X_{n}')\n" for n in range(9))
    spread = {"app/conf.py": code.format("**DEFAULTS") + many, **example}
    assert "undocumented-read" not in {rule for rule, _ in findings(spread)}
    plain = {"app/conf.py": code.format("DEBUG=(bool, False)") + many, **example}
    assert ("undocumented-read", "A_KEY") in findings(plain)


@pytest.mark.parametrize("line", ["# MAIL_HOST", "# MAIL_HOST:", "#MAIL_HOST ="])
def test_a_name_that_a_comment_has_becomes_an_assignment(line: str) -> None:
    assert uncommented(Text(f"{line}\n"), 1) == "MAIL_HOST="
