"""A backend as a program that processes run: its settings and reads, as `variables` asks for them."""

from __future__ import annotations

import ast
import posixpath
from collections import Counter

from fr_check.core.model import Location
from fr_check.core.patterns import pattern
from fr_check.core.secrecy import MASK, is_secret_name, redact
from fr_check.env_keys.apps.model import App, SettingsSource
from fr_check.env_keys.apps.reading import Reader
from fr_check.env_keys.apps.usage import backend_files, find_reads, uses
from fr_check.policy.env_keys import App as Policy
from fr_check.policy.env_keys import EnvKeys
from fr_check.policy.variables import Variables
from fr_check.sources.settings import Default
from fr_check.variables.backends.calls import keywords
from fr_check.variables.flow import Flow
from fr_check.variables.model import Open
from fr_check.variables.programs import Program
from fr_check.variables.programs import Reader as VariableReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.context import Context
    from fr_check.core.repository import Repository
    from fr_check.sources.settings import Setting

# Sources beside the usual ones, and values that whoever makes the settings hands in.
_NUMBERS = frozenset(("int", "float", "bool", "decimal", "none"))
_OWN_SOURCES = pattern(r"\bdef\s+settings_customise_sources\b")


def flow(context: Context) -> Flow:
    """The processes that run the backends of a repository."""
    from fr_check.env_keys.facts import load  # noqa: PLC0415 - the facts ask for this

    policy = context.config.of(Variables)
    programs = tuple(of(app, context.repository) for app in (*context.once(load).apps, *context.once(undocumented)))
    return Flow(context, programs, {file.path: file.like for file in policy.files})


def undocumented(context: Context) -> tuple[App, ...]:
    """The backends that no example documents: what processes get of their settings can be judged all the same."""
    from fr_check.env_keys.apps import templates  # noqa: PLC0415 - only where rules about processes run
    from fr_check.env_keys.facts import load  # noqa: PLC0415 - the facts ask for this

    if context.config.of(EnvKeys).apps:
        return ()
    known = {source.text.path for app in context.once(load).apps for source in app.settings_files}
    reader = Reader(context)
    found = []
    for backend in reader.backends.files:
        if backend.text.path in known or backend.content.problems or not backend.fields:
            continue
        app = App(Policy((backend.text.path,), ()), [SettingsSource(backend.text, backend.content)])
        app.code = backend_files([backend.text.path], context.repository)
        find_reads(app, context.repository)
        # What cannot be read of them is no matter of the checker's: no example promises anything.
        templates.read(reader, app)
        found.append(app)
    rendering = [app for app in found if app.rendered]
    if rendering:
        taken, unread, _ = uses(rendering, context.repository)
        for app in rendering:
            app.used, app.uses_known = taken, not unread
    return tuple(found)


def of(app: App, repository: Repository | None = None) -> Program:
    """The program of one backend, with what calls pass to its settings where the repository is given."""
    readers = [*(_reader(app, setting) for setting in app.settings), *_parts(app), *_code(app)]
    paths = tuple(source.text.path for source in app.settings_files)
    return Program(
        label=", ".join(paths) or next((source.text.path for source in app.examples), ""),
        root=posixpath.commonpath([posixpath.dirname(path) for path in paths]) if paths else "",
        settings=paths,
        classes=app.classes,
        readers=tuple(readers),
        patterns=tuple(use.key for use in app.read_patterns),
        open=_open(app),
        own_sources=_own_sources(app),
        keywords=() if repository is None else keywords(repository, [one.name for one in app.classes]),
        complete=app.settings_complete,
        code=app.code,
        examples=tuple(source.text.path for source in app.examples),
        templates={source.text.path: source.content for source in app.templates if source.inline is None},
    )


def is_secret(app: App, setting: Setting) -> bool:
    """Whether a setting's value is not to be shown: by its type, its name, or the configuration."""
    from fnmatch import fnmatchcase  # noqa: PLC0415 - few configurations name secrets

    names = (setting.field, *(setting.names or ()))
    configured = (fnmatchcase(name, glob) for glob in app.policy.secrets for name in names)
    # A number may count tokens, and is none.
    numeric = set(setting.kind.names) <= _NUMBERS
    return setting.secret or (not numeric and any(map(is_secret_name, names))) or any(configured)


