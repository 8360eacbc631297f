"""The oracle of `unconsumed-secret` over the history of a clone: what a template renders and nothing reads.

For every commit whose settings, example or template differ from those before, the real pydantic-settings is asked, in a
process of its own, which rendered names change the settings object; the rest of the backend is looked through for the
other names. What is left is dead, and the rule must say so, and of nothing else.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.engine import run
from fr_check.core.registry import load_checker
from fr_check.core.repository import Repository
from fr_check.core.text import Text
from fr_check.env_keys.apps.model import App
from fr_check.env_keys.facts import load
from fr_check.variables.wellknown import is_well_known

_KEY = re.compile(r"^\s*(?:export )?([A-Za-z_]\w*)=", re.MULTILINE)
_PROBE = r"""
import importlib.util, json, os, sys, warnings
names, path, root, needed = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
warnings.simplefilter("ignore")
sys.path.insert(0, root)
os.environ.clear()
os.environ.update(needed)
spec = importlib.util.spec_from_file_location("settings_of_a_commit", path)
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
spec.loader.exec_module(module)
from pydantic_settings import BaseSettings
classes = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, BaseSettings)
           and one.__module__ == spec.name]
def state(more):
    os.environ.clear()
    os.environ.update({**needed, **more})
    found = []
    for one in classes:
        try:
            found.append(repr(one().model_dump()))
        except ValueError as error:
            found.append(repr(error))
    return found
texts = ("7", "x1", "true", '["a"]', "production", "http://h:1/x")
print(json.dumps([name for name in names if any(state({name: text}) != state({}) for text in texts)]))
"""


class Dead(NamedTuple):
    """What is dead by the real program, what the rule says, and the settings and templates that tell it."""

    real: frozenset[str]
    said: frozenset[str]
    read: tuple[str, ...]

    def differences(self) -> list[str]:
        """A line for people where the two differ."""
        return [] if self.real == self.said else [f"dead: {sorted(self.real)}, said: {sorted(self.said)}"]


def dead(repository: Repository, folder: Path) -> Dead | None:
    """None without one program that is given rendered secrets; `folder` holds the files of the commit."""
    context = Context(repository, Config())
    apps = [app for app in context.once(load).apps if app.templates and app.settings_files]
    if len(apps) != 1:
        return None
    report, _ = run(context, [load_checker("env-keys")])
    said = frozenset(found.subject for found in report.findings if found.rule == "unconsumed-secret")
    unrendered = any(found.rule == "broken-template" for found in report.findings)
    real = frozenset() if unrendered else frozenset(_by_running(apps[0], repository, folder))
    texts = (*(source.text for source in apps[0].settings_files), *(source.text for source in apps[0].templates))
    return Dead(real, said, tuple(text.string for text in texts))


def _by_running(app: App, repository: Repository, folder: Path) -> set[str]:
    names = sorted({name for source in app.templates for name in _KEY.findall(source.text.string)})
    path = app.settings_files[0].text.path
    root = folder / path.partition("/src/")[0]
    needed = {name: "needed" for setting in app.settings if setting.required for name in (setting.names or ())[:1]}
    words = [
        sys.executable,
        "-c",
        _PROBE,
        json.dumps(names),
        os.fspath(folder / path),
        os.fspath(root),
        json.dumps(needed),
    ]
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=empty)
    left = set(names) - set(json.loads(done.stdout)) - set(needed)
    for code in repository.select(app.code):
        text = repository.read(code)
        if isinstance(text, Text) and code != path:
            left = {name for name in left if not re.search(rf"(?<!\w){name}(?!\w)", text.string)}
    return {name for name in left if not is_well_known(name)}
