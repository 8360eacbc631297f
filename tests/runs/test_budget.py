"""Scripts that call scripts end, however they double; what was too much to follow is told, and never taken for all."""

from __future__ import annotations

from itertools import pairwise

import pytest

from effort import LINEAR, effort, growth
from fr_check.core.budget import Budget
from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.runs import walk, workflows
from fr_check.runs.follower import Follower
from fr_check.runs.model import Executed, Origin, Start
from fr_check.runs.scope import Checkouts
from fr_check.sources import compose, dockerfile, interpolation, workflow
from fr_check.sources.compose_project import merge_files
from fr_check.sources.make_expansion import OPAQUE, Expansion
from fr_check.sources.makefile import parse
from fr_check.sources.parts import FILLED_LIMIT
from fr_check.variables import launch
from fr_check.variables.places import Places
from running import run

CALLS = 30
"""Calls of the next script in each: over six levels that would be 729 million commands."""


def scripts(name: str, call: str, levels: int = 9) -> dict[str, str]:
    return {
        name.format(level): "#!/bin/sh\n" + call.format(level + 1) * CALLS + "docker build .\n"
        for level in range(levels)
    }


WORDS = " ".join("abcdefghijklmnopqrst")
FORMS = {
    "scripts": ("./a0.sh", scripts("a{}.sh", "./a{}.sh\n")),
    "scripts with other arguments": (
        "./a0.sh",
        {f"a{n}.sh": "#!/bin/sh\n" + "".join(f"./a{n + 1}.sh {m} $1\n" for m in range(CALLS)) for n in range(9)},
    ),
    "make": ("make a0", {"Makefile": "".join(f"a{n}:\n" + f"\tmake a{n + 1}\n" * CALLS for n in range(9))}),
    "functions": ("".join(f"f{n}() {{ {f'f{n + 1};' * CALLS} }}\n" for n in range(9)) + "f9() { x; }\nf0\n", {}),
    "loops": ("".join(f"for {name} in {WORDS}; do " for name in "abcd") + "x $a$b$c$d" + "; done" * 4, {}),
    "loops of scripts": (
        "for a in 1 2 3 4 5 6 7 8 9; do ./a0.sh $a; done",
        scripts("a{}.sh", "for a in 1 2; do ./a{}.sh $a$1; done\n"),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_doubles_at_every_level_ends_and_is_told(form: str):
    script, files = FORMS[form]
    follower = Follower(Memory(files), lambda _: True)
    text = Text(script, "ci.sh")
    found = follower.follow(script, Start(), Origin("ci.sh", "a step", text.location, Checkouts((), ()), {}))
    assert len(found) <= 8 * walk.STEP_LIMIT
    told = follower.unknowns("coverage")
    # A loop that is too long turns once, for a word that nobody knows: that is judged, and is nothing to be told.
    if form != "loops":
        (unknown,) = told
        assert unknown.reason == Budget.REASON
        assert "more than" in unknown.message


def all_of(script: str) -> list[str]:
    follower = Follower(Memory({}), lambda _: True)
    found = follower.follow(script, Start(), Origin("a.sh", "a", Text(script, "a.sh").location, Checkouts((), ()), {}))
    assert follower.unknowns("coverage") == ()
    return [item.ran.name for item in found if isinstance(item, Executed)]


def test_functions_that_only_print_are_gone_through_once():
    """As installers have them: everything calls `log`, and `log` calls others."""
    helpers = """say() { local now; now=$(date); echo "$now $1" >&2; if [ -z "$1" ]; then exit 1; fi; }
    log() { local IFS; say "$1"; printf '%s' "$2" | sed s/a/b/; }
    must() { command -v "$1" >/dev/null || { log missing; exit 1; }; }
    """
    many = "".join(f"f{n}() {{ {f'must a; f{n + 1};' * CALLS} }}\n" for n in range(9)) + "f9() { log b; }\nf0\n"
    assert all_of(helpers + many + "docker build .").count("printf") == 1
    found = all_of(helpers + "log a; log b; must c; must d; docker build .")
    assert [found.count(name) for name in ("date", "echo", "printf", "sed", "docker")] == [1] * 5


@pytest.mark.parametrize(
    "body",
    [
        "export X=1; echo",
        "Y=2; echo",
        "cd sub; echo",
        "docker build .; echo",
        "exit 1; echo",
        'echo "$1" >> $GITHUB_ENV',
        "echo A=$1 > .env",
        "cp $1 .env; echo",
        ". ./x; echo",
        "for Z in 1 2; do echo; done",
        ": ${X:=1}; echo",
        "(( N += 1 )); echo",
        "read -r LINE; echo",
        "eval $1; echo",
        "$1; echo",
        "other; echo",
        "inner() { :; }; inner; echo",
        "local -x P=1; declare -g Q=1; echo",
    ],
)
def test_a_function_that_does_more_is_gone_through_each_time(body: str):
    """Where nothing ends the script, what it prints is found for each call."""
    found = all_of(f"other() {{ export O=1; }}\nf() {{ {body}; }}\nf 1\nf 2\n")
    assert found.count("echo") == (4 if "for" in body else 0 if "exit" in body else 2)


def test_what_is_followed_whole_is_not_told():
    files = {"a.sh": "#!/bin/sh\n./b.sh\n./b.sh\n", "b.sh": "#!/bin/sh\nx\n"}
    follower = Follower(Memory(files), lambda _: True)
    origin = Origin("ci", "a step", Text("./a.sh", "ci").location, Checkouts((), ()), {})
    assert len(follower.follow("./a.sh", Start(), origin)) == 5
    assert follower.unknowns("coverage") == ()


def test_a_run_says_what_it_did_not_judge(tmp_path):
    """Each checker that follows: builds, gates, and what steps give to programs."""
    ci = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: ./a0.sh; pytest\n"
    ci += "        env: {PAGE_SIZE: ten}\n"
    settings = "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    page_size: int = 1\n"
    files = {
        ".github/workflows/ci.yml": ci,
        "pyproject.toml": "[tool.coverage.report]\nfail_under = 90\n",
        "config.py": settings,
        ".env.example": "PAGE_SIZE=1\n",
        "apps/web/package.json": '{"dependencies": {"next": "15"}}',
        "apps/web/Dockerfile": "FROM node\nARG NEXT_PUBLIC_A\n",
        **scripts("a{}.sh", "pytest --cov; docker build apps/web; ./a{}.sh\n"),
    }
    for path, string in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(string)
    done = run("all", "--root", tmp_path, "--format", "json")
    told = {one["checker"] for one in done.json()["unknowns"] if one["reason"] == Budget.REASON}
    assert told >= {"coverage", "env-keys"}
    # The image is known to be built: what else builds it is told, without a status.
    assert any(
        "steps to follow" in gap["message"] for gap in done.json()["gaps"] if gap["checker"] == "dockerfile-args"
    )
    assert done.status in {1, 3}
    for command in (("trace", "PAGE_SIZE"), ("matrix",)):
        asked = run(*command, "--root", tmp_path)
        assert asked.status == 0
        assert "more than" in asked.stderr
        assert asked.stderr.endswith("what comes after that is not in this answer\n")


def test_steps_of_matrices_without_end_are_told(tmp_path, monkeypatch):
    """Of each job 256 cells are looked at; of all jobs 20,000: here fewer."""
    monkeypatch.setattr(workflows, "STEP_LIMIT", 20)
    cells = "strategy: {matrix: {a: [" + ", ".join(map(str, range(9))) + "]}}"
    step = "steps: [{run: 'pytest ${{ matrix.a }}; docker build .'}]"
    jobs = "".join(f"  j{n}:\n    runs-on: x\n    {cells}\n    {step}\n" for n in range(4))
    files = {
        ".github/workflows/ci.yml": f"on: push\njobs:\n{jobs}",
        "pyproject.toml": "[tool.coverage.report]\nfail_under = 90\n",
        "package.json": '{"dependencies": {"next": "15"}}',
        "Dockerfile": "FROM node\nARG NEXT_PUBLIC_A\n",
    }
    for path, string in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(string)
    done = run("all", "--root", tmp_path, "--format", "json")
    told = {one["checker"]: one for one in done.json()["unknowns"] if one["reason"] == Budget.REASON}
    gaps = [one for one in done.json()["gaps"] if one["checker"] == "dockerfile-args" and "more than" in one["message"]]
    told.update({one["checker"]: one for one in gaps})
    assert set(told) >= {"dockerfile-args", "coverage"}
    assert {one["location"]["path"] for one in told.values()} == {".github/workflows/ci.yml"}


def test_named_templates_that_double_are_told(tmp_path):
    define = "".join(
        f'{{{{ define "t{n}" }}}}{f"""{{{{ template "t{n + 1}" }}}}""" * 9}{{{{ end }}}}' for n in range(9)
    )
    leaf = '{{ define "t9" }}A="{{ .Data.a }}"\n{{ end }}'
    whole = f'{define}{leaf}{{{{ with secret "kv/data/a" }}}}{{{{ template "t0" . }}}}{{{{ end }}}}\nB="1"\n'
    (tmp_path / "app.ctmpl").write_text(whole)
    (tmp_path / ".env.example").write_text("B=1\n")
    (tmp_path / "config.py").write_text(
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    b: str\n"
    )
    done = run("env-keys", "--root", tmp_path, "--format", "json")
    told = [one for one in done.json()["unknowns"] if one["reason"] == Budget.REASON]
    assert [(one["subject"], "more than 20,000 steps" in one["message"]) for one in told] == [("app.ctmpl", True)]
    assert done.status in {1, 3}


def test_values_of_make_that_double_end_and_are_told():
    doubling = "".join(f"X{n} = $(X{n + 1})$(X{n + 1})\n" for n in range(40))
    expansion = Expansion(parse(Text(f"{doubling}X40 = x\na:\n\techo $(X0)\n", "Makefile")), {}, {}, ".")
    file = parse(Text(f"{doubling}X40 = x\na:\n\techo $(X0)\n", "Makefile"))
    (script,) = expansion.scripts(file.rules["a"], "a", "")
    assert OPAQUE in script.string
    assert expansion.budget.spent


def test_includes_of_make_are_followed_and_counted():
    files = {"Makefile": "include a.mk\n", "a.mk": "include b.mk Makefile a.mk\n", "b.mk": "deep:\n\tdocker build .\n"}
    follower = Follower(Memory(files), lambda _: True)
    origin = Origin("ci", "a step", Text("make deep", "ci").location, Checkouts((), ()), {})
    names = [
        getattr(getattr(item, "ran", None), "name", None) for item in follower.follow("make deep", Start(), origin)
    ]
    assert names == ["make", "docker"]


def test_what_containers_start_is_counted():
    files = {f"a{level}.sh": "#!/bin/sh\n" + f"/a{level + 1}.sh\n" * CALLS for level in range(9)}
    files["compose.yml"] = "services: {web: {image: x, volumes: ['.:/']}}\n"
    repository = Memory(files)
    project = merge_files(("compose.yml",), {"compose.yml": compose.parse(Text(files["compose.yml"]))}.get)
    places = Places.of(project, project.services["web"], (), repository)
    words = [launch.Argument("/a0.sh", None, Text("/a0.sh", "compose.yml").location)]
    assert launch.follow(words, "/", places, {}).unread


def test_a_script_of_functions_costs_no_more_than_its_length():
    assert growth(walk.commands, lambda size: "f() { x; }\n" + "f\n" * size, 100, 800) <= LINEAR


@pytest.mark.parametrize("script", ["x\n" * 70_000, "x " * 70_000 + "; y", "$(" * 50 + "x"])
def test_a_script_that_is_not_read_whole_is_told(script: str):
    follower = Follower(Memory({}), lambda _: True)
    follower.follow(script, Start(), Origin("ci", "a step", Text(script, "ci").location, Checkouts((), ()), {}))
    assert [unknown.reason for unknown in follower.unknowns("coverage")] == [Budget.REASON]


def test_an_ignore_file_that_is_not_read_whole_is_told(tmp_path):
    files = {
        "package.json": '{"dependencies": {"next": "15"}, "scripts": {"build": "next build"}}',
        "page.tsx": "export const url = process.env.NEXT_PUBLIC_URL;\n",
        ".env.production": "NEXT_PUBLIC_URL=x\n",
        "Dockerfile": "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm run build\n",
        ".dockerignore": "*.log\n" * 3_000,
        "compose.yml": "services:\n  web:\n    build: .\n",
    }
    for path, string in files.items():
        (tmp_path / path).write_text(string)
    done = run("dockerfile-args", "--root", tmp_path, "--format", "json")
    assert [(one["reason"], one["subject"]) for one in done.json()["unknowns"]] == [(Budget.REASON, ".dockerignore")]
    (tmp_path / ".dockerignore").write_text("# x\n" * 100_000)
    done = run("dockerfile-args", "--root", tmp_path, "--format", "json")
    assert [(one["reason"], one["subject"]) for one in done.json()["unknowns"]] == [("too-large", ".dockerignore")]


def test_many_scripts_share_one_budget():
    """Each of a thousand steps would be eight thousand turns."""
    turns = "".join(f"for {name} in {WORDS}; do " for name in "abc") + "x $a$b$c" + "; done" * 3
    follower = Follower(Memory({}), lambda _: True)

    def follow(number: int) -> int:
        origin = Origin("ci", "a step", Text(turns, "ci").location, Checkouts((), ()), {})
        return len(follower.follow(f"{turns} {number}", Start(), origin))

    assert sum(map(follow, range(1_000))) <= 2 * walk.STEP_LIMIT
    assert follower.unknowns("coverage")
    assert effort(lambda: follow(1_001)) < 100


WORKFLOW = """on: push
jobs:
  t:
    runs-on: x
    steps:
      - uses: actions/checkout@v4
      - run: |
          {}
"""


def bomb() -> str:
    levels = ["l0: &l0 {" + ", ".join(f"k{n}: 1" for n in range(1000)) + "}"]
    levels += [f"l{n}: &l{n}\n  <<: [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    return "\n".join(levels) + "\n"


@pytest.mark.parametrize(
    "tail",
    ["#" * 1_000_001, "x-a: " + "[" * 300 + "]" * 300 + "\n", "x-a: [" + "a," * 200_001 + "]\n", bomb()],
    ids=["size", "depth", "nodes", "merges"],
)
def test_yaml_past_a_limit_is_not_judged(tail: str, tmp_path):
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/ci.yml").write_text(WORKFLOW.format("pytest --cov --cov-fail-under=90") + tail)
    (tmp_path / "compose.yml").write_text("services:\n  api:\n    build: .\n" + tail)
    (tmp_path / "Dockerfile").write_text("FROM python:3.12\nARG A\nRUN echo $A\n")
    done = run("all", "--root", tmp_path, "--format", "json", "--ignore", "loose-rounding")
    assert (done.status, done.stderr) == (3, "")
    told = {(one["checker"], one["subject"]): one for one in done.json()["unknowns"]}
    assert set(told) == {
        ("coverage", ".github/workflows/ci.yml"),
        ("dockerfile-args", ".github/workflows/ci.yml"),
        ("dockerfile-args", "compose.yml"),
    }
    assert all("200" in one["message"] or "1,000,000" in one["message"] for one in told.values())
    # Nothing is wrong with such a file, as far as anybody knows.
    assert {one["help"] for one in told.values()} == {"check that this is the file you mean"}


def test_a_workflow_whose_script_is_too_much_is_not_judged_and_those_after_it_say_so(tmp_path):
    doubling = "; ".join(f"f{n}() {{ {f'f{n + 1};' * CALLS} }}" for n in range(9)) + "; f9() { x; }; f0"
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/a.yml").write_text(WORKFLOW.format(f"{doubling}; pytest --cov --cov-fail-under=90"))
    (tmp_path / ".github/workflows/b.yml").write_text(WORKFLOW.format("pytest --cov --cov-fail-under=90"))
    done = run("coverage", "--root", tmp_path, "--format", "json", "--ignore", "loose-rounding")
    assert (done.status, done.stderr) == (3, "")
    first, second = (one["message"] for one in done.json()["unknowns"])
    assert first == "what `.github/workflows/a.yml` runs takes more than 40,000 steps to follow"
    after = "comes after others that took all the steps there are for following"
    assert second == f"what `.github/workflows/b.yml` runs {after}"


def test_many_redirections_of_one_command_cost_their_number() -> None:
    def make(times: int) -> str:
        return f"echo {'b ' * times}" + ">.env " * times

    assert growth(lambda script: walk.written(script, Start()), make, 100, 800) <= LINEAR


def followed(script: str) -> tuple[int, str]:
    """How many commands are followed from a script, and what ended that."""
    text = Text(script, "a.sh")
    follower = Follower(Memory({"a.sh": script, "compose.yml": COMPOSE}), lambda _: True)
    origin = Origin("a.sh", "script", text.location, Checkouts((), ()), {})
    found = follower.follow(script, Start(), origin)
    return len(found), follower.overrun.spent if follower.overrun else ""


COMPOSE = "services:\n  web:\n    image: x\n    command: docker compose run web\n"


@pytest.mark.parametrize("script", ["docker run x " * 400, "docker compose exec web " * 400, "docker compose run web"])
def test_containers_that_start_containers_end_and_are_told(script: str) -> None:
    found, spent = followed(script)
    assert found < 20
    assert spent == "goes more than 6 levels deep"


def test_a_script_that_reads_files_knows_the_last_of_them() -> None:
    *_, last = walk.commands("set -a\n" + "".join(f". ./a{number}; . ./b\n" for number in range(500)) + "x\n")
    assert [one.path for one in last.loaded[-3:]] == ["././a498", "././a499", "././b"]
    assert (last.loaded[0].path, len(last.loaded)) == (None, 50)


@pytest.mark.parametrize(
    "script",
    [
        "x=a\n" + "x=$x$x\n" * 60 + 'y "$x"',
        "set -- a b\n" + 'set -- "$@" "$@"\n' * 60 + 'y "$@"',
        "a=(x y)\n" + 'a=("${a[@]}" "${a[@]}")\n' * 60 + 'y "${a[@]}"',
        "a=(x y)\n" + 'a+=("${a[@]}" "${a[@]}")\n' * 60 + 'y "${a[@]}"',
    ],
)
def test_values_of_a_shell_that_double_are_not_known(script: str) -> None:
    *_, last = walk.commands(script)
    assert last.name == "y"
    assert 1 < len(last.words) <= 1_002
    assert {word.value for word in last.words[1:]} == {None}


def test_values_of_a_dockerfile_and_of_compose_that_double_are_not_known() -> None:
    names = [f"A{number}" for number in range(60)]
    lines = [f"ENV {name}=${{{before}}}${{{before}}}" for before, name in pairwise(names)]
    image = dockerfile.parse(Text("\n".join(("FROM x", "ENV A0=x", *lines)), "Dockerfile"))
    known = dockerfile.Scopes(dockerfile.graph(image)).at(0)
    assert (known["A3"].value, known["A59"].value) == ("x" * 8, None)
    values = {"A0": "x"}
    for before, name in pairwise(names):
        values[name] = interpolation.parse(f"${{{before}}}${{{before}}}").fill(values.get).text
    assert len(values["A59"]) == FILLED_LIMIT
    assert interpolation.parse("$A$A").render({"A": "x" * FILLED_LIMIT}) is None
    assert interpolation.parse("$A").render({"A": "x" * 2 * FILLED_LIMIT}) == "x" * 2 * FILLED_LIMIT


def test_services_that_extend_one_of_many_variables_end_and_are_told() -> None:
    variables = ", ".join(f"A{number}: b" for number in range(500))
    heirs = "".join(f"  s{number}: {{extends: base}}\n" for number in range(1_000))
    file = f"services:\n  base: {{image: x, environment: {{{variables}}}}}\n{heirs}"
    project = merge_files(("compose.yml",), {"compose.yml": compose.parse(Text(file, "compose.yml"))}.get)
    assert sum(len(service.environment) for service in project.services.values()) <= 250_000
    assert [one.subject for one in project.gaps] == ["compose.yml"]
    assert {"s999"} <= set(project.partial)


def test_a_workflow_that_calls_itself_in_every_job_ends_and_is_told() -> None:
    jobs = "".join(f"  a{number}:\n    uses: ./.github/workflows/w.yml\n" for number in range(200))
    files = {".github/workflows/w.yml": f"on: [push, workflow_call]\njobs:\n{jobs}"}

    def follow() -> None:
        steps = workflows.Steps(repository, lambda path: workflow.read(repository, path), lambda _: True)
        assert not [*steps.all()]
        assert [one.reason for one in steps.unknowns("coverage")] == [Budget.REASON]

    repository = Memory(files)
    assert effort(follow) < 200 * workflows.STEP_LIMIT