def _reader(app: App, setting: Setting) -> VariableReader:
    secret = is_secret(app, setting)
    span = setting.location.span
    # The statement may be long: its name is what one looks for.
    where = setting.location
    if span is not None:
        end = span.column + len(setting.field)
        where = Location(where.path, span._replace(end_line=span.line, end_column=end), where.revision)
    return VariableReader(
        "setting",
        f"{setting.owner}.{setting.field}",
        setting.names or (),
        _type(setting.annotation),
        _default(setting, secret=secret or any(map(is_secret_name, (setting.field, *(setting.names or ()))))),
        setting.required,
        secret,
        where,
        setting,
        setting.owner,
    )


def _type(annotation: str) -> str:
    """A type without what `Annotated` adds to it, which may be a description of many lines."""
    head, bracket, rest = annotation.partition("[")
    if not bracket or head.rpartition(".")[2] != "Annotated":
        return annotation
    depth = 0
    for at, character in enumerate(rest):
        depth += (character in "[(") - (character in "])")
        if character == "," and not depth:
            return rest[:at].strip()
    return annotation


def _parts(app: App) -> Iterator[VariableReader]:
    """The values inside nested models that have variables of their own, one kind each: `DB__URL` of `db`."""
    own = {name for setting in app.settings for name in setting.names or ()}
    for setting in app.settings:
        counted = Counter(leaf.names for leaf in setting.leaves)
        for leaf in setting.leaves:
            # A nested settings class reads the same variable by itself; of several members of a union none is known.
            if counted[leaf.names] == 1 and own.isdisjoint(leaf.names):
                around = (other.names for other in setting.leaves if leaf.path.startswith(f"{other.path}."))
                within = (*(setting.names or ()), *(name for names in around for name in names))
                made = leaf.default or (Default(None) if setting.default is not None else None)
                part = setting._replace(
                    field=leaf.path.rpartition(".")[2], names=leaf.names, required=made is None, default=made,
                    kind=leaf.kind, annotation=leaf.annotation, location=leaf.location, secret=leaf.secret, leaves=(),
                    open_prefixes=(), dotenv_names=(), json_names=(),
                )  # fmt: skip
                what = f"{setting.owner}.{setting.field}.{leaf.path}"
                yield _reader(app, part)._replace(what=what, within=within, demanded=leaf.required)


def _default(setting: Setting, *, secret: bool) -> str | None:
    """The default as it may be shown: a text without its quotes and passwords, None where there is none."""
    if setting.default is None:
        return None
    if setting.default.literal is None:
        return "computed"
    source = setting.default.literal.reveal()
    try:
        value = ast.literal_eval(source)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        value = source
    if value is None:
        return None
    shown = value if isinstance(value, str) else source
    return MASK if secret and shown else redact(shown)


def _code(app: App) -> Iterator[VariableReader]:
    known = set()
    for read in app.reads:
        if read.key not in known and not app.takers(read.key):
            known.add(read.key)
            secret = is_secret_name(read.key)
            what = f"`{read.call}` in {read.location.path}"
            yield VariableReader("code", what, (read.key,), None, None, not read.optional, secret, read.location)


def _open(app: App) -> Open | None:
    """Why the program may read names that cannot be seen.

    A read whose name only running the code tells is no reason: the name then stands somewhere in the code.
    """
    for settings_class in app.classes:
        if settings_class.open_ended:
            return Open(settings_class.name, f"`{settings_class.name}` takes any name", settings_class.location)
    if not app.settings_complete:
        return Open(next((source.text.path for source in app.settings_files), ""), "not every setting's name is known")
    return None


def _own_sources(app: App) -> Open | None:
    """Why a setting may have a value that no variable gives it."""
    for source in app.settings_files:
        found = _OWN_SOURCES.search(source.text.string)
        if found is not None:
            where = source.text.location(found.start(), found.end())
            return Open(source.text.path, "the settings have sources of their own", where)
        for settings_class in source.content.classes:
            called = source.text.string.find(f"{settings_class.name}(**")
            if called >= 0:
                where = source.text.location(called, called + len(settings_class.name))
                return Open(source.text.path, "the settings are given values when they are made", where)
    return None
