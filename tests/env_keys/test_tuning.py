"""What serves wherever a program runs is left out of examples by choice; what only one place has is not."""

from __future__ import annotations

import pytest

from fr_check.core.model import Severity
from fr_check.env_keys.apps.selection import serves
from tests.env_world import everything, findings, infos, load, settings

URLS = tuple(f"u{number}_url: str" for number in range(5))
EXAMPLE = "".join(f"U{number}_URL=http://u{number}\n" for number in range(5))
TUNING = ("pool_size: int = 32", "algorithm: str = 'HS256'", "minutes: int = 60 * 24", "ratio: float = -0.5")
LEFT = {"POOL_SIZE", "ALGORITHM", "MINUTES", "RATIO"}


def world(*fields: str, example: str = EXAMPLE) -> dict[str, str]:
    return {"app/conf.py": settings(*URLS, *fields), ".env.example": example}


def test_tuning_beside_an_example_of_addresses_is_information() -> None:
    assert findings(world(*TUNING)) == set()
    assert infos(world(*TUNING)) == {("undocumented-setting", name) for name in LEFT}


@pytest.mark.parametrize(
    "field",
    ["api_url: str = 'http://localhost'", "note: str = ''", "more: str | None = None", "db_user: str = 'postgres'",
     "hosts: list[str] = []", "chat_id: int = 0", "title: str = 'change me'", "mailer: str = 'a@b.example'"],
)  # fmt: skip
def test_what_differs_between_deployments_is_a_warning_among_tuning(field: str) -> None:
    name = field.partition(":")[0].upper()
    assert findings(world(*TUNING, field)) == {("undocumented-setting", name)}


def test_what_is_required_or_secret_is_an_error_among_tuning() -> None:
    assert findings(world(*TUNING, "token: str")) == {("undocumented-setting", "TOKEN")}
    found = [one for one in everything(load(world(*TUNING, "api_key: SecretStr = ''"))) if one.subject == "API_KEY"]
    assert [one.severity for one in found] == [Severity.ERROR]


def test_where_the_example_has_most_of_the_tuning_what_is_missing_was_forgotten() -> None:
    example = EXAMPLE + "POOL_SIZE=3\nALGORITHM=HS256\nMINUTES=3\n"
    assert findings(world(*TUNING, example=example)) == {("undocumented-setting", "RATIO")}
    # Ports go along with addresses.
    assert (
        findings(world(*TUNING, "a_port: int = 1", "b_port: int = 2", example=EXAMPLE + "A_PORT=1\nB_PORT=2\n"))
        == set()
    )


def test_a_small_example_says_nothing_of_what_its_author_would_leave_out() -> None:
    files = {"app/conf.py": settings(*TUNING, "a_url: str"), ".env.example": "A_URL=http://a\n"}
    assert findings(files) == {("undocumented-setting", name) for name in LEFT}


def test_the_strict_preset_asks_for_every_line() -> None:
    files = {"apps/backend/src/config.py": settings(*URLS, *TUNING), ".env.example": EXAMPLE}
    assert {name for rule, name in findings(files) if rule == "undocumented-setting"} == LEFT


