"""What Compose does with variables, fact by fact; where the real program is there, it is asked the same."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from compose_oracle import Case, Reading, asked, binary, ours, write
from fr_check.core.text import Text
from fr_check.sources.compose import dotenv, parse
from fr_check.sources.compose.scalars import resolved

if TYPE_CHECKING:
    from pathlib import Path

    Expected = dict[str, str | None] | None

ONE = ("c.yml",)


def web(attributes: str) -> str:
    return f"services:\n  web:\n    image: x\n    {attributes}\n"


A = web('environment: {A: "${A:-unset}"}')
# Name -> the project, and what the service `web` gets; None where Compose stops.
FACTS: dict[str, tuple[Case, Expected]] = {
    "1 .env is that of the folder of the first file": (
        Case({"d/c.yml": A, "d/.env": "A=1\n", ".env": "A=2\n"}, ("d/c.yml",)),
        {"A": "1"},
    ),
    "1 the folder of the project moves it": (
        Case({"d/c.yml": A, "d/.env": "A=1\n", ".env": "A=2\n"}, ("d/c.yml",), directory=""),
        {"A": "2"},
    ),
    "2 env_file counts from the folder of the project": (
        Case({"c.yml": web(""), "d/o.yml": web("env_file: [e]"), "e": "A=1\n", "d/e": "A=2\n"}, ("c.yml", "d/o.yml")),
        {"A": "1"},
    ),
    "2 extends makes it the folder of the extended file": (
        Case(
            {
                "c.yml": "services: {web: {extends: {file: d/b.yml, service: b}}}\n",
                "d/b.yml": "services: {b: {image: x, env_file: e}}\n",
                "e": "A=1\n",
                "d/e": "A=2\n",
            },
            ONE,
        ),
        {"A": "2"},
    ),
    "2 include makes it the folder of the included file": (
        Case({"c.yml": "include: [d/i.yml]\n", "d/i.yml": web("env_file: e"), "e": "A=1\n", "d/e": "A=2\n"}, ONE),
        {"A": "2"},
    ),
    "3 the .env of the folder beats that of an included one": (
        Case(
            {
                "c.yml": "include: [d/i.yml]\n",
                "d/i.yml": web('environment: {A: "${A}", B: "${B}"}'),
                ".env": "A=1\n",
                "d/.env": "A=2\nB=3\n",
            },
            ONE,
        ),
        {"A": "1", "B": "3"},
    ),
    "a whole service that is replaced extends another one with a build": (
        Case(
            {
                "c.yml": "services: {db: {image: x, build: {context: ., args: {B: '1'}}}, web: {image: x}}\n",
                "o.yml": "services: {web: !override {image: y, extends: db, environment: {A: '2'}}}\n",
            },
            ("c.yml", "o.yml"),
        ),
        None,
    ),
    "a whole service that is replaced extends one of its file": (
        Case(
            {
                "c.yml": "services: {db: {image: x}, web: {image: x, environment: {B: '3'}}}\n",
                "o.yml": (
                    "services:\n  db: !override {image: y, build: {context: ., args: {C: '1'}},"
                    " environment: {D: '4'}}\n"
                    "  web: !override {extends: db, environment: {A: '2'}}\n"
                ),
            },
            ("c.yml", "o.yml"),
        ),
        {"A": "2", "D": "4"},
    ),
    "3 env_file of include stands for the .env of its folder": (
        Case(
            {
                "c.yml": "include: [{path: d/i.yml, env_file: x.env}]\n",
                "d/i.yml": web('environment: {A: "${A}", B: "${B}"}'),
                "x.env": "A=1\n",
                "d/.env": "A=2\nB=3\n",
            },
            ONE,
        ),
        {"A": "1", "B": ""},
    ),
    "3 project_directory of include drops the .env of its folder": (
        Case(
            {
                "c.yml": "include: [{path: d/i.yml, project_directory: .}]\n",
                "d/i.yml": web('environment: {A: "${A}"}'),
                "d/.env": "A=2\n",
            },
            ONE,
        ),
        {"A": ""},
    ),
    "3 the path of an include is filled by its default": (
        Case({"c.yml": 'include: ["${D:-d}/i.yml"]\n', "d/i.yml": A}, ONE),
        {"A": "unset"},
    ),
    "3 the path of an include is filled from .env": (
        Case({"c.yml": 'include: ["${D}/i.yml"]\n', "d/i.yml": A, ".env": "D=d\nA=3\n"}, ONE),
        {"A": "3"},
    ),
    "3 the path within an included file is filled from the .env of its folder": (
        Case(
            {
                "c.yml": "include: [d/i.yml]\n",
                "d/i.yml": 'include: ["${S}/j.yml"]\n',
                "d/.env": "S=s\n",
                "d/s/j.yml": A,
            },
            ONE,
        ),
        {"A": "unset"},
    ),
    "3 env_file of include is filled": (
        Case({"c.yml": 'include: [{path: i.yml, env_file: "${E:-e}.env"}]\n', "i.yml": A, "e.env": "A=7\n"}, ONE),
        {"A": "7"},
    ),
    "3 project_directory of include is filled": (
        Case(
            {
                "c.yml": 'include: [{path: d/i.yml, project_directory: "${P:-p}"}]\n',
                "d/i.yml": web("env_file: e"),
                "p/e": "A=7\n",
            },
            ONE,
        ),
        {"A": "7"},
    ),
    "3 the file and the service that are extended are filled": (
        Case({"c.yml": 'services: {web: {extends: {file: "${D:-b}.yml", service: "${S:-web}"}}}\n', "b.yml": A}, ONE),
        {"A": "unset"},
    ),
    "4 of several --env-file the later wins, and .env is not read": (
        Case(
            {"c.yml": web('environment: {A: "${A}", B: "${B}"}'), ".env": "B=9\n", "x": "A=1\n", "y": "A=2\n"},
            ONE,
            env_files=("x", "y"),
        ),
        {"A": "2", "B": ""},
    ),
    "4 --env-file gives nothing to containers": (Case({"c.yml": web(""), "x": "A=1\n"}, ONE, env_files=("x",)), {}),
    "4 .env.local is never read": (Case({"c.yml": A, ".env.local": "A=1\n"}, ONE), {"A": "unset"}),
    "5 the shell beats .env": (Case({"c.yml": A, ".env": "A=1\n"}, ONE, {"A": "2"}), {"A": "2"}),
    "5 the shell beats .env though it is empty": (Case({"c.yml": A, ".env": "A=1\n"}, ONE, {"A": ""}), {"A": "unset"}),
    "6 a missing env_file stops": (Case({"c.yml": web("env_file: [e]")}, ONE), None),
    "6 a missing env_file that is not required does not": (
        Case({"c.yml": web("env_file: [{path: e, required: false}]")}, ONE),
        {},
    ),
    "6 the raw format keeps references and quotes": (
        Case({"c.yml": web("env_file: [{path: e, format: raw}]"), "e": 'A=${X}\nB="q"\n'}, ONE),
        {"A": "${X}", "B": '"q"'},
    ),
    "6 a path may be a reference": (
        Case({"c.yml": web('env_file: ["${E:-e}"]'), "e": "A=1\n", "f": "A=2\n", ".env": "E=f\n"}, ONE),
        {"A": "2"},
    ),
    "6 values ask .env, then environment, then earlier files": (
        Case(
            {
                "c.yml": web("env_file: [e, f]\n    environment: {P: env, Q: env}"),
                "e": "R=early\n",
                "f": "A=${P}-${Q}-${R}-${S:-none}\n",
                ".env": "P=dot\n",
            },
            ONE,
        ),
        {"A": "dot-env-early-none", "P": "env", "Q": "env", "R": "early"},
    ),
    "6 a bare name takes the shell's value": (
        Case({"c.yml": web("env_file: [e]"), "e": "A\nB\n"}, ONE, {"A": "1"}),
        {"A": "1"},
    ),
    "7 a comment behind nothing is the value": (
        Case({"c.yml": web("env_file: e"), "e": "X=  # c\n"}, ONE),
        {"X": "# c"},
    ),
    "8 environment beats env_file whatever file says it": (
        Case({"c.yml": web("environment: {A: 1}"), "o.yml": web("env_file: e"), "e": "A=2\nB=2\n"}, ("c.yml", "o.yml")),
        {"A": "1", "B": "2"},
    ),
    "8 an override appends env_file and merges environment by name": (
        Case(
            {
                "c.yml": web("environment: {A: 1, B: 1}\n    env_file: e"),
                "o.yml": web("environment: [B=2, C=2]\n    env_file: [f]"),
                "e": "D=1\nE=1\n",
                "f": "E=2\n",
            },
            ("c.yml", "o.yml"),
        ),
        {"A": "1", "B": "2", "C": "2", "D": "1", "E": "2"},
    ),
    "8 !override on environment keeps env_file": (
        Case(
            {
                "c.yml": web("environment: {A: 1, B: 1}\n    env_file: e"),
                "o.yml": web("environment: !override {C: 2}"),
                "e": "D=1\n",
            },
            ("c.yml", "o.yml"),
        ),
        {"C": "2", "D": "1"},
    ),
    "8 !reset on environment": (
        Case({"c.yml": web("environment: {A: 1}"), "o.yml": web("environment: !reset {}")}, ("c.yml", "o.yml")),
        {},
    ),
    "8 !reset on one key": (
        Case(
            {"c.yml": web("environment: {A: 1, B: 1}"), "o.yml": web("environment: {A: !reset null}")},
            ("c.yml", "o.yml"),
        ),
        {"B": "1"},
    ),
    "8 !reset finds no key in a list": (
        Case(
            {"c.yml": web("environment: [A=1, B=1]"), "o.yml": web("environment: {A: !reset null}")},
            ("c.yml", "o.yml"),
        ),
        {"A": "1", "B": "1"},
    ),
    "8 of a file that is named twice in one way the last counts, at the place of the first": (
        Case({"c.yml": web("env_file: [e, f, e]"), "e": "A=1\n", "f": "A=2\n"}, ONE),
        {"A": "2"},
    ),
    "8 a file that is named in two ways is read twice": (
        Case({"c.yml": web("env_file: [./e, f, e]"), "e": "A=1\n", "f": "A=2\n"}, ONE),
        {"A": "1"},
    ),
    "8 a file that another compose file of the folder names is named from the project": (
        Case(
            {
                "b.yml": web("env_file: [./e]"),
                "c.yml": web("extends: {file: b.yml, service: web}\n    env_file: [f, e]"),
                "e": "A=1\n",
                "f": "A=2\n",
            },
            ONE,
        ),
        {"A": "2"},
    ),
    "8 !override on env_file": (
        Case(
            {"c.yml": web("env_file: [e]"), "o.yml": web("env_file: !override [f]"), "e": "A=1\n", "f": "B=1\n"},
            ("c.yml", "o.yml"),
        ),
        {"B": "1"},
    ),
    "8 !reset on env_file": (
        Case({"c.yml": web("env_file: [e]"), "o.yml": web("env_file: !reset []"), "e": "A=1\n"}, ("c.yml", "o.yml")),
        {},
    ),
    "8 !override on the service": (
        Case(
            {
                "c.yml": web("environment: {A: 1}"),
                "o.yml": "services:\n  web: !override {image: y, environment: {B: 2}}\n",
            },
            ("c.yml", "o.yml"),
        ),
        {"B": "2"},
    ),
    "8 a blank before the = of an item stops": (Case({"c.yml": web("environment: ['A =1']")}, ONE), None),
    "8 a blank behind the = of an item is a part of the value": (
        Case({"c.yml": web("environment: ['A= 1']")}, ONE),
        {"A": " 1"},
    ),
    "8 an item that is a mapping stops": (Case({"c.yml": web("environment: [A: b]")}, ONE), None),
    "8 a word of a command that is a mapping stops": (Case({"c.yml": web("command: [A: b]")}, ONE), None),
    "8 a key twice in a map stops": (Case({"c.yml": web("environment: {A: 1, A: 2}")}, ONE), None),
    "8 of a name twice in a list the last counts": (Case({"c.yml": web("environment: [A=1, A=2]")}, ONE), {"A": "2"}),
    "8 of merged mappings the first counts": (
        Case({"c.yml": "x-a: [&a {A: 1}, &b {A: 2, B: 2}]\n" + web("environment: {<<: [*a, *b]}")}, ONE),
        {"A": "1", "B": "2"},
    ),
    "9 a bare name takes the value of .env, an empty one too": (
        Case({"c.yml": web("environment: [A, B, C]"), ".env": "A=1\nB=\n"}, ONE),
        {"A": "1", "B": "", "C": None},
    ),
    "9 a bare name that nothing fills removes that of an env_file": (
        Case({"c.yml": web("env_file: e\n    environment: {A: }"), "e": "A=1\n"}, ONE),
        {"A": None},
    ),
    "10 environment never sees env_file": (
        Case({"c.yml": web('env_file: e\n    environment: {A: "${B}"}'), "e": "B=1\n"}, ONE),
        {"A": "", "B": "1"},
    ),
    "10 keys are not filled, items are": (
        Case({"c.yml": web("environment: ['${K}=v']"), ".env": "K=A\n"}, ONE),
        {"A": "v"},
    ),
    "10 a key with a reference stays": (
        Case({"c.yml": web('environment: {"${K}": v}'), ".env": "K=A\n"}, ONE),
        {"${K}": "v"},
    ),
    "10 an item keeps its quotes": (Case({"c.yml": web("environment: ['A=\"v\"']")}, ONE), {"A": '"v"'}),
    "10 two dollars are one": (Case({"c.yml": web("environment: {A: $$B}")}, ONE), {"A": "$B"}),
    "11 numbers change, words stay": (
        Case({"c.yml": web("environment: {A: 1.10, B: 010, C: 1e3, D: 0x10, E: 1_000, F: yes, G: '010'}")}, ONE),
        {"A": "1.1", "B": "8", "C": "1000", "D": "16", "E": "1000", "F": "yes", "G": "010"},
    ),
    "12 defaults, if unset and if empty": (
        Case({"c.yml": web('environment: {A: "${E-d}", B: "${E:-d}", C: "${U-d}", D: "${U}"}'), ".env": "E=\n"}, ONE),
        {"A": "", "B": "d", "C": "d", "D": ""},
    ),
    "12 a demand takes an empty value, the other does not": (
        Case({"c.yml": web('environment: {A: "${E?}"}'), ".env": "E=\n"}, ONE),
        {"A": ""},
    ),
    "12 an empty value is none": (Case({"c.yml": web('environment: {A: "${E:?}"}'), ".env": "E=\n"}, ONE), None),
    "12 a demand of a service whose profile is off stops": (
        Case({"c.yml": web("") + '  bot: {image: x, profiles: [p], labels: ["${E:?}"]}\n'}, ONE),
        None,
    ),
    "12 a demand in an extension field stops": (Case({"c.yml": 'x-a: "${E:?}"\n' + web("")}, ONE), None),
    "12 a demand in a comment does not": (Case({"c.yml": "# ${E:?}\n" + web("")}, ONE), {}),
    "12 a demand within a reference stops though that is set": (
        Case({"c.yml": web('environment: {A: "${N:-${M:?m}}"}'), ".env": "N=1\n"}, ONE),
        None,
    ),
    "a line of a file is filled from the host, then from the service's own entries, then from earlier lines": (
        Case(
            {
                "c.yml": web("environment: {G: g, W: g}\n    env_file: [one, two]"),
                "one": "A=1\nB=${A}2\nW=one\nH=${W}${HOST}\n",
                "two": "C=${B}3\nG=file\nD=$G\n",
                ".env": "HOST=h\n",
            },
            ONE,
        ),
        {"A": "1", "B": "12", "C": "123", "D": "g", "G": "g", "H": "gh", "W": "g"},
    ),
    "a bare line of a file takes the host's value, then that of the service's entries": (
        Case(
            {"c.yml": web("environment: {G: g}\n    env_file: [one]"), "one": "A\nG\nN\nX=$G\n", ".env": "A=1\n"}, ONE
        ),
        {"A": "1", "G": "g", "X": "g"},
    ),
    "the name of the project is set": (
        Case({"c.yml": "name: My-App\n" + web('environment: {A: "${COMPOSE_PROJECT_NAME}"}')}, ONE),
        {"A": "my-app"},
    ),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_fact(name: str):
    case, expected = FACTS[name]
    found = ours(case)
    assert (None if found.error else found.environment["web"]) == expected


if binary() is not None:

    @pytest.mark.parametrize("name", FACTS)
    def test_compose_says_so_too(name: str, tmp_path: Path):
        case, expected = FACTS[name]
        write(tmp_path, case.files)
        found = asked(tmp_path, case)
        assert (None if found.error else found.environment["web"]) == expected


NUMBERS = {
    "1.10": "1.1", "010": "8", "08": "8", "1e3": "1000", "0x1F": "31", "0b11": "3", "0o17": "15", "1_000": "1000",
    ".5": "0.5", "-1": "-1", "+7": "7", "1.0": "1", "1e21": "1e+21", "1000000.0": "1e+06", "100000.0": "100000",
    "0.00001": "1e-05", "0.0001": "0.0001", "18446744073709551616": "1.8446744073709552e+19", ".inf": "+Inf",
    "yes": "yes", "1:30": "1:30", "1.2.3": "1.2.3", "1e400": "1e400", "v1": "v1", "-": "-", "True": "true", "0x": "0x",
}  # fmt: skip


@pytest.mark.parametrize("written", NUMBERS)
def test_numbers_as_compose_prints_them(written: str):
    assert resolved(written).text == NUMBERS[written]


@pytest.mark.parametrize("written", ["2024-01-31", "2024-1-3", "2024-01-31T10:00:00Z", "2024-01-31 10:00:00"])
def test_a_date_is_no_text(written: str):
    assert resolved(written).kind == "date"


def test_files_that_include_each_other_twice_end():
    names = [f"f{number}.yml" for number in range(15)]
    files = {name: f"include: [{following}, ./{following}]\n" for name, following in pairwise(names)}
    project = Reading(Case({**files, names[-1]: "include: []\n"}, (names[0],))).project
    assert len(project.gaps) < 2_000
    assert any("leads to more than 500 files" in gap.message for gap in project.gaps)


def test_a_service_knows_what_it_runs_and_mounts():
    source = """\
