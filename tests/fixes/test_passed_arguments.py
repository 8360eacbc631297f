"""What --fix does to the values of build arguments, in forms beside those of the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dockerfile as buildkit
import pytest
import yaml

from cured import fix, lay_out, read
from fr_check.dockerfile_args import samples
from running import run

if TYPE_CHECKING:
    from pathlib import Path

URL = "NEXT_PUBLIC_API_URL"
REFERENCE = f"${{{URL}:-}}"


def cure(folder: Path, rule: str, place: str, old: str, new: str, *, unsafe: bool = True, **more: str) -> str:
    """The file of a place after --fix, where `new` stood for `old`."""
    files = samples.project(**{place: (old, new)})
    files.update({samples.PATHS[name]: text for name, text in more.items()})
    lay_out(folder, files)
    fix(folder, "dockerfile-args", rule, unsafe=unsafe)
    after = read(folder, samples.PATHS[place])
    if samples.PATHS[place].endswith(".yml"):
        yaml.safe_load(after)
    return after


def expected(place: str, old: str, new: str) -> str:
    return samples.project(**{place: (old, new)})[samples.PATHS[place]]


COMPOSE = {
    "a dollar too much": ("literal-dollar", f"$${{{URL}}}", REFERENCE),
    "inside a text": ("literal-dollar", f'"http://$${{{URL}}}/v1"', f'"http://${{{URL}:-}}/v1"'),
    "with a default": ("literal-dollar", f"$${{{URL}:-x}}", f"${{{URL}:-x}}"),
    "without braces": ("literal-dollar", f"$${URL}", REFERENCE),
    "another's name, in quotes": ("cross-wired-build-arg", '"${NEXT_PUBLIC_OTHER}"  # why', f'"${{{URL}}}"  # why'),
    "another's name, with a default": ("cross-wired-build-arg", "${NEXT_PUBLIC_OTHER:-/api}", f"${{{URL}:-/api}}"),
    "blanks in braces": ("invalid-interpolation", f'"${{ {URL} }}"', f'"${{{URL}}}"'),
    "blanks before an operator": ("invalid-interpolation", f"${{ {URL}:-/api}}", f"${{{URL}:-/api}}"),
    "no operator": ("invalid-interpolation", f"${{{URL}!}}", f"${{{URL}!}}"),
    "no name": ("invalid-interpolation", "${}", "${}"),
}


@pytest.mark.parametrize("name", COMPOSE)
def test_a_compose_value_says_what_is_meant(name: str, tmp_path: Path):
    rule, before, after = COMPOSE[name]
    assert cure(tmp_path, rule, "compose", REFERENCE, before) == expected("compose", REFERENCE, after)


def test_a_list_of_arguments_keeps_its_form(tmp_path: Path):
    old = f"        {URL}: {REFERENCE}\n"
    before, after = f'        - "{URL}=${{NEXT_PUBLIC_OTHER:-}}"\n', f'        - "{URL}={REFERENCE}"\n'
    got = cure(tmp_path, "cross-wired-build-arg", "compose", old, before)
    assert got == expected("compose", old, after)


EMPTY = {
    "a mapping": (f"        {URL}: {REFERENCE}  # why\n", f"        {URL}:  # why\n"),
    "a list": (f"        - {URL}={REFERENCE}\n", f"        - {URL}\n"),
    "a list in quotes": (f'        - "{URL}={REFERENCE}"\n', f'        - "{URL}"\n'),
    "another variable": (f"        {URL}: ${{API_URL:-}}\n", None),
    "an empty text": (f'        {URL}: ""\n', None),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_default_of_the_image_is_let_through(name: str, tmp_path: Path):
    before, after = EMPTY[name]
    dockerfile = samples.FILES[samples.PATHS["dockerfile"]].replace(f"ARG {URL}=\n", f"ARG {URL}=/api\n")
    old = f"        {URL}: {REFERENCE}\n"
    got = cure(tmp_path, "empty-build-arg-default", "compose", old, before, dockerfile=dockerfile)
    assert got == expected("compose", old, after or before)


def test_a_stage_takes_over_the_global_default(tmp_path: Path):
    old = "FROM node:22 AS builder\n"
    got = cure(tmp_path, "empty-build-arg-default", "dockerfile", old, f"ARG {URL}=/api\n{old}")
    assert got == expected("dockerfile", old, f"ARG {URL}=/api\n{old}").replace(f"ARG {URL}=\n", f"ARG {URL}\n")


DEAD = {
    "in double quotes": ('"https://a.example"', f'"${{{URL}:-https://a.example}}"'),
    "in single quotes": ("'https://a.example'", f'"${{{URL}:-https://a.example}}"'),
    "empty": ('""', f"${{{URL}}}"),
    "a reference of its own": ("${OTHER}/api", None),
    "a brace": ("a}b", None),
}


@pytest.mark.parametrize("name", DEAD)
def test_a_fixed_value_becomes_the_default(name: str, tmp_path: Path):
    before, after = DEAD[name]
    old = f"ENV {URL}=${{{URL}}}\n"
    got = cure(tmp_path, "dead-build-arg", "dockerfile", old, f"ENV {URL}={before}\n")
    assert got == expected("dockerfile", old, f"ENV {URL}={after or before}\n")
    assert [one.cmd.upper() for one in buildkit.parse_string(got)].count("ENV") == 1


LINES = f"          build-args: |\n            {URL}=https://api.example.org\n"
ACTION = {
    "two comments": (
        "malformed-build-arg",
        f"          build-args: |\n            # one\n            {URL}=https://api.example.org\n            # two\n",
        f"          # one\n          # two\n{LINES}",
    ),
    "folded": (
        "malformed-build-arg",
        LINES.replace("|", ">-") + "            B=1\n",
        LINES.replace("|", "|-") + "            B=1\n",
    ),
    "plain lines": ("malformed-build-arg", LINES.replace(" |", "") + "            B=1\n", LINES + "            B=1\n"),
    "an old name": ("malformed-build-arg", LINES.replace("build-args", "build_args"), LINES),
    "no name at all": ("malformed-build-arg", LINES + "            what is this\n", None),
    "a dollar that no shell sees": (
        "literal-dollar",
        LINES.replace("https://api.example.org", "$API_URL"),
        LINES.replace("https://api.example.org", "${{ vars.API_URL }}"),
    ),
    "another's variable": (
        "cross-wired-build-arg",
        LINES.replace("https://api.example.org", "${{ vars.NEXT_PUBLIC_OTHER }}"),
        LINES.replace("https://api.example.org", f"${{{{ vars.{URL} }}}}"),
    ),
}


@pytest.mark.parametrize("name", ACTION)
def test_a_step_passes_what_is_meant(name: str, tmp_path: Path):
    rule, before, after = ACTION[name]
    dockerfile = samples.FILES[samples.PATHS["dockerfile"]].replace("COPY . .\n", "COPY . .\nARG B=\n")
    got = cure(tmp_path, rule, "workflow", LINES, before, dockerfile=dockerfile)
    assert got == expected("workflow", LINES, before if after is None else after)


READS = {
    "renamed": (f"const {{ {URL}: url }} = process.env;", f"const url = process.env.{URL};"),
    "exported": (f"export const {{ {URL} }} = process.env; // why", f"export const {URL} = process.env.{URL}; // why"),
    "in brackets": (f'const url = process.env["{URL}"] || "";', f'const url = process.env.{URL} || "";'),
    "with a default": (f'const {{ {URL} = "x" }} = process.env;', None),
    "one of two": (f"const {{ {URL}, NODE_ENV }} = process.env;", None),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_is_written_out(name: str, tmp_path: Path):
    before, after = READS[name]
    old = samples.FILES[samples.PATHS["source"]]
    got = cure(tmp_path, "uninlined-read", "source", old, f"{old}{before}\n")
    assert got == f"{old}{after or before}\n"


def test_a_variable_that_nothing_reads_leaves_every_place(tmp_path: Path):
    flag = "NEXT_PUBLIC_OLD"
    files = {
        **samples.FILES,
        ".env.example": f"{URL}=\n# the old look\n{flag}=\n",
        samples.PATHS["dockerfile"]: samples.FILES[samples.PATHS["dockerfile"]].replace(
            "RUN npm", f"ARG {flag}\nENV {flag}=${{{flag}}}\nRUN npm"
        ),
        samples.PATHS["compose"]: samples.FILES[samples.PATHS["compose"]] + f"        {flag}: ${{{flag}:-}}\n",
        samples.PATHS["workflow"]: samples.FILES[samples.PATHS["workflow"]] + f"            {flag}=1\n",
    }
    lay_out(tmp_path, files)
    done = fix(tmp_path, "dockerfile-args", "orphaned-public-variable")
    assert {path: read(tmp_path, path) for path in samples.FILES} == samples.FILES, done.stderr


def test_a_variable_that_a_step_uses_stays(tmp_path: Path):
    flag = "NEXT_PUBLIC_OLD"
    dockerfile = samples.FILES[samples.PATHS["dockerfile"]].replace("RUN npm", f"ARG {flag}\nRUN echo ${flag} && npm")
    files = {**samples.FILES, samples.PATHS["dockerfile"]: dockerfile, ".env.example": f"{URL}=\n{flag}=\n"}
    lay_out(tmp_path, files)
    fix(tmp_path, "dockerfile-args", "orphaned-public-variable")
    assert {path: read(tmp_path, path) for path in files} == files


GONE = """[[allow.undeclared-build-arg]]
subject = "NEXT_PUBLIC_GONE"
reason = '''
a'''
"""
THERE = """[[allow.undocumented-setting]]
subject = "X"
reason = "b"
"""
GONE_ITEM, ITEM = "{subject = 'NEXT_PUBLIC_GONE', reason = 'a'}", "{subject = 'X', reason = 'b'}"
LIST = "[allow]\nundeclared-build-arg = "
POLICIES = {
    "tables": (
        f"# policy\npreset = 'common'\n\n# gone\n{GONE}\n# there\n{THERE}",
        f"# policy\npreset = 'common'\n\n# there\n{THERE}",
    ),
    "the last table": (f"{THERE}\n{GONE.rstrip()}", THERE.rstrip()),
    "items on lines": (f"{LIST}[\n    {GONE_ITEM},  # gone\n    {ITEM},\n]\n", f"{LIST}[\n    {ITEM},\n]\n"),
    "items on one line": (f"{LIST}[{ITEM}, {GONE_ITEM}]\n", f"{LIST}[{ITEM}]\n"),
    "the first of one line": (f"{LIST}[{GONE_ITEM}, {ITEM}] # why\n", f"{LIST}[{ITEM}] # why\n"),
    "the only item": (f"[allow]\n# gone\nundeclared-build-arg = [\n    {GONE_ITEM},\n]\n", "[allow]\n"),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_exemption_goes_and_its_neighbours_stay(name: str, end: str, tmp_path: Path):
    before, after = (text.replace("\n", end) for text in POLICIES[name])
    lay_out(tmp_path, {**samples.FILES, ".fr-check.toml": before})
    done = fix(tmp_path, "dockerfile-args", "stale-exemption", unsafe=False)
    assert read(tmp_path, ".fr-check.toml") == after, done.stderr


LATE = {
    "a default": (f"        {URL}: ${{{URL}:-/api}}\n", f"        {URL}: ${{{URL}:-/api}}\n"),
    "a constant": (f"        {URL}: /x\n", f"        {URL}: /x\n"),
    "quotes": (f'        {URL}: "${{{URL}:-/api}}"  # why\n', f'        {URL}: "${{{URL}:-/api}}"\n'),
    "nothing": (f"        {URL}:\n", f"        {URL}: {REFERENCE}\n"),
    "a list": (f"        - {URL}=/x\n", f"        {URL}: /x\n"),
    "a list in quotes": (f'        - "{URL}=${{{URL}:-/a b}}"\n', f"        {URL}: '${{{URL}:-/a b}}'\n"),
    "a list with a word that is a number below a key": (f"        - {URL}=010\n", f"        {URL}: '010'\n"),
    "a list with an address": (f"        - {URL}=https://a.example\n", f"        {URL}: https://a.example\n"),
    "a list with nothing": (f"        - {URL}=\n", f"        {URL}: ''\n"),
    "a list without a value": (f"        - {URL}\n", f"        {URL}: {REFERENCE}\n"),
    "several lines": (f"        {URL}: |\n          /x\n", None),
}


@pytest.mark.parametrize("name", LATE)
def test_a_build_gets_the_value_that_the_container_has(name: str, tmp_path: Path):
    before, after = LATE[name]
    head, args = "      context: ./apps/frontend\n", f"      args:\n        {URL}: {REFERENCE}\n"
    late = f"    environment:\n{before}"
    got = cure(tmp_path, "runtime-only-public-variable", "compose", args, late, unsafe=False)
    built = "" if after is None else f"      args:\n{after}"
    assert got == expected("compose", head + args, head + built + late)


ITEMS = {
    "a default": (f"${{{URL}:-/api}}", f"- {URL}=${{{URL}:-/api}}"),
    "quotes": (f'"${{{URL}:-/a b}}"', f"- '{URL}=${{{URL}:-/a b}}'"),
    "a blank": ("a b", f"- '{URL}=a b'"),
}


@pytest.mark.parametrize("name", ITEMS)
def test_an_entry_becomes_an_item_of_a_list_of_arguments(name: str, tmp_path: Path):
    value, item = ITEMS[name]
    old = f"        {URL}: {REFERENCE}\n"
    late = f"    environment:\n        {URL}: {value}\n"
    got = cure(tmp_path, "runtime-only-public-variable", "compose", old, f"        - NODE_ENV=x\n{late}", unsafe=False)
    assert got == expected("compose", old, f"        - NODE_ENV=x\n        {item}\n{late}")


@pytest.mark.parametrize(("written", "renamed"), [("build_args", True), ("build-arg", False), ("buildargs", False)])
def test_a_key_that_is_misspelt_is_renamed_and_no_second_one_added(written: str, renamed: bool, tmp_path: Path):  # noqa: FBT001 - a parameter of a test
    files = samples.project(workflow=("build-args:", f"{written}:"))
    lay_out(tmp_path, files)
    run("dockerfile-args", "--root", tmp_path, "--fix", "--unsafe-fixes")
    after = samples.FILES if renamed else files
    assert read(tmp_path, samples.PATHS["workflow"]) == after[samples.PATHS["workflow"]]