CALLS = {
    "a default": ("os.getenv('SIZE', '50')", False),
    "a number": ("int(os.environ.get('SIZE', 50))", False),
    "a negative one": ("int(os.environ.get('SIZE', -1))", False),
    "behind or": ("int(os.getenv('SIZE') or 50)", False),
    "a switch": ("os.getenv('SIZE') == '1'", False),
    "a switch in lower case": ("os.getenv('SIZE', '').lower() in ('1', 'true')", False),
    "a switch behind or": ("(os.getenv('SIZE') or '').strip() == 'yes'", False),
    "a sum": ("int(os.getenv('SIZE', 7 * 24 * 3600))", False),
    "a number as a text": ("int(os.getenv('SIZE', str(2 * 1024 * 1024)))", False),
    "a constant": ("int(os.getenv('SIZE', LIMIT))", False),
    "a member of a class": ("os.getenv('SIZE', Mode.THREAD)", False),
    "its value": ("os.getenv('SIZE', Mode.THREAD.value)", False),
    "a constant behind or": ("int(os.getenv('SIZE', '').strip() or LIMIT)", False),
    "a switch below str": ("str(os.getenv('SIZE', '')).strip().lower() in {'1', 'on'}", False),
    "words of a constant": ("os.getenv('SIZE', '').lower() in WORDS", False),
    "a constant that is an address": ("os.getenv('SIZE', PLACE)", True),
    "a constant that is bound twice": ("os.getenv('SIZE', TWICE)", True),
    "a constant of another module": ("os.getenv('SIZE', more.LIMIT)", True),
    "words that are no switch": ("os.getenv('SIZE', '').lower() in KINDS", True),
    "a text of sums": ("os.getenv('SIZE', 2 * PLACE)", True),
    "decouple": ("config('SIZE', default=50, cast=int)", False),
    "an address": ("os.getenv('SIZE', 'http://localhost')", True),
    "nothing": ("os.getenv('SIZE')", True),
    "an empty text": ("os.getenv('SIZE', '')", True),
    "a choice": ("os.getenv('SIZE') == 'big'", True),
    "what code computes": ("os.getenv('SIZE', make())", True),
    "a read that fails": ("os.environ['SIZE']", True),
}


CONSTANTS = """
import enum
LIMIT: int = 60 * 4
PLACE = "http://localhost"
TWICE = 1
TWICE = "http://localhost"
WORDS = frozenset({"1", "true"})
KINDS = ("big", "small")
class Mode(enum.Enum):
    THREAD = "thread"
"""


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize(("call", "told"), CALLS.values(), ids=CALLS.keys())
def test_reads(call: str, told: bool, settled: bool) -> None:  # noqa: FBT001 - a parameter of the test
    keys = [f"U{number}_URL" for number in range(5)]
    code = "import os\nfrom decouple import config\n" + "".join(f"os.environ['{key}']\n" for key in keys)
    files = {"app/more.py": f"{code}{CONSTANTS}x = {call}\n", ".env.example": EXAMPLE}
    files |= {"app/conf.py": settings("u0_url: str")} if settled else {}
    rule = "read-outside-settings" if settled else "undocumented-read"
    assert findings(files) == ({(rule, "SIZE")} if told else set())
    assert ((rule, "SIZE") in infos(files)) is not told


@pytest.mark.parametrize(("call", "told"), [("'3'", False), ("default=3", False), ("'http://x'", True), ("None", True)])
def test_functions_that_read_what_they_are_called_with(call: str, told: bool) -> None:  # noqa: FBT001 - as above
    code = "import os\ndef get_env(name, default=None):\n    return os.getenv(name, default)\n"
    reads = "".join(f"get_env('U{number}_URL')\n" for number in range(5))
    files = {"app/more.py": f"{code}{reads}get_env('SIZE', {call})\n", ".env.example": EXAMPLE}
    assert (("undocumented-read", "SIZE") in findings(files)) is told


@pytest.mark.parametrize(
    ("name", "default", "expected"),
    [("A", "1_000", True), ("A", "1e-3", True), ("A", "off", True), ("A", "10.0.0.1", False), ("A", "None", False),
     ("TENANT", "main", False), ("TENANT_LIMIT", "3", True), ("CHANNEL_ID", "3", False), ("A", "/data", True),
     ("A", "<your name>", False), ("A", "", False)],
)  # fmt: skip
def test_defaults(name: str, default: str, expected: bool) -> None:  # noqa: FBT001 - as above
    assert serves(name, default) is expected


