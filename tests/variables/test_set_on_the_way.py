"""What gives a service variables beside its entries: bases that are built here, files that start a server, gunicorn."""

from __future__ import annotations

import pytest

from variables.notation import repository
from variables.test_cases import findings
from variables.test_several_programs import _outcomes

_WEB = " C«web: {build: ., env}»"
_BASED = "AB F Dockerfile«FROM %s¶WORKDIR /app¶COPY app app¶CMD uvicorn app.main:app»" + _WEB
_ENTRY = "AB D«COPY . .» F entry.py«%s» C«web: {build: ., command: python entry.py, env}»"
_SET = "os.environ['B'] = '3'"
_GUNICORN = "AB D«COPY . .» F conf.py«%s» C«web: {build: ., command: gunicorn %s app.main:app, env}»"
WAYS = {
    "an image that is built here, by a name of one word": _BASED % "acme-base",
    "one with a tag": _BASED % "base:${TAG:-1}",
    "a context that another service builds": (
        "AB F Dockerfile«FROM base¶WORKDIR /app¶COPY app app¶CMD uvicorn app.main:app»"
        ' C«web: {build: {context: ., additional_contexts: {base: "service:base"}}, env}»'
    ),
    "a file that starts the server": _ENTRY % f"import os, uvicorn¶{_SET}¶uvicorn.run('app.main:app')",
    "a file that fills what is unset": (
        _ENTRY % "import os, uvicorn¶os.environ.setdefault('B', os.urandom(8).hex())¶uvicorn.run('app.main:app')"
    ),
    "a file that becomes the server": (_ENTRY % f"import os¶{_SET}¶os.execvp('uvicorn', ['uvicorn', 'app.main:app'])"),
    "what such a file imports": (
        _ENTRY % "import prepare, uvicorn¶uvicorn.run('app.main:app')" + f" F prepare.py«import os¶{_SET}»"
    ),
    "many at once": _ENTRY % "import os, uvicorn¶os.environ.update(load())¶uvicorn.run('app.main:app')",
    "raw_env of gunicorn's file": _GUNICORN % ("raw_env = ['B=3']", "-c conf.py"),
    "raw_env of the file that gunicorn finds": (
        "AB D«COPY . .» F gunicorn.conf.py«raw_env = ['B=3']» C«web: {build: ., command: gunicorn app.main:app, env}»"
    ),
    "an option of gunicorn that only a run tells": _GUNICORN % ("", "-e $$B"),
    "models": 'AB C«web: {build: ., environment: {A: "${A:-1}"}, models: {llm: {endpoint_var: B}}}»',
}


@pytest.mark.parametrize("way", WAYS)
def test_what_may_be_set_on_the_way_is_not_missing(way: str):
    files = repository(WAYS[way])
    assert not {one for one in findings(files) if one[1] == "B"}
    assert _outcomes(files, "B")["service `web`"] == ("unknown", False)


@pytest.mark.parametrize("option", ["-e B=3", "--env=B=3", "--env B=3 -w 2"])
def test_what_gunicorn_is_told_to_set_is_set(option: str):
    files = repository(_GUNICORN % ("", option))
    assert _outcomes(files, "B")["service `web`"] == ("value", True)
    assert ("unpassed-setting", "B", "warning") not in findings(files)


NOT = {
    "an image of Docker Hub": _BASED % "python:3.12",
    "nothing": _BASED % "scratch",
    "a file that only reads": _ENTRY % "import os, uvicorn¶print(os.environ['B'])¶uvicorn.run('app.main:app')",
    "a file beside the one that is started": (
        _ENTRY % "import uvicorn¶uvicorn.run('app.main:app')" + f" F other.py«import os¶{_SET}»"
    ),
    "gunicorn's file of another name": _GUNICORN % ("raw_env = ['B=3']", ""),
    "the same option of another server": ("AB C«web: {build: ., command: uvicorn app.main:app -e B=3, env}»"),
}


@pytest.mark.parametrize("way", NOT)
def test_what_nothing_sets_is_missing(way: str):
    assert ("unpassed-setting", "B", "warning") in findings(repository(NOT[way]))
