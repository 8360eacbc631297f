"""What the rules of env-keys compare: one `App` per backend, with every place that names its variables."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.model import Note
from fr_check.core.names import nothing
from fr_check.core.nearness import Speller
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fr_check.core.model import Location, Recognised
    from fr_check.core.text import Text
    from fr_check.policy.env_keys import App as Policy
    from fr_check.sources.dotenv import Assignment, Dotenv
    from fr_check.sources.gotemplate.template import Key, Template
    from fr_check.sources.settings import Leaf, Setting, SettingsClass, SettingsFile


class SettingsSource(NamedTuple):
    """A Python file with settings classes."""

    text: Text
    content: SettingsFile


class ExampleSource(NamedTuple):
    """An example file, `.env.example`."""

    text: Text
    content: Dotenv


class TemplateSource(NamedTuple):
    """A secrets template. `text.at(span)` gives the location of any span in `content`.

    `fails_on_missing`: the Vault agent stops at a missing field (`error_on_missing_key`), so that none becomes
    `<no value>`. `agent` is the stanza that says so, where one was found. `inline` is the destination of a template
    that stands in that stanza itself, empty for the environment of a process; None for a file of its own.
    """

    text: Text
    content: Template
    fails_on_missing: bool = False
    agent: Location | None = None
    inline: str | None = None


class Read(NamedTuple):
    """A read of the environment outside the settings. `optional`: the code copes with an unset variable.

    `conditional`: it stands in a branch, or where a failure is caught. `others` are variables that do as well.
    `sets`: the code gives the variable a default for a library, and does not use it itself. `default` is the text that
    it falls back on, empty where that is not known.
    """

    key: str
    call: str
    optional: bool
    location: Location
    conditional: bool = False
    others: tuple[str, ...] = ()
    sets: bool = False
    default: str = ""


BUILD_ARGUMENT = "build argument"


class Use(NamedTuple):
    """Somebody who takes a documented key: `kind` is frontend, Python code, compose, workflow, script, task, ...

    `BUILD_ARGUMENT` where only an ARG has the name: a platform may pass it to the build, but no rendered secret.
    """

    key: str
    kind: str
    location: Location


class Documented(NamedTuple):
    """A key of an example file, with the file it is in."""

    binding: Assignment
    text: Text

    @property
    def location(self) -> Location:
        """Where the key stands."""
        return self.text.at(self.binding.key_span)


class Rendered(NamedTuple):
    """A key of a template, with the template it is in."""

    key: Key
    source: TemplateSource

    @property
    def location(self) -> Location:
        """Where the key stands."""
        return self.source.text.at(self.key.span)


class Lost(NamedTuple):
    """Keys that the base's template rendered and this one does not, and why: the pointer moved, or the file changed."""

    keys: tuple[str, ...]
    location: Location
    gitlink: str | None
    before: str | None
    after: str | None


