"""The commands of a script, as far as they build images or hand on: from where, with which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.budget import Budget
from fr_check.runs import calls
from fr_check.runs.calls import Call
from fr_check.runs.model import Ran, Start
from fr_check.runs.walk import commands
from fr_check.runs.walker import Walker
from fr_check.sources import shell
from fr_check.sources.docker_uses import PROGRAMS, BakeUse, ComposeUse, DockerBuild, Use, uses


def find(script: str, start: Start = Start()) -> list[Use | Call]:  # noqa: B008 - a tuple
    """What each command builds, or hands on to."""
    found: list[Use | Call] = []
    for ran in commands(script, start):
        if ran.name.rpartition("/")[2] in PROGRAMS:
            found += uses(ran.name.rpartition("/")[2], ran.arguments, ran.directory, ran)
        elif (call := calls.of(ran)) is not None:
            found.append(call)
    return found


def said(script: str, *arguments: str) -> list[str]:
    """One line a command, with everything that was understood."""
    lines = []
    environment = {"0": "ops/run.sh", "BASH_SOURCE": "ops/run.sh"}
    for use in find(script, Start(".", environment, arguments, {"${{ matrix.app }}": "web"}.get)):
        if isinstance(use, DockerBuild):
            passed = " ".join(a.name if a.value is None else f"{a.name}={a.value}" for a in use.arguments)
            flags = "".join(c for c, on in (("?", use.opaque), ("!", use.unclear)) if on)
            lines.append(f"build {use.directory} {use.context} {use.file} {use.target} [{passed}]{flags}")
        elif isinstance(use, ComposeUse):
            verb = "builds" if use.builds else "uses"
            passed = " ".join(a.name for a in use.arguments)
            place = f" in {use.project}" if use.project else ""
            flags = "".join(c for c, on in (("?", use.opaque), ("!", use.unclear)) if on)
            files, services = list(use.files), list(use.services)
            lines.append(f"compose {verb} {use.directory} {files} {services} [{passed}]{place}{flags}")
        elif isinstance(use, BakeUse):
            sets = [token.value for token in use.sets]
            lines.append(f"bake {use.directory} {list(use.files)} {list(use.targets)} {sets}")
        elif isinstance(use, Call):
            folder = f" in {use.folder}" if use.folder else ""
            assigned = f" {use.assigned}" if use.assigned else ""
            lines.append(f"{use.kind} {use.directory} {list(use.names)} {list(use.arguments)}{folder}{assigned}")
    return lines


CASES = {
    "plain": ("docker build .", "build . . None None []"),
    "continuation": (
        "docker build --build-arg X \\\n  --build-arg=Y=1 -f apps/web/Dockerfile \\\n  apps/web",
        "build . apps/web apps/web/Dockerfile None [X Y=1]",
    ),
    "buildx": ("docker buildx build --push -t a:b --target run ./x", "build . ./x None run []"),
    "image-build": ("docker image build -fD .", "build . . D None []"),
    "podman": ("sudo podman build --build-arg 'A=b c' .", "build . . None None [A=b c]"),
    "buildah": ("buildah bud -f X .", "build . . X None []"),
    "global-options": ("docker --context remote -H x build .", "build . . None None []"),
    "cd": ("cd apps/web && docker build .", "build ./apps/web . None None []"),
    "cd-in-subshell": ("(cd apps/web; docker build .)\ndocker build x", "build ./apps/web . None None []"),
    "unknown-cd": ("cd $X\ndocker build .", "build None . None None []"),
    "variable": ("F=a/Dockerfile\ndocker build -f $F .", "build . . a/Dockerfile None []"),
    "unknown-file": ("docker build -f $F .", "build . . None None []!"),
    "string-of-options": ('O="--build-arg A=1 --build-arg B=2"\ndocker build $O .', "build . . None None [A=1 B=2]"),
    "array": ('o=(--build-arg A=1)\no+=(--build-arg B)\ndocker build "${o[@]}" .', "build . . None None [A=1 B]"),
    "unknown-options": ("docker build $OPTIONS .", "build . . None None []?"),
    "unknown-value": ('docker build --build-arg "SHA=$(git rev-parse HEAD)" .', "build . . None None [SHA=]"),
    "unknown-name": ("docker build --build-arg $A .", "build . . None None []?"),
    "expression": ("docker build apps/${{ matrix.app }}", "build . apps/web None None []"),
    "unknown-expression": ("docker build --build-arg A=${{ inputs.x }} .", "build . . None None [A=]"),
    "workspace": ('docker build "$GITHUB_WORKSPACE/apps"', "build . /github/workspace/apps None None []"),
    "working-folder": (
        "cd apps\ndocker build -f $PWD/D .",
        "build ./apps . /github/workspace/./apps/D None []",
    ),
    "folder-of-the-script": (
        'cd "$(dirname "$0")/.."\ndocker build .',
        "build ./ops/.. . None None []",
    ),
    "folder-of-the-script-kept": (
        'HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" >/dev/null 2>&1 && pwd)"\ndocker build "$HERE/web"',
        "build . /github/workspace/./ops/web None None []",
    ),
    "folder-of-the-script-by-pattern": ("cd ${0%/*}; docker build .", "build ./ops . None None []"),
    "top-of-the-repository": (
        "cd $(git rev-parse --show-toplevel)/web && docker build .",
        "build /github/repository/web . None None []",
    ),
    "what-another-command-prints": ("docker build $(find . -name x)", "build . None None None []?"),
    "popd": ("pushd a; popd; docker build .", "build . . None None []"),
    "if": ("if true; then docker build .; fi", "build . . None None []"),
    "compose-build": (
        "docker compose -f a.yml -f b.yml build --build-arg A=1 web",
        "compose builds . ['a.yml', 'b.yml'] ['web'] [A]",
    ),
    "compose-up-build": ("docker-compose --profile x up -d --build", "compose builds . [] [] []"),
    "compose-up": ("docker compose up -d", "compose uses . [] [] []"),
    "compose-directory": ("docker compose --project-directory x build", "compose builds . [] [] [] in ./x"),
    "compose-flags-of-build": ("docker compose build --pull web", "compose builds . [] ['web'] []"),
    "compose-run": ("docker compose run --build web npm test", "compose builds . [] ['web'] []"),
    "compose-unknown-file": ("docker compose -f $F build", "compose builds . [] [] []!"),
    "compose-unknown-options": ("docker compose build $O", "compose builds . [] [] []?"),
    "script": ("A=1 ./ops/build.sh web --push", "script . ['./ops/build.sh'] ['web', '--push'] {'A': '1'}"),
    "script-by-a-shell": ("bash -e ops/build.sh $X", "script . ['ops/build.sh'] [None]"),
    "script-sourced": (". ops/lib.sh", "script . ['ops/lib.sh'] []"),
    "script-of-its-folder": ('"$(dirname "$0")/other.sh"', "script . ['ops/other.sh'] []"),
    "script-exported": ("export A=1\nops/build", "script . ['ops/build'] [] {'A': '1'}"),
    "make": ("make -C web -j 4 image TAG=1 A=$X", "make . ['image'] [] in web {'TAG': '1', 'A': None}"),
    "make-default": ("cd x && gmake", "make ./x [] []"),
    "package-script": ("npm --prefix web run image", "package . ['image'] [] in web"),
    "package-script-of-yarn": ("yarn image", "package . ['image'] []"),
    "package-manager": ("npm ci", None),
    "package-script-elsewhere": ("pnpm --filter web run image", "packages . ['image'] []"),
    "interpreter": ("python ops/build.py web", "other . ['ops/build.py'] ['web']"),
    "runner": ("just image web", "just . ['image', 'web'] ['web']"),
    "another-runner": ("rake image", "other . ['rake'] []"),
    "inline-script": ("python -c 'x'", None),
    "bake": (
        "docker buildx bake -f b.hcl web --set '*.args.A=1'",
        "bake . ['b.hcl'] ['web'] ['*.args.A=1']",
    ),
    "no-build": ("docker buildx imagetools create x\ndocker run y\ndocker builder prune", None),
    "echo": ("echo docker build .", None),
    "comment": ("# docker build .", None),
}


@pytest.mark.parametrize(("script", "expected"), CASES.values(), ids=CASES.keys())
def test_commands(script: str, expected: str | None) -> None:
    assert said(script)[:1] == ([] if expected is None else [expected])


def test_arguments_of_a_script() -> None:
    assert said('docker build -f $1/D "$@"', "web", ".") == ["build . . web/D None []"]
    assert said('docker build "$@" .') == ["build . . None None []"]


FUNCTIONS = {
    "called": ('b() { docker build "$@" "$1"; }\nb x', ["build . x None None []"]),
    "called-twice": (
        "b() { local d=$2; docker build $d; }\nb a x\nb b y",
        ["build . x None None []", "build . y None None []"],
    ),
    "never-called": ("b() { docker build $1; }", ["build . None None None []?"]),
    "of-itself": ("b() { docker build x; b; }\nb", ["build . x None None []"] * 8),
    "loop": (
        "for d in a b; do docker build apps/$d; done",
        ["build . apps/a None None []", "build . apps/b None None []"],
    ),
    "loop-of-unknown-words": ("for d in $X; do docker build $d; done", ["build . None None None []?"]),
    "loop-of-files": ("for d in apps/*; do docker build $d; done", ["build . None None None []?"]),
    "loop-in-subshells": (
        "for d in a b; do (cd $d && docker build .); done",
        ["build ./a . None None []", "build ./b . None None []"],
    ),
    "loop-in-a-function": (
        "f() { for d in a b; do docker build $1/$d; done; }\nf x",
        ["build . x/a None None []", "build . x/b None None []"],
    ),
    "function-of-a-loop": (
        "f() { docker build $1; }\nfor d in a b; do f $d; done",
        ["build . a None None []", "build . b None None []"],
    ),
    "while": ("while read d; do docker build $d; done", ["build . None None None []?"]),
}


@pytest.mark.parametrize(("script", "expected"), FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_loops_and_functions(script: str, expected: list[str]) -> None:
    assert said(script) == expected


def test_a_subshell_keeps_its_folder_to_itself() -> None:
    assert said("(cd a && docker build .)\ndocker build .")[1] == "build . . None None []"


def test_names_are_located() -> None:
    script = "x=1\ndocker build --build-arg NAME=v --build-arg=OTHER=w ."
    (use,) = find(script)
    assert isinstance(use, DockerBuild)
    assert [script[a.start : a.end] for a in use.arguments] == ["NAME", "OTHER"]


@given(st.text("docker buil-fgar=${}\"'\\\n&|;() .", max_size=60))
def test_never_raises(script: str) -> None:
    find("docker build " + script)
    find("docker compose " + script)
    find(script)


def test_loops_inside_loops_cost_the_levels_that_each_command_is_handed_up_through():
    script = "for x in a b; do docker build $x\n" * 24 + "done\n" * 24
    assert 0 < len(commands(script)) < 8_000


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("env A=1 -u B pytest -q", [["pytest", "-q"]]),
        ("uv run --with x --frozen pytest -q", [["pytest", "-q"]]),
        ("uv tool run ruff check", [["ruff", "check"]]),
        ("sudo -u me env X=1 npx -y next build", [["next", "build"]]),
        ("timeout -k 5 10m time -f x nohup make all", [["make", "all"]]),
        ("find . | xargs -n 1 -0 rm -f", [["find", "."], ["rm", "-f"]]),
        ("bash -euo pipefail -c 'cd x && npm run \"a b\"'", [["npm", "run", "a b"]]),
        ("sh -c \"sh -c 'exec next build'\"", [["next", "build"]]),
        ('sh -c "next build $X"', [["next", "build", None]]),
        ("bash script.sh -c x", [["bash", "script.sh", "-c", "x"]]),
        ("pnpm exec next build", [["next", "build"]]),
        ("pnpm run build", [["pnpm", "run", "build"]]),
        ("npm exec -- next build", [["next", "build"]]),
        ("eval 'a; b'", [["a"], ["b"]]),
        ("sudo", [["sudo"]]),
    ],
)
def test_wrappers_are_taken_off(script, expected):
    assert [[token.value for token in ran.words] for ran in commands(script)] == expected


def test_wrappers_keep_assignments_and_places():
    script = "env A=1 sh -c 'B=2 next \"build\"'"
    (ran,) = commands(script)
    assert ran.environment == {"A": "1", "B": "2"}
    assert script[ran.words[0].start : ran.words[0].end] == "next"


ENDS = {
    "exit 0; docker build .": 0,
    "f() { exit; }; f; docker build .": 0,
    "f() { docker build a; return; docker build b; }; f; docker build c": 2,
    "(exit 0); docker build .": 1,
    "exit 0 | cat; docker build .": 1,
    "f() { exit; }; f | cat; docker build .": 1,
    "make && exit 0; docker build .": 1,
    "if make; then exit 0; else docker build a; fi; docker build .": 2,
    "for n in a b; do if [ $n = b ]; then docker build $n; exit; fi; done; docker build .": 1,
    "for n in a b; do if [ $X = b ]; then docker build $n; exit; fi; done; docker build .": 3,
    "return 0; docker build .": 1,
    "exit 0; f() { docker build .; }": 1,
    "case $X in a) exit ;; b) docker build b ;; esac; docker build .": 2,
    "sh -c 'exit 0; docker build a'; docker build .": 1,
}


@pytest.mark.parametrize("script", ENDS)
def test_nothing_is_run_after_the_end(script: str):
    assert len([one for one in find(script) if isinstance(one, DockerBuild)]) == ENDS[script]


_WAITS = ("for ((i = 0; i < 3; i++)); do%sdone", "for i in 1 2 3; do%sdone", "while true; do%sdone", "%s")


@pytest.mark.parametrize("loop", _WAITS)
def test_a_function_that_may_return_before_its_exit_lets_the_script_go_on(loop: str):
    body = loop % "\n  if pg_isready; then\n    return 0\n  fi\n"
    found = commands(f"wait_for() {{\n{body}\nexit 1\n}}\nwait_for\nexec serve\n")
    assert found[-1].name == "serve"


def test_a_function_that_only_exits_ends_the_script():
    assert [one.name for one in commands("stop() {\necho no\nexit 1\n}\nstop\nexec serve\n")] == ["echo", "exit"]


_PIECES = (
    "A=1", "export A", "export B=$A", "unset C", "env -i B=2 x $B", "env -i A=$A sh -c 'x $A $C'", "sh -c 'y $B; env'",
    "sh -c 'unset D; z'", ". ./e.env; sh -c 'x'", 'eval "$E"', "eval x", 'export "$E=1"',
    "f() { local A=3; sh -c x; }",
    "f", "sudo -E x", "sudo --preserve-env=A sh -c x", "sudo sh -c x", "su - me -c x", "(cd a; ./b.sh)", "x | y $1",
    "for A in 1 2; do x $A; done", 'if [ -n "$A" ]; then exit; fi', "set -a", "read B", ": ${C:=3}",
    "x ${{ inputs.e }}",
)  # fmt: skip
_VALUES = st.sampled_from([None, "", "1", "F", "D x"])
_AROUND = st.dictionaries(st.sampled_from([*"ABCDEFG", "PATH", "HOME"]), _VALUES, max_size=5)


@given(st.lists(st.sampled_from(_PIECES), max_size=6).map("\n".join), _AROUND, _AROUND)
def test_a_script_says_the_same_of_an_environment_whatever_others_it_was_gone_through_in(
    script: str, first: dict[str, str | None], second: dict[str, str | None]
):
    commands(script, Start(environment=first))
    start = Start(environment=second)
    alone = Walker(shell.parse(script), start, (), Budget()).walk()
    assert [*map(_told, commands(script, start))] == [*map(_told, alone)]


def _told(ran: Ran) -> tuple[object, ...]:
    words = [token.value for token in ran.words]
    return words, ran.directory, dict(ran.present), ran.changes, ran.environment, ran.exported, ran.loaded, ran.sure


@pytest.mark.parametrize("number", ["\u00b2", "1" * 5000])
@pytest.mark.parametrize(
    "line", ["shift {}", 'x "${{a[{}]}}"', 'x "${{a[@]:{}}}"', 'x "${{a[@]:0:{}}}"', 'x "${{@:{}}}"']
)
def test_what_is_no_number_to_python_is_not_known(number: str, line: str) -> None:
    found = commands(f'set -- a b\na=(c d)\n{line.format(number)}\nx "$1"\n')
    assert found[-1].name == "x"
