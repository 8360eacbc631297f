"""What reaches settings without a variable: keywords, code that sets `os.environ`, files that a build makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from variables.notation import repository
from variables.settings_object import started
from variables.test_cases import findings
from variables.test_several_programs import _outcomes

_HEAD = "from pathlib import Path\nfrom pydantic_settings import BaseSettings\nimport os\n"
_CLASS = "class Settings(BaseSettings):\n    a: str = 'x'\n    secret_key: str = 'dev'\n"
_WEB = "AK C«web: {build: ., env}»"

_KEYWORDS = {
    "a call": "settings = Settings(secret_key=Path('/run/k').read_text())\n",
    "a call in a function": (
        "def load():\n    return Settings(a='1', secret_key=Path('/k').read_text())\nsettings = load()\n"
    ),
    "one of two calls": "settings = Settings(secret_key=os.urandom(8).hex())\nother = Settings()\n",
}


@pytest.mark.parametrize("made", _KEYWORDS.values(), ids=_KEYWORDS)
def test_what_a_call_passes_is_not_missing(made: str):
    files = {**repository(_WEB), "app/config.py": _HEAD + _CLASS + made}
    assert not {found for found in findings(files) if found[1] == "SECRET_KEY"}
    assert _outcomes(files, "SECRET_KEY")["service `web`"][0] == "unknown"


def test_a_call_passes_what_it_names_and_no_more():
    files = {**repository(_WEB), "app/config.py": _HEAD + _CLASS + "settings = Settings(a='1')\n"}
    assert ("unpassed-setting", "SECRET_KEY", "error") in findings(files)


_CODE = {
    "set": ("os.environ['B'] = 'b'\n", ("value", True)),
    "set to something": ("os.environ['B'] = os.urandom(8).hex()\n", ("unknown", False)),
    "filled": ("os.environ.setdefault('B', 'b')\n", ("value", True)),
    "in a function": ("def f():\n    os.environ['B'] = 'b'\n", ("unknown", False)),
    "many at once": ("os.environ.update(load())\n", ("unknown", False)),
    "looked at": ("print(os.environ['B'] == 'b')\n", ("default", True)),
}


@pytest.mark.parametrize(("code", "outcome"), _CODE.values(), ids=_CODE)
def test_code_sets_the_environment(code: str, outcome: tuple[str, bool]):
    files = repository("AB C«web: {build: ., env}»")
    files["app/config.py"] = "import os\n" + code + files["app/config.py"]
    assert _outcomes(files, "B")["service `web`"] == outcome
    assert (("unpassed-setting", "B", "warning") in findings(files)) == (outcome[0] == "default")


_AB = 'AB|env_file=".env" '
_FILES = {
    "copied under another name": _AB + "D«COPY app app¶COPY .env.production .env» F .env.production«B=p»",
    "written by the build": _AB + "D«COPY app app¶RUN printf 'B=baked' > .env»",
    "written by the build, over lines": _AB + "D«COPY app app¶RUN echo B=1 \\¶  | tee .env»",
    "copied by the build": _AB + "D«COPY . .¶RUN cp .env.example /app/.env»",
    "of another stage": _AB + "D«COPY app app¶COPY --from=alpine /defaults /app/.env»",
    "copied by the entrypoint": (
        _AB + 'D«COPY . .¶ENTRYPOINT ["./start.sh"]» F start.sh«[ -f .env ] || cp .env.example .env¶exec "$@"»'
    ),
    "written by the entrypoint": (
        _AB + 'D«COPY . .¶ENTRYPOINT ["./start.sh"]» F start.sh«envsubst < env.tmpl >> "$PWD/.env"¶exec "$@"»'
    ),
}


@pytest.mark.parametrize("line", _FILES.values(), ids=_FILES)
def test_a_file_that_is_made_on_the_way(line: str):
    assert findings(repository(line + " C«web: {build: ., env}»")) == set()


_NONE = {
    "another file": _AB + "D«COPY app app¶RUN printf 'B=baked' > prod.env»",
    "one that is only read": (
        _AB + 'D«COPY . .¶ENTRYPOINT ["./start.sh"]» F start.sh«[ -f .env ] && . ./.env¶exec "$@"»'
    ),
}


@pytest.mark.parametrize("line", _NONE.values(), ids=_NONE)
def test_a_file_that_nothing_makes(line: str):
    assert findings(repository(line + " C«web: {build: ., env}»")) == {("unpassed-setting", "B", "warning")}


def test_a_file_that_the_call_names():
    files = repository("AB D«COPY . .» F conf/prod.env«B=prod» C«web: {build: ., env}»")
    files["app/config.py"] = files["app/config.py"].replace("Settings()\n", "Settings(_env_file='conf/prod.env')\n")
    assert findings(files) == set()
    files["app/config.py"] = files["app/config.py"].replace("'conf/prod.env'", "find()")
    assert findings(files) == set()


def test_a_file_that_load_dotenv_names_counts_from_the_working_folder():
    files = repository("AB D«COPY . .» F conf/web.env«B=file» C«web: {build: ., env}»")
    files["app/config.py"] = "from dotenv import load_dotenv\nload_dotenv('conf/web.env')\n" + files["app/config.py"]
    assert _outcomes(files, "B") == {"service `web`": ("value", True)}


@pytest.mark.parametrize("name", ["home", "hostname", "shell", "lang"])
def test_what_the_surroundings_set_is_not_missing(name: str):
    line = f'S«a: str = "x"¶{name}: str = "y"» E«A=1¶{name.upper()}=z» C«web: {{build: ., env}}»'
    assert {rule for rule, subject, _ in findings(repository(line)) if subject == name.upper()} == {"ambient-name"}


@pytest.mark.parametrize(
    "field",
    [
        "path: Db = Db()",
        "home: Db | None = None",
        "hostname: dict[str, str] = Field(default_factory=dict)",
        "path: list[str] = Field(default_factory=lambda: ['/bin'])",
    ],
)
def test_what_is_set_everywhere_is_no_json(field: str, tmp_path: Path):
    files = repository("AB C«web: {build: ., env_file: [.env]}»")
    files["app/config.py"] = (
        "from pydantic import BaseModel, Field\nfrom pydantic_settings import BaseSettings\n\n\n"
        "class Db(BaseModel):\n    n: str = 'q'\n\n\n"
        f"class Settings(BaseSettings):\n    {field}\n\n\nsettings = Settings()\n"
    )
    assert {(rule, severity) for rule, _, severity in findings(files)} == {("ambient-name", "error")}
    (tmp_path / "app").mkdir()
    (tmp_path / "app/config.py").write_text(files["app/config.py"])
    # pydantic-settings itself: the settings cannot be made.
    assert isinstance(started(tmp_path, {"PATH": "/usr/bin:/bin", "HOME": "/root", "HOSTNAME": "5f2c"}), set)
