"""What a run does not do: read what nobody asks for, or do the same work for each of many services."""

from __future__ import annotations

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.registry import CHECKERS, load_checker
from fr_check.core.repository import SOURCE_LIMIT, Memory
from fr_check.sources.compose import dotenv
from fr_check.variables import commands

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
