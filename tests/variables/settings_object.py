"""pydantic-settings itself, in the environment that Compose itself gives: what arrives, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError

from compose_oracle import binary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Environment = dict[str, str]


def given(folder: Path, dotenv: str | None, service: str = "web") -> Environment | None:
    """The environment of a service, `.env` holding `dotenv` (None: there is none); None where Compose stops."""
    program = binary()
    assert program is not None
    file = folder / ".env"
    if dotenv is None:
        file.unlink(missing_ok=True)
    else:
        file.write_text(dotenv)
    command = [program, "--profile", "*", "config", "--format", "json"]
    done = subprocess.run(
        command, cwd=folder, env={"HOME": "/nonexistent"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return None
    entries: Mapping[str, Any] = json.loads(done.stdout)["services"].get(service, {}).get("environment") or {}
    # The engine removes what has no value; `config` prints every dollar twice.
    return {name: str(value).replace("$$", "$") for name, value in entries.items() if value is not None}


def started(folder: Path, environment: Environment) -> dict[str, Any] | set[str]:
    """The values of the settings object of app/config.py in `folder`, or the fields that its start-up refuses.

    The working folder is one without a `.env`: what is in the image is another matter.
    """
    source = (folder / "app/config.py").read_text()
    empty = folder / "elsewhere"
    empty.mkdir(exist_ok=True)
    module = ModuleType("config_of_a_case")
    vars(module)["SecretStr"] = SecretStr
    # pydantic looks the names of annotations up there.
    sys.modules[module.__name__] = module
    with _process(environment, empty):
        try:
            exec(compile(source, "app/config.py", "exec"), vars(module))  # noqa: S102 - a fixture of the tests
        except ValidationError as error:
            return {str(one["loc"][0]).lower() for one in error.errors()}
        except SettingsError as error:
            return {str(error).split('"')[1]}
        finally:
            del sys.modules[module.__name__]
    values: dict[str, Any] = vars(module)["settings"].model_dump()
    return values


@contextmanager
def _process(environment: Environment, folder: Path) -> Iterator[None]:
    before, here = dict(os.environ), Path.cwd()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
