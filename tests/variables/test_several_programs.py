"""One image, several programs: what each reads follows its imports."""

from __future__ import annotations

import json

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.env_keys import programs
from fr_check.env_keys.checker import CHECKER
from fr_check.env_keys.processes.refused import text_refused
from fr_check.variables.model import Absent, Maybe, Removed, Set
from fr_check.variables.trace import Tracer
from variables.test_cases import findings

_IMPORT = "from pydantic_settings import BaseSettings\n\n\n"
_HEAD = _IMPORT + "class {name}(BaseSettings):\n    {field}\n\n\nsettings = {name}()\n"
_IMAGE = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["uvicorn", "app.main:app"]\n'
_API = "  api:\n    build: .\n    environment: {API_KEY: '${API_KEY:-k}'}\n"
_WORKER = "  worker:\n    build: .\n    command: %s\n    environment: {QUEUE: '${QUEUE:-q}'}\n"


def _files(
    command: str = "python -m app.worker", worker: str = "from app.worker_config import settings\n"
) -> dict[str, str]:
    return {
        "app/__init__.py": "",
        "app/api_config.py": _HEAD.format(name="ApiSettings", field='api_key: str = "dev"'),
        "app/worker_config.py": _HEAD.format(name="WorkerSettings", field="queue: str"),
        "app/main.py": "from .api_config import settings\n",
        "app/worker.py": worker,
        ".env.example": "API_KEY=\nQUEUE=q\n",
        "Dockerfile": _IMAGE,
        ".dockerignore": ".env*\n",
        "compose.yml": "services:\n" + _API + _WORKER % command,
    }


_FIRST = {
    "a module of its own": _files(),
    "a file of its own": _files("python app/worker.py"),
    "another server": _files("uvicorn app.worker:app"),
    "celery": _files("celery -A app.worker worker"),
    "by way of another module": {
        **_files(worker="from app import jobs\n"),
        "app/jobs.py": "import fastapi\nfrom .worker_config import settings\n",
    },
    "what only a type checker sees": _files(
        worker=(
            "from typing import TYPE_CHECKING\nfrom app.worker_config import settings\nif TYPE_CHECKING:\n"
            "    from app.api_config import settings as other\n\nprint(1)\n"
        )
    ),
    "imports that only running it tells": _files(
        worker="import importlib\nfrom app.worker_config import settings\nimportlib.import_module(settings.queue)\n"
    ),
    "a module that is generated": _files(
        worker="from app.worker_config import settings\nfrom app.generated import jobs\n"
    ),
    "another program that it starts": _files(
        worker="import subprocess\nfrom app.worker_config import settings\nsubprocess.run([settings.queue])\n"
    ),
}


@pytest.mark.parametrize("files", _FIRST.values(), ids=_FIRST)
def test_a_process_is_asked_for_no_setting_of_another_program(files: dict[str, str]):
    assert findings(files) == set()


_OWN = {
    "its own is asked for": _files(),
    "a package that imports it": {
        **_files(worker="from app.jobs import one\n"),
        "app/jobs/__init__.py": "from app.worker_config import settings\n",
        "app/jobs/one.py": "",
    },
    "a package of the workspace": {
        **_files(worker="import shared.conf\n"),
        "packages/shared/src/shared/__init__.py": "",
        "packages/shared/src/shared/conf.py": "from app.worker_config import settings\n",
    },
}


@pytest.mark.parametrize("files", _OWN.values(), ids=_OWN)
def test_a_process_is_asked_for_what_it_imports(files: dict[str, str]):
    compose = files["compose.yml"].replace("{QUEUE: '${QUEUE:-q}'}", "{API_KEY: '${API_KEY:-k}'}")
    found = findings({**files, "compose.yml": compose})
    assert ("unpassed-setting", "QUEUE", "error") in found
    assert ("unconsumed-variable", "API_KEY", "warning") in found


