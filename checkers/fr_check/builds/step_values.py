"""How a variable has a value where a frontend is built, without an ARG of its name: ENV, the step itself, files."""

from __future__ import annotations

import posixpath

from fr_check.builds import build_command
from fr_check.builds.frontend_build import Value, file_at
from fr_check.builds.image_files import located
from fr_check.core.record import NamedTuple
from fr_check.sources import dotenv, env_writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.builds.frontend import Frontends
    from fr_check.builds.frontend_build import Bake, Place
    from fr_check.core.repository import Repository
    from fr_check.sources.env_write import EnvWrite

_OF_VITE = frozenset(("Vite", "SvelteKit", "Astro", "Nuxt"))


class EnvFile(NamedTuple):
    """A file of variables: what to call it, and what is in it (None: not known)."""

    how: str
    names: Mapping[str, str] | None


class StepValues:
    """What the Dockerfiles of a repository bring to the steps that build frontends."""

    def __init__(self, repository: Repository, frontends: Frontends) -> None:
        self._repository = repository
        self._tree = frontends.tree
        self._ignores = frontends.ignores
        self._known: dict[tuple[object, ...], tuple[EnvFile, ...]] = {}

    def of(self, bake: Bake, name: str) -> Value | None:
        """How a variable without an ARG of its name has a value at a step; None where it has none."""
        standing = bake.standing(name)
        if standing.kind == "mounted":
            return Value("a secret mount of the step sets it")
        if standing.kind == "bound" and standing.binding is not None:
            made_of = standing.binding.arguments
            if not made_of:
                return Value("an ENV sets it, and no build can change it", fixed=True)
            names = ", ".join(f"`{argument}`" for argument in sorted(made_of))
            return Value(f"an ENV makes it of the ARG {names}", arguments=made_of)
        if name in bake.hit.given:
            return Value("the step itself sets it")
        perhaps = None
        for file in self._files(bake):
            if file.names is None:
                perhaps = perhaps or Value(f"{file.how} may set it: what is in it is not in the repository", sure=False)
            elif name in file.names and self._arrives(bake, name, file.names[name]):
                return Value(f"{file.how} sets it")
        return perhaps

    def _arrives(self, bake: Bake, name: str, reference: str) -> bool:
        """Whether `NAME=$REFERENCE` in a file sets anything: the step's shell must know the reference."""
        if not reference or reference in bake.hit.given:
            return True
        return reference != name and bake.standing(reference).kind in {"visible", "bound", "mounted", "overridden"}

    def _files(self, bake: Bake) -> tuple[EnvFile, ...]:
        key = (bake.image.key, bake.context, bake.span, bake.frontend.path)
        if key not in self._known:
            self._known[key] = tuple(self._read(bake))
        return self._known[key]

    def _read(self, bake: Bake) -> Iterator[EnvFile]:
        """The files of variables that the build at a step reads."""
        names = frozenset(found.format(bake.hit.mode) for b in bake.frontend.bundlers for found in b.files)
        names = names or frozenset(
            found.format(bake.hit.mode) for found in (".env.{}.local", ".env.{}", ".env.local", ".env")
        )
        folder = bake.hit.place.image
        if folder is not None and not _OF_VITE.isdisjoint(bundler.label for bundler in bake.frontend.bundlers):
            from fr_check.builds import env_folder  # noqa: PLC0415 - others look in their own folder

            moved = env_folder.find(self._repository, bake.frontend.path)
            if moved is None:
                yield EnvFile("a file in the folder that the bundler's configuration computes", None)
            folder = posixpath.normpath(posixpath.join(folder, moved or "."))
        for place, write in (*self._earlier(bake), *bake.hit.files):
            if write.loaded or posixpath.basename(write.path or "") in names:
                yield self._written(bake, place, write)
        for target in _mounted(bake):
            to, _, name = target.rpartition("/")
            if name in names and (folder is None or not target.startswith("/") or (to or "/") == folder):
                yield EnvFile(f"`{name}`, which the step mounts,", None)
        for name in _brought(bake):
            if name in names and not any(posixpath.basename(copied.target) == name for copied in bake.found):
                yield EnvFile(f"`{name}`, which comes from elsewhere,", None)
        for instruction in bake.image.env_files(bake.stage):
            if instruction.number < bake.instruction.number:
                for heredoc in instruction.heredocs:
                    yield EnvFile("a here-document in a file of variables", env_writes.texts(heredoc.body))
        for copied in bake.found:
            to, _, name = copied.target.rpartition("/")
            if copied.file and name in names and folder in {None, to or "/"}:
                yield self._committed(bake, copied.source if copied.there else "", copied.source)
        for name in names if folder is not None else ():
            found = located(posixpath.join(folder or "/", name), bake.found, self._tree)
            if found is not None and found.file and found.there:
                yield self._committed(bake, found.source, found.source)

    def _earlier(self, bake: Bake) -> Iterator[tuple[Place, EnvWrite]]:
        """What earlier RUNs of the stage, and of those it is built on, write."""
        for stage in bake.image.graph.ancestry(bake.stage):
            for executed, _ in bake.image.graph.executed(stage):
                if executed.keyword == "RUN" and (stage != bake.stage or executed.number < bake.instruction.number):
                    for write in build_command.written(executed):
                        yield bake.hit.place, write

    def _written(self, bake: Bake, place: Place, write: EnvWrite) -> EnvFile:
        """A file that a script writes, or copies."""
        what = f"the file `{posixpath.normpath(write.path)}`" if write.path else "a file of variables"
        how = f"{what}, which a RUN {'reads' if write.loaded else 'writes'},"
        if write.names is not None:
            return EnvFile(how, write.names)
        path = None if write.source is None else file_at(place, write.source, bake.found, self._tree)
        return EnvFile(how, None if path is None else self._keys(path))

    def _committed(self, bake: Bake, path: str, shown: str) -> EnvFile:
        """A file that COPY brings; a `.dockerignore` may keep it out."""
        kept_out = self._ignores.excluding(bake.image.path, bake.context, shown) if path else None
        if kept_out is not None:
            return EnvFile(f"`{shown}`", {})
        return EnvFile(
            f"`{shown}`" if path else f"`{shown}`, which is not committed,", self._keys(path) if path else None
        )

    def _keys(self, path: str) -> Mapping[str, str] | None:
        found = self._repository.parse(path, dotenv.parse)
        return {a.key: "" for a in found.assignments} if isinstance(found, dotenv.Dotenv) else None


def _mounted(bake: Bake) -> Iterator[str]:
    """Where the step has a file that is not the context's: a secret, or a part of another image or context."""
    for mount in bake.instruction.mounts():
        kind = mount.get("type", "bind")
        if kind == "secret" or (kind == "bind" and mount.get("from")):
            target = mount.get("target") or mount.get("dst") or mount.get("destination") or ""
            if target:
                yield target


def _brought(bake: Bake) -> Iterator[str]:
    """The names of files that another stage, image or address brings before the step: of those nothing is known."""
    for stage in bake.image.graph.ancestry(bake.stage):
        for executed, _ in bake.image.graph.executed(stage):
            if executed.keyword not in {"COPY", "ADD"} or (
                stage == bake.stage and executed.number > bake.instruction.number
            ):
                continue
            *sources, target = executed.json or executed.arguments.split() or ("",)
            origin = executed.flag("from")
            for source in sources:
                if (origin is not None and origin.value) or "://" in source:
                    into = target.endswith("/") or target in {".", "./"}
                    yield posixpath.basename(source if into else target)
