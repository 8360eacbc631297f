"""Docker commands in scripts: what is built, from where, with which arguments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.sources.docker_commands import BakeUse, ComposeUse, DockerBuild, find


def said(script: str) -> list[str]:
    """One line a command, with everything that was understood."""
    lines = []
    for use in find(script, ".", {"${{ matrix.app }}": "web"}.get):
        if isinstance(use, DockerBuild):
            arguments = " ".join(a.name if a.value is None else f"{a.name}={a.value}" for a in use.arguments)
            flags = "".join(c for c, on in (("?", use.opaque), ("!", use.unclear)) if on)
            lines.append(f"build {use.directory} {use.context} {use.file} {use.target} [{arguments}]{flags}")
        elif isinstance(use, ComposeUse):
            verb = "builds" if use.builds else "uses"
            arguments = " ".join(a.name for a in use.arguments)
            place = f" in {use.project}" if use.project else ""
            lines.append(f"compose {verb} {use.directory} {list(use.files)} {list(use.services)} [{arguments}]{place}")
        elif isinstance(use, BakeUse):
            sets = [token.value for token in use.sets]
            lines.append(f"bake {use.directory} {list(use.files)} {list(use.targets)} {sets}")
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
    "workspace": ('docker build "$GITHUB_WORKSPACE/apps"', "build . ./apps None None []"),
    "if": ("if true; then docker build .; fi", "build . . None None []"),
    "compose-build": (
        "docker compose -f a.yml -f b.yml build --build-arg A=1 web",
        "compose builds . ['a.yml', 'b.yml'] ['web'] [A]",
    ),
    "compose-up-build": ("docker-compose --profile x up -d --build", "compose builds . [] [] []"),
    "compose-up": ("docker compose up -d", "compose uses . [] [] []"),
    "compose-directory": ("docker compose --project-directory x build", "compose builds . [] [] [] in ./x"),
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
