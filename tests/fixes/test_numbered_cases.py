"""The numbered cases of the fixes' specification that no other test of this folder names: before, after, how far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixes.test_add import project
from running import run

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n"
SECRET = '{{ with secret "secret/data/app" }}\n%s{{ end }}\n'
UNSAFE = ("--fix", "--unsafe-fixes")
SAFE = ("--fix",)


def config(fields: str, example: str) -> dict[str, str]:
    return {"config.py": f"{HEAD}{fields}", ".env.example": example}


def frontend(
    compose: str, dockerfile: str = "ARG NEXT_PUBLIC_A=\nENV NEXT_PUBLIC_A=${NEXT_PUBLIC_A}\n"
) -> dict[str, str]:
    return {
        "web/package.json": '{"name": "web", "scripts": {"build": "next build"}, "dependencies": {"next": "15"}}\n',
        "web/src/a.ts": "export const a = process.env.NEXT_PUBLIC_A;\n",
        "web/Dockerfile": f"FROM node:20\n{dockerfile}COPY . .\nRUN npm run build\n",
        "compose.yml": compose,
    }


def compose(build: str) -> str:
    return f"services:\n  web:\n{build}"


ARGS = "    build:\n      context: ./web\n      args:\n"
PREFIX = '    model_config = {"env_prefix": "APP_"}\n    debug: bool = False\n    region: str = "eu"\n'
PAIR = "ARG NEXT_PUBLIC_A\nENV NEXT_PUBLIC_A=${NEXT_PUBLIC_A}\n"
IGNORED = "fr-check: ignore[unknown-example-key"
# Files, the options, and the file with its new text.
CASES = {
    # Under the preset common a comment documents it, and keeps None.
    "E7": (config("    debug: bool = False\n    s: str | None = None\n", "DEBUG=false\n"), SAFE,
           ".env.example", "DEBUG=false\n# S=\n"),
    "E7 strict": (
        {**config("    debug: bool = False\n    s: str | None = None\n", "DEBUG=false\n"),
         ".fr-check.toml": 'preset = "strict"\n'},
        SAFE, ".env.example", "DEBUG=false\n"),
    "E7 strict, unsafe": (
        {**config("    debug: bool = False\n    s: str | None = None\n", "DEBUG=false\n"),
         ".fr-check.toml": 'preset = "strict"\n'},
        UNSAFE, ".env.example", "DEBUG=false\nS=\n"),
    "E14": (config(PREFIX, "APP_REGION=eu\n"), SAFE, ".env.example", "APP_DEBUG=false\nAPP_REGION=eu\n"),
    "E21": (config('    rx: str = r"a\\.b"\n', 'RX=r"a\\.b"\n'), SAFE, ".env.example", "RX='a\\.b'\n"),
    "T3": ({**config('    a: str = ""\n', "# [VAULT] x\nA=\n"),
            "secrets.ctmpl": SECRET % 'A={{ printf "%q" .Data.data.S3-B }}\n'},
           SAFE, "secrets.ctmpl", SECRET % 'A={{ printf "%q" (index .Data.data "S3-B") }}\n'),
    "D3": (frontend(compose(f"{ARGS}        NEXT_PUBLIC_A: x\n"), "") | {
               "web/Dockerfile": "ARG NEXT_PUBLIC_A=/api\nFROM node:20\nCOPY . .\nRUN npm run build\n"},
           SAFE, "web/Dockerfile",
           f"ARG NEXT_PUBLIC_A=/api\nFROM node:20\nCOPY . .\n{PAIR}RUN npm run build\n"),
    "D4": (frontend(compose(f"{ARGS}        NEXT_PUBLIC_A: x\n"), "") | {
               "web/src/a.ts": 'export const a = process.env.NEXT_PUBLIC_A ?? "/api";\n'},
           SAFE, "web/Dockerfile", "FROM node:20\nCOPY . .\nARG NEXT_PUBLIC_A\nRUN npm run build\n"),
    "C4": (frontend(compose("    build: ./web\n"), "ARG NEXT_PUBLIC_A=/api\nENV NEXT_PUBLIC_A=${NEXT_PUBLIC_A}\n"),
           SAFE, "compose.yml", compose("    build: ./web\n")),
    "C5": (frontend(compose(f"{ARGS}        NOBODY: x\n    restart: always\n"), "") | {
               "web/src/a.ts": "export const a = 1;\n"},
           UNSAFE, "compose.yml", compose("    build:\n      context: ./web\n    restart: always\n")),
    "C6": (frontend(compose(f"{ARGS}        NEXT_PUBLIC_A: x\n        NEXT_PUBLIC_A: x\n")),
           SAFE, "compose.yml", compose(f"{ARGS}        NEXT_PUBLIC_A: x\n")),
    "H1": (config("    debug: bool = False\n", f"DEBUG=false\nX=1  # {IGNORED}, default-drift] w\n"),
           SAFE, ".env.example", f"DEBUG=false\nX=1  # {IGNORED}] w\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_case_comes_out_as_it_is_written(name: str, tmp_path: Path):
    files, options, path, after = CASES[name]
    folder = project(tmp_path, files)
    run("all", "--root", folder, *options)
    assert (folder / path).read_text() == after
