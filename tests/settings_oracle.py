"""pydantic-settings itself as the judge of what a settings class reads. The code under test never imports it."""

from __future__ import annotations

import os
import re
import sys
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest import mock

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Among these, one is right for every type of the corpus.
VALUES = ("41", "true", '["41"]', '{"url": "41", "41": "41"}', '[{"x": ["41"]}]', '{"x": ["41"]}')


def load(source: str, modules: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Runs `app.config` and returns its names; `modules` (name -> source) are importable while it runs."""
    with warnings.catch_warnings(), mock.patch.dict(sys.modules), mock.patch.dict(os.environ, {}, clear=True):
        warnings.simplefilter("ignore")
        for name in ("app", *(modules or {})):
            package = ModuleType(name)
            vars(package)["__path__"] = []
            package.__package__ = name
            sys.modules[name] = package
        for name, code in (modules or {}).items():
            exec(compile(code, name, "exec"), sys.modules[name].__dict__)  # noqa: S102 - the test's own code
        main = ModuleType("app.config")
        main.__package__ = "app"
        sys.modules["app.config"] = main
        exec(compile(source, "app.config", "exec"), main.__dict__)  # noqa: S102 - the test's own code
        return dict(vars(main))


class Judge:
    """One settings class: which fields it has, which are required, which variable fills which."""

    def __init__(self, settings: type[BaseSettings]) -> None:
        self.settings = settings
        fields = settings.model_fields
        self.fields = list(fields)
        self.required = {
            name
            for name, field in fields.items()
            if field.default is PydanticUndefined and field.default_factory is None
        }
        self.labels = self._labels()
        self.samples = {str(label[0]): _wrap(label[1:], _sample(self, name)) for label, name in self.labels.items()}
        made, errors = self._make({}, **self.samples)
        assert made is not None, errors

    def _labels(self) -> dict[tuple[Any, ...], str]:
        """What pydantic calls a required field in "field required" errors, and takes as a keyword -> the field."""
        _, errors = self._make({})
        missing = [tuple(error["loc"]) for error in errors if error["type"] == "missing"]
        return dict(zip(missing, [name for name in self.fields if name in self.required], strict=True))

    def _make(self, environment: Mapping[str, str], **given: Any) -> tuple[Any, list[Any]]:
        with mock.patch.dict(os.environ, environment, clear=True), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return self.settings(**given), []
            except ValidationError as error:
                return None, list(error.errors())

    def filled(self, variable: str) -> set[str]:
        """The fields that this variable fills, with one value or another."""
        found: set[str] = set()
        for value in VALUES:
            try:
                found |= self._filled({variable: value})
            except SettingsError as error:
                named = re.search(r'field "([^"]+)"', str(error))
                found |= {named[1]} if named else set()
        return found

    def _filled(self, environment: Mapping[str, str]) -> set[str]:
        _, errors = self._make(environment)
        if any(error["type"] == "extra_forbidden" for error in errors):
            return set()
        locations = [tuple(error["loc"]) for error in errors if error["type"] == "missing"]
        missing = [location for location in locations if location in self.labels]
        made, errors = self._make(environment, **{str(label[0]): self.samples[str(label[0])] for label in missing})
        if made is None:
            wrong = {str(error["loc"][0]) for error in errors if error["type"] != "extra_forbidden"}
            return {name for name in self.fields if wrong & _keys(self, name)}
        given = made.model_fields_set - {self.labels[label] for label in missing}
        return {name for name in given if not _is_hollow(made.__dict__[name])}


def _wrap(path: tuple[Any, ...], value: Any) -> Any:
    """A value where an AliasPath looks for it."""
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def _is_hollow(value: object) -> bool:
    """A nested model that was built, but from nothing it knows."""
    return isinstance(value, BaseModel) and not value.model_fields_set


def _keys(judge: Judge, name: str) -> set[str]:
    alias = judge.settings.model_fields[name].validation_alias
    choices = getattr(alias, "choices", None) or getattr(alias, "path", None) or [alias]
    heads = {getattr(choice, "path", [choice])[0] for choice in choices}
    return {name, *(str(head) for head in heads)}


def _sample(judge: Judge, name: str) -> Any:
    """A value that a required field takes."""
    from pydantic import TypeAdapter

    annotation = judge.settings.model_fields[name].annotation
    for value in ("41", 41, True, ["41"], {"url": "41"}, {"41": "41"}):
        try:
            TypeAdapter(annotation).validate_python(value)
        except ValidationError:
            continue
        return value
    raise AssertionError(f"no sample for {annotation}")
