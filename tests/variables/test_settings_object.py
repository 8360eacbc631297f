"""The settings object has what the model says, and start-up fails where the rule says so, by the real programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from compose_oracle import binary
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.env_keys import programs
from fr_check.env_keys.processes.arriving import arriving
from variables.notation import repository
from variables.settings_object import given, started
from variables.test_cases import CASES
from variables.test_passed_values import CASES as PASSED
from variables.test_passed_values import INVALID, judged

# What else than Compose gives the program its variables, or lets it not start, stands in these.
_OTHERWISE = ("entrypoint", "ENV ", "image: ", "Dockerfile", "COPY . .", "load_dotenv", "volumes", "sources", "command",
              ".github", "docker run", "HOME", "home: ")  # fmt: skip


def plain(line: str) -> bool:
    return " C«web:" in line and not any(word in line for word in _OTHERWISE)


def written(folder: Path, line: str) -> dict[str, str]:
    files = repository(line)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return files


if binary() is not None:

    @pytest.mark.parametrize("name", [name for name, (line, _) in {**CASES, **PASSED}.items() if plain(line)])
    def test_what_arrives_is_in_the_settings_object(name: str, tmp_path: Path):
        files = written(tmp_path, {**CASES, **PASSED}[name][0])
        flow = Context(Memory(files), Config()).once(programs.flow)
        example = files.get(".env.example")
        for bare in (False, True) if example is not None else (False,):
            environment = given(tmp_path, None if bare or example is None else example)
            found = None if environment is None else started(tmp_path, environment)
            if not isinstance(found, dict):
                continue
            (service,) = [one for one in flow.services if one.service.name == "web"][:1]
            for reader in service.process.programs[0].readers:
                text = arriving(service.process, reader, bare=bare)
                setting = reader.setting
                if setting is None or set(setting.kind.names) - {"text", "str", "none"}:
                    continue
                default = "" if reader.default is None else reader.default
                expected = default if text is None else text.text.reveal()
                if expected != "***":
                    assert (str(found[setting.field] or ""), bare) == (expected, bare), reader.names

    @pytest.mark.parametrize("name", [name for name, (line, _) in PASSED.items() if plain(line)])
    def test_start_up_fails_where_the_rule_says_so(name: str, tmp_path: Path):
        line, _ = PASSED[name]
        files = written(tmp_path, line)
        example = files.get(".env.example")
        told = {
            one.subject.lower(): str(one.severity)
            for one in judged(files)
            if one.rule == INVALID and "forge" not in one.message and one.location.path.startswith(("compose", "app"))
        }
        copied = given(tmp_path, example)
        alone = copied if example is None else given(tmp_path, None)
        own: set[str] = set()
        for environment, severities in ((copied, {"error"}), (alone, {"error", "warning"})):
            if environment is None:
                continue
            found = started(tmp_path, environment)
            refused = found if isinstance(found, set) else set()
            said = {subject.removeprefix("app_") for subject, severity in told.items() if severity in severities}
            # A value that the example has under this very name is the example's own fault, and is told there.
            own |= {key.lower() for key, value in _pairs(example) if environment.get(key) == value}
            assert refused - own == said - own


def _pairs(example: str | None) -> list[tuple[str, str]]:
    lines = (line.partition("=") for line in (example or "").splitlines())
    return [(name, value) for name, _, value in lines]