services:
  web:
    image: x
    entrypoint: ["sh", "-c"]
    command: exec uvicorn app.main:app --port $$PORT
    working_dir: /srv
    user: app
    profiles: [dev]
    volumes: ["./src:/app/src:ro", data:/data, /cache, {type: bind, source: ., target: /x}]
    secrets: [token, {source: key, target: /run/key}]
    configs: [{source: conf, target: app.toml}]
    depends_on: {db: {condition: service_healthy}}
    healthcheck: {test: [CMD, curl, localhost]}
secrets:
  token: {file: ./token.txt}
  key: {environment: KEY}
"""
    service = parse(Text(source, "c.yml")).services["web"]
    assert service.command is not None
    assert service.entrypoint is not None
    assert service.healthcheck is not None
    assert ([word.value for word in service.entrypoint.words], service.command.is_text) == (["sh", "-c"], True)
    assert [word.value for word in service.healthcheck.words] == ["CMD", "curl", "localhost"]
    assert [(m.type, m.source, m.target, m.read_only) for m in service.volumes] == [
        ("bind", "./src", "/app/src", True),
        ("volume", "data", "/data", False),
        ("volume", "", "/cache", False),
        ("bind", ".", "/x", False),
    ]
    grants = [grant.target for grant in (*service.secrets, *service.configs)]
    assert grants == ["/run/secrets/token", "/run/key", "/app.toml"]
    assert (service.depends_on, [found.value for found in service.profiles]) == (("db",), ["dev"])
    assert service.place("environment", "image").span == (3, 5, 3, 10)


def test_a_later_file_replaces_a_command_and_one_mount():
    base = web("command: [a]\n    volumes: ['./a:/x', './b:/y']")
    case = Case({"c.yml": base, "o.yml": web("command: [b]\n    volumes: ['./c:/x']")}, ("c.yml", "o.yml"))
    service = Reading(case).project.services["web"]
    assert service.command is not None
    assert [word.value for word in service.command.words] == ["b"]
    assert [(mount.source, mount.target) for mount in service.volumes] == [("./c", "/x"), ("./b", "/y")]


def test_values_of_files_of_variables_are_not_shown():
    found = dotenv.parse(Text("TOKEN=hunter2\nOTHER='hunter3'\n", "e"))
    assert "hunter" not in repr(found)


@pytest.mark.parametrize(
    ("source", "line"), [("A=1\nB C=2\n", 2), ("A='x\nB=1\n", 1), ("é!=1\n", 1), ("A", 1), ("A=1\n=2\n", 0)]
)
def test_a_line_that_is_no_entry_ends_the_reading(source: str, line: int):
    assert [problem.span.line for problem in dotenv.parse(Text(source, "e")).problems] == ([line] if line else [])