_CALLED = {
    "in a function": "def run():\n    from app.worker_config import settings\n",
    "a method": "class A:\n    async def f(self,\n        x):\n\n        if x:\n            import app.worker_config",
    "by what a function imports": "def run():\n    import app.jobs\n",
}
_AT_ONCE = {
    "under a condition": "import os\nif os.name:\n    from app.worker_config import settings\n",
    "behind a function": "def run():\n    pass\n\ntry:\n    import app.worker_config\nexcept ImportError:\n    pass\n",
    "in a class": "class A:\n    from app.worker_config import settings\n",
}


@pytest.mark.parametrize("worker", [*_CALLED.values(), *_AT_ONCE.values()], ids=[*_CALLED, *_AT_ONCE])
def test_what_a_function_imports_is_only_read_where_it_is_called(worker: str):
    files = {**_files(worker=worker), "app/jobs.py": "from app.worker_config import settings\n"}
    called = worker in _CALLED.values()
    compose = files["compose.yml"].replace("{QUEUE: '${QUEUE:-q}'}", "{OTHER: '1'}")
    asked = ("unpassed-setting", "QUEUE", "error") in findings({**files, "compose.yml": compose})
    assert asked is not called


def test_what_both_inherit_is_read_by_both():
    files = {
        **_files(),
        "app/base.py": _IMPORT + "class Base(BaseSettings):\n    secret_key: str = 'dev'\n",
        "app/api_config.py": "from .base import Base\nclass Api(Base):\n    api_key: str = 'dev'\nsettings = Api()\n",
        "app/worker_config.py": "from .base import Base\nclass Worker(Base):\n    queue: str\nsettings = Worker()\n",
        ".env.example": "API_KEY=\nQUEUE=q\nSECRET_KEY=s\n",
    }  # fmt: skip
    found = findings(files)
    assert found == {("unpassed-setting", "SECRET_KEY", "error")}
    assert [one.process.what for one in _traced(files, "SECRET_KEY")] == ["service `api`", "service `worker`"]


def _traced(files: dict[str, str], name: str):
    context = Context(Memory(files), Config(), None)
    flow = CHECKER.load(context).flow
    placed = Tracer(flow, text_refused).trace(name).processes
    whats = {one.traced.what: one.traced for one in placed}
    return [one for one in flow.services if one.process.what in whats]


def _outcomes(files: dict[str, str], name: str) -> dict[str, tuple[str, bool]]:
    context = Context(Memory(files), Config(), None)
    placed = Tracer(context.once(programs.flow), text_refused).trace(name).processes
    return {one.traced.what: (one.traced.outcome.word, one.traced.outcome.certain) for one in placed}


def test_a_trace_has_the_processes_that_read_it():
    assert _outcomes(_files(), "API_KEY") == {"service `api`": ("value", True)}


def test_where_an_import_is_not_known_a_trace_says_so():
    files = _FIRST["imports that only running it tells"]
    assert _outcomes(files, "API_KEY") == {"service `api`": ("value", True), "service `worker`": ("default", False)}


@pytest.mark.parametrize("command", ["celery -A app.tasks worker", "python app/tasks.py", "arq app.tasks.Worker"])
def test_a_process_that_reads_without_settings_is_traced(command: str):
    files = {
        **_files(),
        "app/tasks.py": "import os\nurl = os.environ['BROKER_URL']\n",
        ".env.example": "API_KEY=\nQUEUE=q\nBROKER_URL=x\n",
        "compose.yml": "services:\n" + _API + f"  tasks:\n    build: .\n    command: {command}\n",
    }
    assert _outcomes(files, "BROKER_URL") == {"service `tasks`": ("not-set", True)}


def test_a_backend_without_settings_is_traced():
    files = {
        "app/main.py": "import os\nprint(os.environ['A'])\n",
        ".env.example": "A=1\n",
        "Dockerfile": 'FROM python:3.12\nWORKDIR /app\nCOPY app app\nCMD ["python", "-m", "app.main"]\n',
        "compose.yml": "services:\n  web:\n    build: .\n    environment: {A: '${A:-1}'}\n",
    }
    assert _outcomes(files, "A") == {"service `web`": ("example", False)}


