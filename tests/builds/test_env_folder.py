"""The folder of a bundler's files of variables, as configurations name it."""

from __future__ import annotations

import pytest

from fr_check.builds.env_folder import find
from fr_check.core.model import Severity
from fr_check.core.repository import Memory
from frontend_project import judge

HEAD = "import { defineConfig } from 'vite';\nexport default defineConfig({\n"


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ("  plugins: [],", "."),
        ("  envDir: '../',", ".."),
        ('  envDir: "../..",', "../.."),
        ("  envDir: './env'", "env"),
        ("  envDir: path.resolve(__dirname, '../..'),", "../.."),
        ("  envDir: resolve(__dirname, '..', '..', 'config'),", "../../config"),
        ("  envDir: path.join(process.cwd(), '..'),", ".."),
        ("  envDir: fileURLToPath(new URL('../../', import.meta.url)),", "../.."),
        ("  envDir: process.cwd(),", "."),
        ("  envDir: root,", None),
        ("  envDir: path.resolve(root, '..'),", None),
        ("  // envDir: '../',", "."),
        ("  kit: { env: { dir: '../' } },", ".."),
    ],
)
def test_what_the_configuration_says(line: str, folder: str | None) -> None:
    assert find(Memory({"web/vite.config.ts": f"{HEAD}{line}\n}});\n"}), "web") == folder


def test_without_a_configuration() -> None:
    assert find(Memory({}), "web") == "."


PACKAGE = '{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "5"}}'
SOURCE = "export const x = import.meta.env.VITE_X;\n"
DOCKERFILE = "FROM node AS build\nWORKDIR /app\nCOPY . .\nWORKDIR /app/web\nRUN npm run build\n"


@pytest.mark.parametrize(
    ("folder", "where", "found"),
    [
        ("'../'", ".env.production", "info"),
        ("'../'", "web/.env.production", "error"),
        ("'.'", "web/.env.production", "info"),
        ("'.'", ".env.production", "error"),
        ("computed()", ".env.production", "info"),
    ],
)
def test_a_committed_file_in_that_folder_gives_the_value(folder: str, where: str, found: str) -> None:
    files = {
        "Dockerfile": DOCKERFILE,
        "web/package.json": PACKAGE,
        "web/src/a.ts": SOURCE,
        "web/vite.config.ts": f"{HEAD}  envDir: {folder},\n}});\n",
        where: "VITE_X=https://example.org\n",
    }
    assert f"{found} undeclared-build-arg VITE_X" in judge(files, Severity.INFO)
