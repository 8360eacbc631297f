"""A public variable in every Dockerfile that builds a frontend, and in every build of it."""

from __future__ import annotations

from fr_check.builds.inline_edits import in_its_file
from fr_check.builds.model import BAKE, COMPOSE
from fr_check.core.edits import Refused
from fr_check.dockerfile_args.comparison.remedies import pass_in_compose, pass_in_workflow
from fr_check.edits.dockerfile import declare
from fr_check.sources import yaml_nodes, yaml_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any

    from fr_check.fixes.plan import Plan


def declare_everywhere(facts: Any, folders: Container[str], name: str, made: Plan) -> None:
    """Plans ARG and ENV for each certain step that builds a frontend of some folders, and each build's argument."""
    seen: set[object] = set()
    for bake in facts.all_bakes:
        path, key = bake.image.path, bake.image.key
        if not bake.certain or bake.frontend.path not in folders or key in seen or path not in made.repository.paths():
            continue
        seen.add(key)
        if bake.image.declarations(name):
            made.there.append(f"{path}: declares `{name}`")
            continue
        if bake.instruction.keyword != "RUN":
            made.next.append(f"declare `ARG {name}` in {path}")
            continue
        image = bake.image
        edits = declare(image.text, image.dockerfile, bake.instruction, name, facts.public, env=True)
        made.add(in_its_file(image, made.text(path), edits), f"declared for the build of {bake.frontend.label}")
    for found in facts.builds:
        baked = [bake for bake in facts.bakes(found) if bake.frontend.path in folders]
        build = _where_it_is_built(found, made) if baked and found.path in made.repository.paths() else None
        if build is None or build.location in seen:
            continue
        seen.add(build.location)
        if name in build.passed:
            made.there.append(f"{build.path}: the {build.what} passes `{name}`")
            continue
        _pass(build, name, made)


def _where_it_is_built(build: Any, made: Plan) -> Any:
    """A build of compose at the key `build` of its service, which another file may name last without that key."""
    if build.place != COMPOSE:
        return build
    for path in dict.fromkeys((build.location.path, build.path)):
        text = made.text(path)
        services = yaml_nodes.entries(text.parsed(yaml_tree.parse).root).get("services")
        service = yaml_nodes.entries(services.value).get(build.service) if services is not None else None
        own = yaml_nodes.entries(service.value).get("build") if service is not None else None
        if own is not None and own.via is None:
            return build._replace(location=text.location(own.key.start, own.key.end))
    return build


def _pass(build: Any, name: str, made: Plan) -> None:
    text = made.text(build.location.path)
    fix = (
        pass_in_compose(text, build, name, defaulted=False)
        if build.place == COMPOSE
        else pass_in_workflow(text, build, name)
    )
    if isinstance(fix, Refused):
        made.remind(_by_hand(build, name, fix.reason))
        return
    made.add(fix.edits, f"passed to the {build.what}")
    if build.place != COMPOSE:
        made.remind(f"set its value: `gh variable set {name}`")


def _by_hand(build: Any, name: str, reason: str) -> str:
    """What to write, and where, in a place that no edit is made in."""
    where = f"the {build.what}, {build.path}:{build.location.span.line if build.location.span else 1}"
    if build.place == BAKE:
        written = f'"{name}": ""' if build.path.endswith(".json") else f'{name} = ""'
        return f"add `{written}` to `args` of {where}"
    if build.what.startswith("command"):
        return f"add `--build-arg {name}=VALUE` to {where}"
    return f"pass `{name}` to {where}: {reason}"