READ = "def f():\n    raw = os.getenv('SIZE')\n"
LATER = {
    "a switch": ("raw = os.getenv('SIZE', '').lower()\nif raw in ('1', 'true'): pass", False),
    "words of a constant": ("raw = (os.getenv('SIZE') or '').strip()\non = raw.lower() not in WORDS", False),
    "in a function": (f"{READ}    return raw == '1'", False),
    "a number behind if": ("raw = os.getenv('SIZE')\nx = float(raw) if raw else 5", False),
    "a number behind if not": ("raw = os.getenv('SIZE')\nx = 5 if raw is None else int(raw)", False),
    "a number behind or": ("raw = os.getenv('SIZE')\nx = int(raw or LIMIT)", False),
    "a return": (f"{READ}    if raw is None or raw == '':\n        return LIMIT\n    return int(raw)", False),
    "an assignment": ("raw = os.getenv('SIZE')\nif not raw:\n    raw = '5'", False),
    "in the condition": ("if (raw := os.getenv('SIZE')) is None:\n    raw = '5'", False),
    "an address": ("raw = os.getenv('SIZE')\nx = raw if raw else 'http://localhost'", True),
    "the other branch": ("raw = os.getenv('SIZE')\nx = 5 if raw else raw", True),
    "no word of a switch": ("raw = os.getenv('SIZE')\nif raw == 'big': pass", True),
    "a name of another function": (f"{READ}    return raw\ndef g(raw):\n    return raw == '1'", True),
    "nothing": (f"{READ}    if raw is None:\n        return None\n    return int(raw)", True),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "told"), LATER.values(), ids=LATER.keys())
def test_what_becomes_of_a_read_later(lines: str, told: bool) -> None:  # noqa: FBT001 - a parameter of the test
    reads = "".join(f"os.environ['U{number}_URL']\n" for number in range(5))
    files = {"app/more.py": f"import os\n{reads}{CONSTANTS}{lines}\n", ".env.example": EXAMPLE}
    assert (("undocumented-read", "SIZE") in findings(files)) is told


HELPERS = """import os
from app.limits import ELSEWHERE
LIMIT = 30
def get_int(name, default):
    raw = os.getenv(name)
    return int(raw) if raw else default
def get_flag(name, default=False):
    return os.getenv(name, "").lower() in {"1", "true"}
def get_size(name, default=10):
    return int(os.getenv(name) or default)
def get_text(name):
    return os.getenv(name, "")
"""


@pytest.mark.parametrize(
    ("call", "told"),
    [("get_int('SIZE', 7 * 24 * 3600)", False), ("get_int('SIZE', LIMIT)", False),
     ("get_int('SIZE', 2 * LIMIT)", False),
     ("get_int(\n    'SIZE',\n    default=LIMIT,\n)", False), ("get_flag('SIZE')", False),
     ("get_flag('SIZE', True)", False),
     ("get_size('SIZE')", False), ("get_int('SIZE', ELSEWHERE)", True), ("get_int('SIZE', make())", True),
     ("get_text('SIZE')", True), ("get_int('SIZE', None)", True), ("get_size('SIZE', '')", True)],
)  # fmt: skip
def test_what_functions_fall_back_on(call: str, told: bool) -> None:  # noqa: FBT001 - as above
    reads = "".join(f"os.environ['U{number}_URL']\n" for number in range(5))
    files = {"app/more.py": f"{HELPERS}{reads}x = {call}\n", ".env.example": EXAMPLE}
    assert (("undocumented-read", "SIZE") in findings(files)) is told


def test_lines_in_comments_are_part_of_an_example() -> None:
    files = world(*TUNING, example="# " + EXAMPLE.rstrip().replace("\n", "\n# ") + "\n")
    assert {name for _, name in findings(files)} == {f"U{number}_URL" for number in range(5)}
    assert infos(files) >= {("undocumented-setting", name) for name in LEFT}


@pytest.mark.parametrize(("number", "told"), [(3, False), (2, True)])
def test_a_part_that_the_example_leaves_out_as_a_whole(number: int, told: bool) -> None:  # noqa: FBT001 - as above
    def reads(word: str, several: int) -> str:
        return "import os\n" + "".join(f"os.getenv('{word}_{at}_SIZE', '5')\n" for at in range(several))

    example = EXAMPLE + "".join(f"KNOWN_{at}_SIZE=5\n" for at in range(8))
    files = {"app/a.py": reads("KNOWN", 8) + "os.getenv('FORGOTTEN', '1')\n", "app/b.py": reads("LEFT", number)}
    found = {name for rule, name in findings({**files, ".env.example": example}) if rule == "undocumented-read"}
    assert found == {"FORGOTTEN"} | ({f"LEFT_{at}_SIZE" for at in range(number)} if told else set())