# A script of one service -> what it has of QUEUE, which the worker reads, and of API_KEY, which the other one does.
_SET, _UNSET, _MAYBE = "set", "unset", "maybe"
_API_START, _WORKER_START = "exec uvicorn app.main:app", "exec celery -A app.worker worker"
_WAYS = {
    "of two, the first with its own": (
        f'case "$$MODE" in w) export QUEUE=q; {_WORKER_START} ;; *) {_API_START} ;; esac', _MAYBE, _UNSET,
    ),
    "of two, the last with its own": (
        f'case "$$MODE" in a) {_API_START} ;; *) QUEUE=q {_WORKER_START} ;; esac', _SET, _UNSET,
    ),
    "of two, the first with what the last reads alone": (
        f'case "$$MODE" in w) export API_KEY=k; {_WORKER_START} ;; *) {_API_START} ;; esac', _UNSET, _UNSET,
    ),
    "of two, both the same": (
        f'case "$$MODE" in w) export QUEUE=q; {_WORKER_START} ;; *) QUEUE=q {_API_START} ;; esac', _SET, _UNSET,
    ),
    "of two, one with a value of its own": (
        f'case "$$MODE" in w) export QUEUE=q; {_WORKER_START} ;; *) QUEUE=r {_API_START} ;; esac', _MAYBE, _UNSET,
    ),
    "one after the other": (
        f"QUEUE=q python -m app.worker && {_API_START}", _MAYBE, _UNSET,
    ),
    "one after the other, with what is exported before": (
        f"export QUEUE=q; python -m app.worker; export API_KEY=k; {_API_START}", _SET, _SET,
    ),
    "one beside the other": (
        f"{_WORKER_START.removeprefix('exec ')} & export QUEUE=q; {_API_START}", _MAYBE, _UNSET,
    ),
    "of two, one with a file that nobody sees": (
        f'if [ "$$X" ]; then set -a; . /run/x.env; {_WORKER_START}; fi; {_API_START}', _MAYBE, _MAYBE,
    ),
    "of two, one without what Compose gives": (
        f'if [ "$$X" ]; then env -u TOKEN {_WORKER_START.removeprefix("exec ")}; else {_API_START}; fi', _UNSET, _UNSET,
    ),
    "of three, one with its own": (
        f'case "$$X" in a) {_API_START} ;; w) QUEUE=q {_WORKER_START} ;; *) python -m app.main ;; esac', _MAYBE, _UNSET,
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", _WAYS)
def test_what_all_programs_of_a_script_are_given_is_certain(way: str):
    script, queue, api_key = _WAYS[way]
    service = f"  both:\n    build: .\n    entrypoint: [sh, -c, {json.dumps(script)}]\n    environment: {{TOKEN: t}}\n"
    context = Context(Memory({**_files(), "compose.yml": "services:\n" + service}), Config())
    flow = context.once(programs.flow)
    (process,) = (one.process for one in flow.services if one.process.what == "service `both`")
    words = {Set: _SET, Absent: _UNSET, Removed: _UNSET, Maybe: _MAYBE}
    assert {one: words[type(process.get(one))] for one in ("QUEUE", "API_KEY")} == {"QUEUE": queue, "API_KEY": api_key}


def test_a_program_beside_another_one_reads_the_file_that_it_sources():
    script = f'case "$$M" in w) set -a; . /secrets/.env; {_WORKER_START} ;; *) {_API_START} ;; esac'
    files = {
        **_files(),
        "secrets.ctmpl": '{{ with secret "kv/data/app" }}QUEUE="{{ .Data.data.QUEUE }}"\n{{ end }}',
        "compose.yml": f"services:\n  both:\n    build: .\n    entrypoint: [sh, -c, {json.dumps(script)}]\n",
    }
    (both,) = Context(Memory(files), Config()).once(programs.flow).services
    assert [one.path for one in both.sourced.noted] == ["/secrets/.env"]
    assert isinstance(both.process.get("QUEUE"), Maybe)


_CONFIG = "from app.worker_config import settings\n"
_FACTORY = f"def create_app():\n    {_CONFIG}    return settings\n"
_IF_MAIN = "if __name__ == '__main__':\n    create_app()\n"
_MADE = {
    "by a server that is told so": ("uvicorn app.worker:create_app --factory", _FACTORY),
    "by gunicorn": ("gunicorn 'app.worker:create_app()'", _FACTORY),
    "by gunicorn, with words": ('''gunicorn "app.worker:create_app('x')"''', _FACTORY),
    "by flask, which looks for it": ("flask --app app.worker run", _FACTORY),
    "by waitress": ("waitress-serve --call app.worker:create_app", _FACTORY),
    "at the end of its file": ("uvicorn app.worker:app", f"{_FACTORY}app = create_app()\n"),
    "where its file is the program": ("python -m app.worker", f"{_FACTORY}{_IF_MAIN}"),
    "as what another function calls": (
        "uvicorn app.worker:create_app --factory",
        f"def load(\n    x=1,\n):\n    {_CONFIG}\ndef create_app():\n    load()\n",
    ),
    "by another file that imports it": ("uvicorn app.wsgi:app", _FACTORY),
    "by another file, under another name": ("uvicorn app.other:app", _FACTORY),
    "by a server that the code starts": (
        "python -m app.worker",
        f"{_FACTORY}import uvicorn\nuvicorn.run('app.worker:create_app', factory=True)\n",
    ),
    "by the file of gunicorn": ("gunicorn -c gunicorn.conf.py", _FACTORY),
    "by the loop of events": (
        "python app/worker.py",
        f"async def main():\n    {_CONFIG}\nif __name__ == '__main__':\n    asyncio.run(main())\n",
    ),
    "by a command that the project installs": ("serve-worker", _FACTORY),
}
_NOT_MADE = {
    "without a word that says so": ("uvicorn app.worker:create_app", _FACTORY),
    "in a function that nothing calls": ("uvicorn app.worker:app", _FACTORY),
    "in a function inside of it": (
        "uvicorn app.worker:create_app --factory",
        f"def create_app():\n    def view():\n        {_CONFIG}    return 1\n",
    ),
    "called inside a function inside of it": (
        "uvicorn app.worker:create_app --factory",
        f"def f():\n    {_CONFIG}\ndef create_app():\n    def g():\n        f()\n",
    ),
    "in a method of the same name": (
        "uvicorn app.worker:create_app --factory",
        f"class A:\n    def create_app(self):\n        {_CONFIG}",
    ),
    "where its file is imported": ("uvicorn app.worker:app", f"{_FACTORY}{_IF_MAIN}"),
}


@pytest.mark.parametrize("way", [*_MADE, *_NOT_MADE])
def test_what_a_function_imports_that_is_called_at_the_start_is_certain(way: str):
    command, worker = {**_MADE, **_NOT_MADE}[way]
    files = {
        **_files(json.dumps(command), worker),
        "app/wsgi.py": "from app.worker import create_app\napp = create_app()\n",
        "app/other.py": "from app import worker as made\n\napp = made.create_app()\n",
        "gunicorn.conf.py": "wsgi_app = 'app.worker:create_app()'\n",
        "pyproject.toml": '[project]\nname = "x"\n[project.scripts]\nserve-worker = "app.worker:create_app"\n',
    }
    compose = files["compose.yml"].replace("{QUEUE: '${QUEUE:-q}'}", "{OTHER: '1'}")
    asked = ("unpassed-setting", "QUEUE", "error") in findings({**files, "compose.yml": compose})
    assert asked is (way in _MADE)
