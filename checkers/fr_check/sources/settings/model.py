"""What is known about a settings class: plain data, without values that could be printed by accident."""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.model import Location, Problem
    from fr_check.sources.opaque import Opaque


# A constraint by its name in `Field` (ge, gt, le, lt, multiple_of, min_length, max_length), and its limit.
Bound = tuple[str, float]


class Kind(NamedTuple):
    """A type, as far as it matters for a value that arrives as a string.

    `names` are the members of a union out of: str, int, float, bool, decimal, bytes, none, literal, integers,
    sequence, mapping, model, json, filled (anything but an empty text), other. `literals` are the values of a
    Literal or an enumeration (integers: of one that takes their digits). `decoded`: a sequence, mapping or model is
    read as JSON (False below NoDecode or `enable_decoding=False`). `prepared`: a validator of the class sees the
    string before pydantic does, and may make anything of it. `null` is the string that stands for None, if one
    does. `members` are names of an enumeration that stand for its values (`env_parse_enums`). `bounds` are of the
    one type that is no None and no literal. `items` is the kind of each item of the one sequence, or of each value
    of the one mapping; None where that is not known.
    """

    names: tuple[str, ...]
    literals: tuple[object, ...] = ()
    decoded: bool = True
    prepared: bool = False
    null: str | None = None
    members: tuple[tuple[str, object], ...] = ()
    bounds: tuple[Bound, ...] = ()
    items: Kind | None = None

    @property
    def complex(self) -> bool:
        """Whether pydantic-settings reads the variable as JSON."""
        return any(name in {"sequence", "mapping", "model", "json"} for name in self.names)


class Default(NamedTuple):
    """The default of a field. `literal` is Python's own spelling of the value; None: computed, not known here."""

    literal: Opaque | None


class Leaf(NamedTuple):
    """A value inside a nested model that has a variable of its own, such as `DB__URL`. `path` is dotted.

    `default` is that of its own class, None where it has none; the model around it may be made with another.
    """

    path: str
    names: tuple[str, ...]
    required: bool
    kind: Kind
    location: Location
    annotation: str = ""
    default: Default | None = None
    secret: bool = False


class Setting(NamedTuple):
    """One field of a settings class, with what pydantic-settings would do with it.

    `names` are the variables that fill it, the first one that is set wins; spelled in capitals unless the class is
    case-sensitive; empty where no variable can. None: not statically known (`unresolved` says why).
    `dotenv_names` fill it from the `.env` file only. `open_prefixes`: every variable below one of these fills it.
    `dead_names` look as if they filled it and do not (a delimiter within a nested field's name).
    `ignored_env` are names given to `env=`, which pydantic 2 ignores. The variables `json_names` hold JSON whatever
    the type is, in which `AliasPath` looks for the value. `delegates` are the settings classes that the
    value is an instance of: they read variables of their own.
    """

    field: str
    owner: str
    names: tuple[str, ...] | None
    required: bool
    default: Default | None
    kind: Kind
    annotation: str
    location: Location
    conditional: bool = False
    vault: bool = False
    secret: bool = False
    case_sensitive: bool = False
    dotenv_names: tuple[str, ...] = ()
    open_prefixes: tuple[str, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    dead_names: tuple[str, ...] = ()
    ignored_env: tuple[str, ...] = ()
    unresolved: str = ""
    delegates: tuple[Location, ...] = ()
    json_names: tuple[str, ...] = ()

    def kind_of(self, name: str) -> Kind:
        """What the variable of this name may hold."""
        return Kind(("json",)) if name in self.json_names else self.kind

    @property
    def every_name(self) -> tuple[str, ...]:
        """Every variable that reaches the setting or a value inside it."""
        inside = (name for leaf in self.leaves for name in leaf.names)
        return (*(self.names or ()), *self.dotenv_names, *inside)

    def is_open_to(self, key: str) -> bool:
        """Whether a variable lies below one of `open_prefixes`."""
        if self.case_sensitive:
            return key.startswith(self.open_prefixes)
        return any(key.upper().startswith(prefix.upper()) for prefix in self.open_prefixes)

    @property
    def name(self) -> str:
        """The variable a person would write: the first of `names`, else the field's name."""
        return self.names[0] if self.names else self.field


class Untyped(NamedTuple):
    """An assignment without annotation where pydantic demands one."""

    field: str
    owner: str
    location: Location


class Unresolved(NamedTuple):
    """What about a class cannot be known without running it, and `reason`, the name of that kind of not knowing."""

    subject: str
    message: str
    location: Location
    reason: str = "unresolvable-base"

    @property
    def computed(self) -> bool:
        """Whether that is all of it."""
        return self.reason == "computed-settings-class"


class Refusal(NamedTuple):
    """What makes pydantic raise while it builds a class, so that the module cannot be imported."""

    subject: str
    message: str
    location: Location


class SettingsClass(NamedTuple):
    """A class that reads the environment when it is instantiated.

    `open_ended`: `extra="allow"`; `refuses_unknown`: it reads a `.env` file and raises for keys in it that it does not
    know. `other_sources`: values may come from another place than the environment and the `.env` file, so that none
    is required of them. `ignores_empty`: an empty variable counts as unset. `complete`: every base is known.
    `env_files` are the files of `env_file`, relative to the working folder, the last one first among equals; None where
    they are not known.
    `reads_secrets`: a `secrets_dir` is given.
    """

    name: str
    location: Location
    settings: tuple[Setting, ...]
    untyped: tuple[Untyped, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    open_ended: bool = False
    ignores_empty: bool = False
    complete: bool = True
    refused: tuple[Refusal, ...] = ()
    refuses_unknown: bool = False
    other_sources: bool = False
    env_files: tuple[str, ...] | None = ()
    env_file_place: Location | None = None
    reads_secrets: bool = False


class SettingsFile(NamedTuple):
    """What a Python file says about settings; `paths` are the files that were read to know it."""

    classes: tuple[SettingsClass, ...]
    problems: tuple[Problem, ...]
    paths: tuple[str, ...] = ()