class App:
    """One backend: its settings, examples and templates, parsed, and who else reads the environment.

    `strict`: by the preset of that name, every setting has a default and an uncommented line in the example.
    `selection`: what makes its example one that documents a part on purpose, in words; empty where it does not.

    `*_known` is False where a file that belongs to the place could not be read, so that nothing may be concluded from
    a key that was not seen; `uses_known` stands for the source code that might take one. `used` maps a key to who
    takes it outside the settings, for keys where that was asked.
    """

    def __init__(
        self,
        policy: Policy,
        settings: Iterable[SettingsSource] = (),
        examples: Iterable[ExampleSource] = (),
        templates: Iterable[TemplateSource] = (),
        *,
        settings_known: bool = True,
        examples_known: bool = True,
        templates_known: bool = True,
        reasons: tuple[Recognised, ...] = (),
    ) -> None:
        self.policy = policy
        self.reasons = reasons
        self.strict = True
        self.selection = ""
        # See `selection.left_out_by_choice`, which asks once.
        self.choice: frozenset[str] | None = None
        self.settings_files = tuple(settings)
        self.examples = tuple(examples)
        self.templates = tuple(templates)
        self.settings_known = settings_known
        self.examples_known = examples_known
        self.templates_known = templates_known
        self.code: Callable[[str], bool] = nothing
        self.reads: tuple[Read, ...] = ()
        self.script_reads: tuple[Read, ...] = ()
        self.dynamic_reads: tuple[Location, ...] = ()
        # Whether one of them may be of a name that stands nowhere as a text.
        self.open_reads = False
        self.read_patterns: tuple[Use, ...] = ()
        self.used: Mapping[str, Use] = {}
        self.hints: Mapping[str, str] = {}
        self.described: Mapping[str, str] = {}
        self.missing_templates: tuple[str, ...] = ()
        self.find_lost: Callable[[], tuple[Lost, ...]] = tuple
        self.uses_known = True

    @cached_property
    def lost(self) -> tuple[Lost, ...]:
        """What the base rendered, and this state does not: git may have to look for the base."""
        return self.find_lost()

    @cached_property
    def classes(self) -> tuple[SettingsClass, ...]:
        """Every settings class of every settings file."""
        return tuple(found for source in self.settings_files for found in source.content.classes)

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """Every field, once: classes that inherit the same field with the same names share it."""
        unique = {
            (found.location, found.names): found for settings_class in self.classes for found in settings_class.settings
        }
        return tuple(unique.values())

    @cached_property
    def settings_complete(self) -> bool:
        """Whether every name that a setting takes is known."""
        files = self.settings_known and not any(source.content.problems for source in self.settings_files)
        classes = all(found.complete and not found.unresolved for found in self.classes)
        return files and classes and all(setting.names is not None for setting in self.settings)

    @cached_property
    def _takers(self) -> dict[str, list[tuple[str, Setting]]]:
        table: dict[str, list[tuple[str, Setting]]] = {}
        for setting in self.settings:
            for name in setting.every_name:
                table.setdefault(name.upper(), []).append((name, setting))
        return table

    @cached_property
    def _untyped(self) -> tuple[str, ...]:
        return tuple({untyped.field.upper() for found in self.classes for untyped in found.untyped})

    def is_untyped(self, key: str) -> bool:
        """Whether a key looks like that of a field without a type, of which more can be said when it has one."""
        return key.upper().endswith(self._untyped)

    def takers(self, key: str) -> tuple[Setting, ...]:
        """The settings a variable of this name fills."""
        found = self._takers.get(key.upper(), ())
        exact = [setting for name, setting in found if name == key or not setting.case_sensitive]
        return tuple(dict.fromkeys((*exact, *(setting for setting in self._open if setting.is_open_to(key)))))

    @cached_property
    def similar(self) -> dict[str, list[Setting]]:
        """In capitals: a field, a name or a dead name -> the settings that have one of this spelling."""
        table: dict[str, list[Setting]] = {}
        for setting in self.settings:
            for name in {name.upper() for name in (setting.field, *(setting.names or ()), *setting.dead_names)}:
                table.setdefault(name, []).append(setting)
        return table

    @cached_property
    def _open(self) -> tuple[Setting, ...]:
        return tuple(setting for setting in self.settings if setting.open_prefixes)

    @cached_property
    def open_ended(self) -> bool:
        """Whether a class takes any variable of the .env file (`extra="allow"`)."""
        return any(settings_class.open_ended for settings_class in self.classes)

    @cached_property
    def speller(self) -> Speller:
        """What a misspelt key may have meant."""
        return Speller(name for setting in self.settings for name in setting.names or ())

    @cached_property
    def example_lines(self) -> dict[str, list[Note]]:
        """Key, in capitals -> places in the example files that almost document it."""
        lines: dict[str, list[Note]] = {}
        for source in self.examples:
            for commented in source.content.commented:
                note = Note("it stands here, but commented out", source.text.at(commented.span))
                lines.setdefault(commented.key.upper(), []).append(note)
            for binding in source.content.assignments:
                how = "in another case, and case matters" if binding.value is not None else "without `=`"
                note = Note(f"it stands here, but {how}", source.text.at(binding.key_span))
                lines.setdefault(binding.key.upper(), []).append(note)
            for problem in source.content.problems:
                line = source.text.line(problem.span.line).lstrip().removeprefix("export ").lstrip()
                note = Note("this line is no valid binding, so its key is lost", source.text.at(problem.span))
                lines.setdefault(line.partition("=")[0].strip().upper(), []).append(note)
        return lines

    @cached_property
    def commented(self) -> frozenset[str]:
        """The keys, in capitals, that stand in the examples as comments, `# KEY=value`."""
        return frozenset(commented.key.upper() for source in self.examples for commented in source.content.commented)

    @cached_property
    def ignoring_empty(self) -> frozenset[str]:
        """The classes to whose fields an empty value counts as unset (`env_ignore_empty`)."""
        return frozenset(found.name for found in self.classes if found.ignores_empty)

    @cached_property
    def documented(self) -> dict[str, Documented]:
        """Key -> its winning binding in the example files; keys without `=` document nothing."""
        return {
            key: Documented(binding, source.text)
            for source in self.examples
            for key, binding in source.content.last().items()
        }

    @cached_property
    def _documented_folded(self) -> dict[str, Documented]:
        return {key.upper(): found for key, found in self.documented.items()}

    def documentation(self, setting: Setting | Leaf, *, case_sensitive: bool = False) -> Documented | None:
        """The binding that documents a setting under any of its names."""
        sensitive = case_sensitive or getattr(setting, "case_sensitive", False)
        table = self.documented if sensitive else self._documented_folded
        names = (*(setting.names or ()), *getattr(setting, "dotenv_names", ()))
        found = (table.get(name if sensitive else name.upper()) for name in names)
        return next((binding for binding in found if binding is not None), None)

    @cached_property
    def rendered(self) -> dict[str, Rendered]:
        """Key -> where it is rendered; of several, one that is always rendered."""
        table: dict[str, Rendered] = {}
        for source in self.templates:
            for key in source.content.keys:
                known = table.get(key.name)
                if not key.is_pattern and (known is None or (key.always and not known.key.always)):
                    table[key.name] = Rendered(key, source)
        return table

    @cached_property
    def glued_to(self) -> frozenset[str]:
        """Keys whose value swallows an assignment that was glued to it."""
        return frozenset(glued.first for source in self.templates for glued in source.content.glued if glued.first)

    @cached_property
    def rendered_patterns(self) -> tuple[Rendered, ...]:
        """Open key sets: names that only rendering knows."""
        return tuple(Rendered(key, source) for source in self.templates for key in source.content.open_keys)

    @property
    def template_paths(self) -> str:
        """The files that the templates stand in, in words."""
        return " or ".join(dict.fromkeys(source.text.path for source in self.templates))

    @cached_property
    def templates_complete(self) -> bool:
        """Whether every key that is rendered is known: each template could be read and parsed, and no name is open."""
        broken = any(source.content.problems or source.content.is_truncated for source in self.templates)
        return self.templates_known and not broken and not self.rendered_patterns

    def rendering(self, setting: Setting) -> Rendered | None:
        """Where a setting is rendered, under any of its names or below it."""
        names = setting.every_name
        folded = names if setting.case_sensitive else tuple(name.upper() for name in names)
        table = self.rendered if setting.case_sensitive else self._rendered_folded
        found = next((table[name] for name in folded if name in table), None)
        if found is None and setting.open_prefixes:
            return next((r for k, r in self.rendered.items() if setting.is_open_to(k)), None)
        return found

    @cached_property
    def _rendered_folded(self) -> dict[str, Rendered]:
        return {key.upper(): found for key, found in self.rendered.items()}
