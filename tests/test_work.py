"""What a run does not do: read what nobody asks for, or do the same work for each of many services."""

from __future__ import annotations

import re
from typing import Any

import pytest

from effort import growth
from fr_check.builds import tags
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Span
from fr_check.core.registry import CHECKERS, load_checker
from fr_check.core.repository import SOURCE_LIMIT, Memory
from fr_check.core.text import Text
from fr_check.coverage_gate.declared import written
from fr_check.env_keys.processes import judged as processes
from fr_check.runs import environment, walk
from fr_check.runs.follower import Follower
from fr_check.runs.model import Origin, Start
from fr_check.runs.scope import Checkouts
from fr_check.sources import gotemplate, makefile
from fr_check.sources.compose import dotenv
from fr_check.variables import commands, programs

SETTINGS = "from pydantic_settings import BaseSettings\n\n\nclass S(BaseSettings):\n    api_key: str\n"
EXAMPLE = "API_KEY=\nNOBODY=1\n" + "".join(f"OTHER_{n}=\n" for n in range(40))


def judged(files: dict[str, str | bytes]) -> Memory:
    """A repository after every checker has looked at it."""
    repository = Memory(files)
    engine.run(Context(repository, Config(), None), [load_checker(name) for name in CHECKERS])
    return repository


@pytest.mark.parametrize("keys", [EXAMPLE, "API_KEY=\nNOBODY=1\n"])
def test_files_without_any_of_the_names_are_no_texts(keys: str) -> None:
    aside: dict[str, str | bytes] = {
        "tests/cassettes/answer.yaml": "text: Bearer abc\nwords: nobody\n",
        "recorded.yaml": f"NOBODY: ${{NOBODY}}\n{'#' * SOURCE_LIMIT}",
        ".yarn/releases/yarn-4.cjs": "process.env.NOBODY; process.env.YARN_X;\n",
        "web/big.ts": f"process.env.NOBODY;\n//{'#' * SOURCE_LIMIT}",
        "deploy/a.tf": "x = 1\n",
    }
    read = judged({"app/config.py": SETTINGS, ".env.example": keys, **aside}).examined()
    assert {text.path for text in read}.isdisjoint(aside)


def test_a_file_that_has_a_name_is_read() -> None:
    asks = {"deploy/a.sh": 'echo "$NOBODY"\n', "deploy/b.sh": 'echo "$NOBODIES"\n'}
    read = {text.path for text in judged({"app/config.py": SETTINGS, ".env.example": EXAMPLE, **asks}).examined()}
    assert "deploy/a.sh" in read


def test_many_services_are_given_one_file_and_one_search_for_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, searches = [], []
    read, begin = dotenv._Reader.read, commands.Commands.__init__

    def counted(self: dotenv._Reader) -> dotenv.EnvText:
        texts.append(self.text.path)
        return read(self)

    def begun(self: commands.Commands, repository: Memory) -> None:
        searches.append(repository)
        begin(self, repository)

    monkeypatch.setattr(dotenv._Reader, "read", counted)
    monkeypatch.setattr(commands.Commands, "__init__", begun)
    services = "".join(
        f"  s{n}:\n    build: .\n    env_file: .env\n    environment:\n      API_KEY: ${{API_KEY}}\n" for n in range(30)
    )
    web = "  web:\n    image: acme/web\n    environment: {NEXT_PUBLIC_X: 1}\n"
    push = (
        "on: push\njobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n"
        "        with: {context: web, push: true, tags: acme/web}\n"
    )
    judged(
        {
            "app/config.py": SETTINGS,
            ".env.example": EXAMPLE,
            "Dockerfile": "FROM python\nWORKDIR /s\nCOPY . .\nCMD python -m app.config\n",
            "compose.yaml": f"services:\n{services}{web}",
            ".github/workflows/w.yml": push,
            "web/package.json": '{"dependencies": {"next": "15"}, "scripts": {"build": "next build"}}',
            "web/Dockerfile": "FROM node\nWORKDIR /w\nCOPY . .\nRUN npm run build\n",
            "web/pages/a.ts": "process.env.NEXT_PUBLIC_X;\n",
        }
    )
    assert texts == [".env.example"]
    assert len(searches) <= 1


def test_templates_of_others_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    parse = gotemplate.parse

    def counted(text: Text, *arguments: tuple[str, str]) -> gotemplate.Template:
        parsed.append(text.path)
        return parse(text, *arguments)

    monkeypatch.setattr(gotemplate, "parse", counted)
    line = '{{ with secret "secret/a" }}KEY={{ .Data.data.KEY }}{{ end }}\n'
    others = {f"infra/{n}/secrets.ctmpl": line.replace("KEY", f"OTHER_{n}") for n in range(5)}
    own = {"app/secrets.ctmpl": line.replace("KEY", "API_KEY")}
    judged({"app/config.py": SETTINGS, ".env.example": "API_KEY=\n", **own, **others})
    assert set(parsed) == {"app/secrets.ctmpl"}


