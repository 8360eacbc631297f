"""The reader of settings classes, compared with pydantic-settings running the same source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic_settings import BaseSettings

from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.sources import settings
from fr_check.variables.backends.imports import resolver
from settings_corpus import CORPUS, Case
from settings_oracle import Judge, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.sources.settings import Setting, SettingsClass


def read(case: Case) -> dict[str, SettingsClass]:
    files = {f"{name.replace('.', '/')}.py": code for name, code in case.modules.items()}
    found = settings.parse(
        Text(case.source, "app/config.py"), resolver(Memory({**files, "app/config.py": case.source}))
    )
    assert found.problems == ()
    return {settings_class.name: settings_class for settings_class in found.classes}


def fills(setting: Setting, variable: str) -> bool:
    def same(name: str) -> bool:
        return name == variable if setting.case_sensitive else name.lower() == variable.lower()

    leaves = any(same(name) for leaf in setting.leaves for name in leaf.names)
    below = any(variable.upper().startswith(prefix.upper()) for prefix in setting.open_prefixes)
    return leaves or below or any(same(name) for name in setting.names or ())


def variables(case: Case, found: Iterable[Setting]) -> list[str]:
    """Every name that might be one: those claimed, and all combinations of words of the source."""
    names = {name for setting in found for name in (*(setting.names or ()), *setting.dead_names)}
    names |= {name for setting in found for leaf in setting.leaves for name in leaf.names}
    names |= {setting.field for setting in found}
    strings = set(re.findall(r"""["']([A-Za-z_][\w.-]*)["']""", case.source + "".join(case.modules.values())))
    names |= strings | {prefix + setting.field for prefix in strings for setting in found}
    names |= {prefix + other for prefix in strings if prefix.endswith("_") for other in strings}
    return sorted({spelled for name in names for spelled in (name, name.upper(), name.lower())} | set(case.also))


@pytest.mark.parametrize("case", CORPUS, ids=[case.name for case in CORPUS])
def test_agrees_with_pydantic_settings(case: Case) -> None:
    compare(case)


def compare(case: Case) -> None:
    ran = load(case.source, case.modules)
    found = read(case)
    assert found
    for name, ours in found.items():
        judge = Judge(ran[name])
        assert issubclass(ran[name], BaseSettings)
        assert {setting.field for setting in ours.settings} == set(judge.fields)
        assert {setting.field for setting in ours.settings if setting.required} == judge.required
        known = [setting for setting in ours.settings if setting.names is not None]
        assert [setting.field for setting in ours.settings if setting.names is None] == list(case.unresolved)
        for variable in variables(case, known):
            expected = judge.filled(variable) - set(case.unresolved)
            assert {setting.field for setting in known if fills(setting, variable)} == expected, variable


_TYPES = {
    "str": "'d'",
    "int": "1",
    "str | None": "None",
    "list[str]": "['d']",
    "dict[str, str]": "{}",
    "Optional[int]": "None",
    "Inner": "Inner()",
    "Annotated[str, Field()]": "'d'",
    "Inner | None": "None",
}
_ALIASES = ["", "validation_alias='AL_{i}'", "alias='AL_{i}'", "validation_alias=AliasChoices('AL_{i}', 'OTHER_{i}')"]
_ALIASES += ["alias='IGN_{i}', validation_alias='AL_{i}'", "serialization_alias='SER_{i}'", "validation_alias=None"]
_ALIASES += [
    "validation_alias=AliasPath('AL_{i}', 0)",
    "validation_alias=PRE + '{i}'",
    "validation_alias=f'{{PRE}}{i}'",
]
_DEFAULTS = ["", "default={value}", "default_factory=lambda: {value}", "default=...", "{value}"]
_FORMS = ["{name}: {kind} = Field({args})", "{name}: {kind}", "{name}: {kind} = {value}"]
_FORMS += ["{name}: Annotated[{kind}, Field({args})]", "{name}: Annotated[{kind}, Field({alias})] = {value}"]
_CONFIG = [
    "env_prefix='APP_'",
    "env_prefix=PRE",
    "case_sensitive=True",
    "populate_by_name=True",
    "validate_by_name=True",
]
_CONFIG += ["env_prefix_target='all'", "env_prefix_target='alias'", "env_nested_delimiter='__'", "extra='ignore'"]
_CONFIG += ["env_nested_delimiter='_', env_nested_max_split=1", "alias_generator=str.upper", "env_ignore_empty=True"]


@st.composite
def classes(draw: st.DrawFn) -> str:
    """A base and a class below it, with fields of any kind."""
    lines = ["from typing import *", "from pydantic import *", "from pydantic_settings import *", "PRE = 'P_'", ""]
    lines += ["class Inner(BaseModel):", "    url: str = 'x'", "    host_name: str = Field('h', alias='HN')", ""]
    number = 0
    for name, bases in (("Base", "BaseSettings"), ("Settings", draw(st.sampled_from(["Base", "BaseSettings"])))):
        lines.append(f"class {name}({bases}):")
        options = draw(
            st.lists(st.sampled_from(_CONFIG), max_size=3, unique_by=lambda option: option.partition("=")[0])
        )
        lines.append(f"    model_config = SettingsConfigDict({', '.join(options)})")
        for _ in range(draw(st.integers(0, 3))):
            number += 1
            alias = draw(st.sampled_from(_ALIASES)).format(i=number)
            kind = draw(st.sampled_from(sorted(_TYPES)))
            default = draw(st.sampled_from(_DEFAULTS)).format(value=_TYPES[kind])
            arguments = ", ".join(part for part in (default, alias) if part)
            form = draw(st.sampled_from(_FORMS))
            lines.append(
                "    " + form.format(name=f"field_{number}", kind=kind, args=arguments, value=_TYPES[kind], alias=alias)
            )
        lines.append("")
    return "\n".join(lines)


@given(classes())
@hypothesis_settings(max_examples=25)
def test_agrees_with_pydantic_settings_on_generated_classes(source: str) -> None:
    if pydantic_builds(source):
        compare(Case("generated", source))


def pydantic_builds(source: str) -> bool:
    try:
        load(source)
    except Exception:  # noqa: BLE001 - whatever pydantic refuses to build, with whatever exception, is not compared
        return False
    return True
