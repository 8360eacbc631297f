"""Gates in the steps of images, in containers that nobody waits for, and in scripts of Python."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import json

import pytest

from coverage_gate.test_wiring import CI, MEASURED, VITEST, findings, run, steps


def image(dockerfile: str, command: str = "docker build .") -> dict[str, str]:
    return {"api/pyproject.toml": MEASURED, "Dockerfile": dockerfile, CI: steps(run(command))}


def script(body: str) -> dict[str, str]:
    return {"pyproject.toml": MEASURED, "t.py": f"import subprocess, sys\n{body}", CI: steps(run("python t.py"))}


def container(command: str) -> dict[str, str]:
    return {"pyproject.toml": MEASURED, CI: steps(run(command))}


TESTED = "FROM a AS test\nCOPY . /app\nWORKDIR /app/api\nRUN pytest%s\nFROM a AS prod\n"
SERVICES = "services:\n  t:\n    build: {context: ., target: test}\n  p:\n    build: {context: ., target: prod}\n"


def composed(command: str, more: str = "") -> dict[str, str]:
    return {**image(TESTED % more, command), "compose.yml": SERVICES}


def pushed(inputs: str, more: str = "", *others: str) -> dict[str, str]:
    used = "\n".join(("uses: docker/build-push-action@v6", *others, f"with: {{{inputs}}}"))
    return {**image(TESTED % more), CI: steps(used)}


def started(options: str) -> dict[str, str]:
    service = "services:\n  a:\n    image: x\n    working_dir: /app\n    volumes: ['.:/app']\n    command: pytest\n"
    return {"pyproject.toml": MEASURED, "compose.yml": service, CI: steps(run(f"docker compose up {options}"))}


HATCH = "[project]\nname = 'x'\n[tool.coverage.run]\nbranch = true\n[tool.coverage.report]\nfail_under = 90\n"
MAIN = "def main():\n    return subprocess.call(['pytest'])\n"
JEST = {"coverageThreshold": {"global": {"lines": 90}}}


def hatch(command: str, more: str = "") -> dict[str, str]:
    return {"pyproject.toml": HATCH + more, CI: steps(run(command))}


def jest(command: str) -> dict[str, str]:
    return {"package.json": json.dumps({"scripts": {"test": command}, "jest": JEST}), CI: steps(run("npm test"))}


def vitest(command: str) -> dict[str, str]:
    return {"vitest.config.ts": VITEST, CI: steps(run(command))}


LOST: dict[str, tuple[str, dict[str, str]]] = {
    "a step that passes over it": ("`|| true` in Dockerfile", image("FROM a\nWORKDIR /app\nCOPY . .\nRUN cd api && pytest || true\n")),
    "a step that goes on": ("followed by `echo`", image("FROM a\nCOPY . /app\nWORKDIR /app/api\nRUN pytest; echo done\n")),
    "a here-document": ("followed by `echo`", image("FROM a\nCOPY . /app\nWORKDIR /app/api\nRUN <<EOF\npytest\necho done\nEOF\n")),
    "a step in words": ("`--no-cov` turns it off", image('FROM a\nCOPY . /app\nWORKDIR /app/api\nRUN ["pytest", "--no-cov"]\n')),
    "a pipe of a step": ("left of a pipe without `pipefail` in Dockerfile", image("FROM a\nCOPY api /srv/api\nWORKDIR /srv/api\nRUN pytest | tee log\n")),
    "a stage that is asked for": ("`--no-cov` turns it off", image("FROM a AS b\nCOPY . /app\nFROM b AS test\nWORKDIR /app/api\nRUN pytest --no-cov\nFROM b\n", "docker buildx build --target test .")),
    "a build of Compose that is passed over": ("`|| true` in .github/workflows/ci.yml", composed("docker compose build || true")),
    "a service that is built": ("`--no-cov` turns it off", composed("docker compose build t", " --no-cov")),
    "a service that is built before it starts": ("`--no-cov` turns it off", composed("docker compose up -d t", " --no-cov")),
    "an action that builds": ("`--no-cov` turns it off", pushed("target: test", " --no-cov")),
    "an action that is passed over": ("`continue-on-error: true`", pushed("context: ., target: test", "", "continue-on-error: true")),
    "a service that nobody heeds": ("heeds no service's status", started("--build")),
    "a service beside the one that is heeded": ("heeds no service's status", started("--exit-code-from b --abort-on-container-exit")),
    "a build that is passed over": ("`|| true` in .github/workflows/ci.yml", image("FROM a\nCOPY . /app\nWORKDIR /app/api\nRUN pytest\n", "docker build . || true")),
    "a container that is left alone": ("`-d`, with which docker waits for nothing,", container("docker run --rm -itd -v .:/app -w /app a pytest")),
    "another that is left alone": ("`-d`, with which docker waits for nothing,", container("docker exec --detach a pytest")),
    "hatch without coverage": ("without `--cover`", hatch("hatch test --all")),
    "hatch without a report": ("`coverage run` only measures", hatch("hatch test --cover-quiet")),
    "jest that lists": ("`--listTests` turns it off", jest("jest --coverage --listTests")),
    "jest that shows": ("`--showConfig` turns it off", jest("jest --coverage --showConfig")),
    "vitest with no number left": ("without it: `--coverage.thresholds.lines=0` takes its place", vitest("npx vitest run --coverage --coverage.thresholds.lines=0")),
    "a main that drops it": ("`subprocess.call`, whose status nothing looks at, in t.py", script(f"{MAIN}if __name__ == '__main__':\n    main()\n")),
    "a main that drops a result": ("`subprocess.run` without `check=True`", script("def main():\n    r = subprocess.run(['pytest'])\n    return r.returncode\nmain()\n")),
    "a function whose caller is dropped": ("`subprocess.call`, whose status", script("def main():\n    return tests()\ndef tests():\n    return subprocess.call(['pytest'])\nmain()\n")),
}  # fmt: skip

HELD: dict[str, dict[str, str]] = {
    "a step": image("FROM a\nWORKDIR /app\nCOPY . .\nWORKDIR api\nRUN pytest\n"),
    "a here-document that stops": image("FROM a\nCOPY . /app\nWORKDIR /app/api\nRUN <<EOF\nset -e\npytest\necho done\nEOF\n"),
    "a stage that nobody builds": image("FROM a AS test\nCOPY . /app\nWORKDIR /app/api\nRUN pytest --no-cov\nFROM a\n"),
    "a folder that is not known": image("FROM a\nCOPY --from=x . .\nWORKDIR /app/api\nRUN pytest --no-cov\n"),
    "a Dockerfile that only a run tells": image("FROM a\nCOPY . /app\nWORKDIR /app/api\nRUN pytest --no-cov\n", "docker build -f $F ."),
    "a service of another stage": composed("docker compose build p", " --no-cov"),
    "services that are built": composed("docker compose build"),
    "services that are not built": composed("docker compose up --no-build t", " --no-cov"),
    "an action that builds": pushed("target: test"),
    "an action that builds another stage": pushed("context: ., target: prod", " --no-cov"),
    "an action with a folder that only a run tells": pushed("context: '${{ matrix.a }}'", " --no-cov"),
    "a service whose end ends all": started("--abort-on-container-exit"),
    "a service that is named": started("--exit-code-from a"),
    "a container that is waited for": container("docker run -d --name t -v .:/app -w /app a pytest\nexit $(docker wait t)"),
    "a container": container("docker run --rm -it -v .:/app -w /app a pytest"),
    "hatch with coverage": hatch("hatch test -c"),
    "hatch with scripts of its own": hatch("hatch test", "[tool.hatch.envs.hatch-test.scripts]\nrun = 'pytest --cov=src {args}'\n"),
    "a main that is looked at": script(f"{MAIN}sys.exit(main())\n"),
    "a main that is raised": script(f"{MAIN}raise SystemExit(main())\n"),
    "a main of two calls": script(f"{MAIN}main()\nsys.exit(main())\n"),
    "a main that is handed on": script(f"{MAIN}for f in [main]:\n    sys.exit(f())\n"),
    "a main that looks itself": script("def main():\n    rc = subprocess.call(['pytest'])\n    if rc: sys.exit(rc)\n    return rc\nmain()\n"),
    "a helper that starts what it is given": script("def sh(c):\n    return subprocess.call(c)\nsh(['pytest'])\n"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "files"), LOST.values(), ids=LOST.keys())
def test_a_gate_that_is_lost(text: str, files: dict[str, str]):
    (one,) = findings(files)
    assert (one.rule, one.severity.name, text in one.message) == ("unwired-gate", "ERROR", True), one.message


@pytest.mark.parametrize("files", HELD.values(), ids=HELD.keys())
def test_a_gate_that_holds_or_nobody_can_tell(files: dict[str, str]):
    assert [one.message for one in findings(files)] == []