def test_the_readers_of_a_name_are_found_without_asking_every_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    takes = programs.takes

    def counted(reader: programs.Reader, name: str) -> bool:
        asked.append(name)
        return takes(reader, name)

    monkeypatch.setattr(programs, "takes", counted)
    names = [f"key_{n}" for n in range(40)]
    fields = "".join(f"    {name}: str = ''\n" for name in names)
    example = "".join(f"{name.upper()}=\n" for name in names)
    image = 'FROM python:3.12\nCOPY app app\nCMD ["uvicorn", "app.main:app"]\n'
    judged({
        "app/config.py": f"from pydantic_settings import BaseSettings\n\n\nclass S(BaseSettings):\n{fields}",
        "app/main.py": "from app.config import S\n",
        ".env.example": example,
        "Dockerfile": image,
        "compose.yml": "services:\n  web:\n    build: .\n    environment:\n      KEY_1: a\n",
    })  # fmt: skip
    assert 40 <= len(asked) <= 400


def test_what_a_module_starts_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    search = processes._start_containers

    def counted(repository: Memory) -> bool:
        looked.append(repository)
        return search(repository)

    monkeypatch.setattr(processes, "_start_containers", counted)
    judged({"app/config.py": SETTINGS, ".env.example": "API_KEY=\n", "compose.yml": "services: {}\n", "a.sh": "ls\n"})
    assert len(looked) == 1


def test_whether_a_job_tests_is_looked_for_once_for_all_of_its_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    search = commands._starts_tests

    def counted(text: Text, start: int, end: int) -> bool:
        looked.append(start)
        return search(text, start, end)

    monkeypatch.setattr(commands, "_starts_tests", counted)
    steps = "".join(f"      - run: docker run -e API_KEY=$API_KEY image-{n}\n" for n in range(12))
    workflow = f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n{steps}"
    judged({"app/config.py": SETTINGS, ".env.example": "API_KEY=\n", ".github/workflows/w.yml": workflow})
    assert len(looked) == 1


def test_an_image_without_unknown_parts_is_no_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    fullmatch = re.fullmatch

    def counted(expression: str, name: str) -> re.Match[str] | None:
        made.append(expression)
        return fullmatch(expression, name)

    monkeypatch.setattr(re, "fullmatch", counted)
    assert tags.same("ghcr.io/a/web:1", "ghcr.io/a/web:2") is True
    assert tags.same("ghcr.io/a/web:1", "ghcr.io/b/web:1") is False
    assert made == []


def test_the_environment_is_asked_only_for_commands_that_may_run_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    settled = environment.Settling.of

    def counted(*given: Any) -> Any:
        asked.append(given)
        return settled(*given)

    monkeypatch.setattr(environment.Settling, "of", counted)
    script = "tell() { NOTE=$1; echo $NOTE; }\n" + "tell a\n" * 40 + "COVERAGE_RCFILE=x\npytest --cov-fail-under=80\n"
    found = written.of_script(script, lambda start, end: Span(1, start + 1, 1, end + 1))
    assert [one.invocation.tool for one in found.runs] == ["pytest"]
    assert len(asked) == 1


def test_a_script_is_gone_through_once_for_all_environments_that_it_does_not_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = []
    walked = walk.Walker.walk
    monkeypatch.setattr(walk.Walker, "walk", lambda walker: gone.append(walker) or walked(walker))
    script = "#!/bin/sh\n# a script that asks for ENGINE alone\n./run $ENGINE\n"

    def words(**environment: str) -> list[str | None]:
        (ran,) = walk.commands(script, Start(environment=environment))
        assert ran.present == environment
        return [token.value for token in ran.words]

    assert words(ENGINE="a", LEVEL="1") == ["./run", "a"]
    assert words(ENGINE="a", LEVEL="2", OTHER="3") == ["./run", "a"]
    assert len(gone) == 1
    assert words(ENGINE="b", LEVEL="1") == ["./run", "b"]
    assert len(gone) == 2


def test_a_makefile_is_read_again_only_for_what_its_conditions_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    parse = makefile.parse
    monkeypatch.setattr(makefile, "parse", lambda text, *given: read.append(given) or parse(text, *given))
    file = "MODE ?= $(KIND)\nifeq ($(MODE),a)\nX = 1\nelse ifdef Y\nX = 2\nendif\nt:\n\tpytest $(X) $(Z)\n"
    script = "".join(f"make t Z={number} KIND=a\n" for number in range(20)) + "make t Y=1\n"
    follower = Follower(Memory({"Makefile": file}), lambda _: True)
    origin = Origin("ci", "a step", Text(script, "ci").location, Checkouts((), ()), {})
    found = follower.follow(script, Start(), origin)
    words = [" ".join(str(one.value) for one in item.ran.words) for item in found if item.path == "Makefile"]
    assert words[:2] == ["pytest 1 0", "pytest 1 1"]
    assert len(words) == 21
    assert [given[:1] for given in read] == [(), ((("KIND", "a"),),), ((("Y", "1"),),)]


@pytest.mark.parametrize("copies", ["COPY --from=s{0} a b\nCOPY --from=s{1} a b\n", "COPY --from=s{0} / /\n"])
def test_stages_that_copy_from_all_before_them_cost_their_number(copies: str) -> None:
    def make(stages: int) -> dict[str, str | bytes]:
        lines = "".join(
            f"FROM s{one} AS s{one + 1}\n{copies.format(one, max(0, one - 1))}RUN a\n" for one in range(stages)
        )
        service = "services:\n  web:\n    build: .\n    environment:\n      API_KEY: ${API_KEY}\n"
        return {
            "app/config.py": SETTINGS,
            ".env.example": EXAMPLE,
            "Dockerfile": f"FROM python AS s0\nCOPY . .\n{lines}CMD python -m app.config\n",
            "compose.yml": service,
        }

    # Each stage has the copies of those below it.
    assert growth(judged, make, 12, 48) <= 4
