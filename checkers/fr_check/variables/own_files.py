"""The files that a program reads by itself: `load_dotenv()`, the settings' `env_file` and `secrets_dir`."""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.variables import own_code
from fr_check.variables.env_files import filling
from fr_check.variables.model import FILL, OVER, Entry, FromSecret, Layer, Open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location
    from fr_check.sources.compose.model import Service
    from fr_check.variables.launch import Start
    from fr_check.variables.model import Mode
    from fr_check.variables.places import Places
    from fr_check.variables.programs import Program
    from fr_check.variables.services import Reading

_LOAD_DOTENV = pattern(r"\bload_dotenv\s*\((?P<arguments>[^()]*(?:\([^()]*\)[^()]*)*)\)")
_OVERRIDE = pattern(r"\boverride\s*=\s*True\b")
_PLAIN = pattern(r"\s*(?:dotenv_path\s*=\s*)?[\"']([\w./-]+)[\"']\s*(?:,|$)")
# A path that is put together: of a variable, or by a function that is not python-dotenv's own.
_OTHER_PATH = pattern(r"\s*(?:dotenv_path\s*=\s*(?!None\b)|(?!\w+\s*=(?!=)|(?:dotenv\.)?find_dotenv\(\s*\)|None\b)\S)")
_NAMED = pattern(r"[\"']([\w./-]*\.env[\w.-]*)[\"']")


def layers(
    program: Program, start: Start | None, places: Places, reading: Reading, absences: list[tuple[str, Location]]
) -> list[Layer]:
    """The files that a program itself reads: `load_dotenv()`, the settings' `env_file`, `secrets_dir`."""
    folder = None if start is None else start.folder
    layers = [*_dotenv(program, folder, places, reading, absences), *own_code.layers(program, reading.repository)]
    for named in program.given_files:
        if named.text is None:
            opened = Open(named.owner, f"the file that a call of `{named.owner}` names is not known", named.location)
            layers.append(Layer("settings-file", "`_env_file`", {}, named.location, opened, fills=True))
        else:
            layers += _at(named.text, folder, places, reading, absences, named.location)
    seen: set[str] = set()
    for settings_class in program.classes:
        if settings_class.env_files is None:
            where = settings_class.env_file_place
            opened = Open(settings_class.name, f"the file that `{settings_class.name}` reads is not known", where)
            layers.append(Layer("settings-file", "`env_file`", {}, where, opened, fills=True))
            continue
        for name in settings_class.env_files:
            if name not in seen:
                seen.add(name)
                layers += _at(name, folder, places, reading, absences, settings_class.env_file_place)
        if settings_class.reads_secrets:
            layers.append(_granted(places.service))
    layers += own_code.keyword_layers(program.classes, program.keywords)
    if program.own_sources is not None:
        where = program.own_sources.location
        layers.append(Layer("own-sources", "its own sources", {}, where, program.own_sources))
    return layers


def _granted(service: Service) -> Layer:
    entries = {}
    for grant in service.secrets:
        name = posixpath.basename(grant.target).upper()

        entries[name] = Entry(name, FromSecret(f"secret `{grant.source}`"), grant.location, FILL)
    return Layer("secrets-folder", "`secrets`", entries, None, fills=True)


def _dotenv(
    program: Program, folder: str | None, places: Places, reading: Reading, absences: list[tuple[str, Location]]
) -> list[Layer]:
    """`load_dotenv()` looks for `.env` upward from the file that calls it."""
    layers: list[Layer] = []
    for path, text in program.dotenv_callers(reading.repository):
        for call in _LOAD_DOTENV.finditer(text.string):
            mode: Mode = OVER if _OVERRIDE.search(call["arguments"]) else FILL
            where = text.location(call.start(), call.end())
            plain, named = _PLAIN.match(call["arguments"]), _NAMED.search(call["arguments"])
            if plain is not None:
                # What is named outright counts from the working folder.
                layers += _at(plain[1], folder, places, reading, absences, where, mode)
                continue
            if named is None and _OTHER_PATH.match(call["arguments"]):
                opened = Open(path, f"which file `load_dotenv` in {path} reads is not known", where)
                layers.append(Layer("settings-file", "`load_dotenv`", {}, where, opened, fills=mode == FILL))
                continue
            name = posixpath.basename(named[1]) if named else ".env"
            for place in _above(path, folder, places):
                layers += _at(posixpath.join(place, name), "/", places, reading, absences, where, mode)
    return layers


def _above(path: str, folder: str | None, places: Places) -> list[str]:
    """The folders of the container above a file of the repository, and the working folder."""
    found: dict[str, None] = {}
    for container in places.containers:
        for place, _ in container.places(path):
            here = posixpath.dirname(place)
            while here not in found:
                found[here] = None
                here = posixpath.dirname(here)
    if folder is not None:
        found[folder] = None
    return list(found)


def _at(  # noqa: PLR0917 - a file and all that says whether it is there
    name: str,
    folder: str | None,
    places: Places,
    reading: Reading,
    absences: list[tuple[str, Location]],
    where: Location | None,
    mode: Mode = FILL,
) -> list[Layer]:
    """A file of variables that a program looks for in its working folder, and whether it can be there."""
    if folder is None:
        opened = Open(name, f"where `{name}` is looked for is not known", where)
        return [Layer("settings-file", f"`{name}`", {}, where, opened, fills=mode == FILL)]
    path = posixpath.normpath(posixpath.join(folder, name))
    layers = []
    for route in places.routes(path):
        if route.path is None:
            opened = Open(path, f"what stands at `{path}` in the container is not in this repository", route.location)
            layers.append(Layer("settings-file", f"`{path}`", {}, route.location, opened, fills=mode == FILL))
        else:
            layers.append(
                filling(reading.files.layer(route.path, f"`{route.path}`", route.location), "settings-file", mode)
            )
    if not layers:
        for container in places.containers:
            copy = container.first_copy
            if copy is not None:
                absences.append((f"no `{posixpath.basename(name)}` is copied into the image", copy))
            kept = container.keeping_out(posixpath.basename(name))
            if kept is not None:
                absences.append((f".dockerignore keeps `{posixpath.basename(name)}` out", kept))
    return layers
