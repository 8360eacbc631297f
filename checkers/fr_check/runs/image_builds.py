"""What the steps of an image run while `docker build` makes it: each `RUN` of the stages that are built for it.

A failure of one fails the build. Source: https://docs.docker.com/reference/dockerfile/#run and `docker buildx build`.
"""

from __future__ import annotations

import posixpath

from fr_check.core.text import Text
from fr_check.runs.containers import Contained, built_by
from fr_check.sources import dockerfile
from fr_check.sources.docker_uses import DockerBuild, moved, uses
from fr_check.sources.dockerfile.stages import graph
from fr_check.sources.shells import SH
from fr_check.sources.shells import of_words as shell_of
from fr_check.sources.tasks import images

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fr_check.core.repository import Repository
    from fr_check.runs.model import Origin, Ran
    from fr_check.sources.dockerfile import Instruction

    # A folder of the image, and the one outside that it was copied from (None: not known).
    _Copies = Sequence[tuple[str, str | None]]


def inside_of(ran: Ran, origin: Origin, repository: Repository) -> Iterator[Contained]:
    """What the builds of a command run; nothing for one that builds no image whose Dockerfile is known."""
    for use in uses(ran.name.rpartition("/")[2], ran.arguments, ran.directory, ran):
        if isinstance(use, DockerBuild) and not use.unclear and use.context is not None:
            context = moved(use.directory, use.context)
            written = (
                posixpath.join(context or "", "Dockerfile") if use.file is None else moved(use.directory, use.file)
            )
            path = None if context is None or written is None else origin.checkouts.path(written)[0]
            text = None if path is None else repository.read(path)
            if isinstance(text, Text) and context is not None:
                yield from _of_file(text, use.target or "", context)
    for context, path, target in built_by(ran, origin, repository):
        text = repository.read(path)
        if isinstance(text, Text):
            yield from _of_file(text, target, context or ".")


def _of_file(text: Text, target: str, context: str) -> Iterator[Contained]:
    """What a Dockerfile runs for a target, in the folders of its context as far as it copies them."""
    found = graph(dockerfile.parse(text))
    last = found.target(target)
    for number in sorted(found.reachable(last)) if last is not None else ():
        made = [one for stage in reversed(found.ancestry(number)) for one in found.bodies[stage]]
        yield from (one for one in _of_stage(text, made, context, number))


def _of_stage(text: Text, made: Sequence[Instruction], context: str, number: int) -> Iterator[Contained]:
    """What a stage runs itself, after what those that it is built on did."""
    here, copies, shell = "/", list[tuple[str, str | None]](), SH
    for one in made:
        if one.keyword == "WORKDIR":
            here = posixpath.normpath(posixpath.join(here, one.arguments.strip().strip("\"'")))
        elif one.keyword in {"COPY", "ADD"} and one.flag("from") is None:
            copies += _copied(one, here, context)
        elif one.keyword == "SHELL" and one.json:
            shell = shell_of(one.json)
        elif one.keyword == "RUN" and one.stage == number:
            what = f"`RUN` of `{text.path}`"
            for script in images.of_run(text, one, shell):
                yield Contained(-1, _outside(here, copies), script, text.path, what)


def _copied(one: Instruction, here: str, context: str) -> Iterator[tuple[str, str | None]]:
    """The folder that a COPY of the context's own files writes to, with where they come from."""
    words = one.json or one.arguments.split()
    if len(words) < 2 or "$" in one.arguments:  # noqa: PLR2004 - what and where to
        return
    target = posixpath.normpath(posixpath.join(here, words[-1]))
    for source in words[:-1]:
        plain = source.removeprefix("./").rstrip("/")
        if plain in {"", "."}:
            yield target, context
        elif "*" not in plain and len(words) == 2:  # noqa: PLR2004
            name = posixpath.basename(plain)
            named = posixpath.basename(target) == name and not words[-1].endswith("/")
            # `COPY app /srv/app` and `COPY setup.py .` say which folder the one above is.
            home = posixpath.dirname(target) if named else target
            outer = posixpath.join(context, posixpath.dirname(plain)) if named or "." in name else None
            yield home, outer if outer is not None else posixpath.join(context, plain)


def _outside(here: str, copies: _Copies) -> str | None:
    """The folder outside that a folder of the image shows: by what was copied nearest to it."""
    for target, source in sorted(copies, key=lambda pair: -len(pair[0])):
        if source is not None and f"{here}/".startswith(f"{target.rstrip('/')}/"):
            rest = here[len(target) :].strip("/")
            return posixpath.normpath(posixpath.join(source, rest))
    return None
