"""GitLab's pipelines: `jobs` of a file with those it includes, each with its scripts, as GitLab puts them together.

`extends`, `default`, `inherit`, `!reference` and the older `before_script` at the top are applied; a list takes the
place of another one, mappings are merged. Source: https://docs.gitlab.com/ci/yaml/.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_tree import Mapping, Node, Scalar, Sequence, entries, get, items, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Named

    from fr_check.core.text import Text

# Keys at the top that are no jobs.
_GLOBAL = frozenset(("default", "include", "stages", "variables", "workflow", "image", "services", "cache", "spec"))
_GLOBAL |= {"before_script", "after_script", "types"}
_RULES = frozenset(("rules", "only", "except"))
_DEFAULTS = ("before_script", "after_script")
_DEPTH = 10
"""How deep GitLab looks into `extends` and lists within lists."""
_LINES = 50_000  # of all scripts of a pipeline; references within references come to any number


class Included(NamedTuple):
    """What a file includes: paths and globs of the same repository, and whether anything from elsewhere.

    `inputs` are those that it gives to a path (None: not known), by their names.
    """

    local: tuple[str, ...] = ()
    elsewhere: Scalar | None = None
    inputs: Named[str, Named[str, str | None]] = {}


class Job(NamedTuple):
    """One job. The lines of `script` come after those of `before_script`; `after_script` has a shell of its own.

    `variables` are those of the pipeline and its own (None: not known). `allowed` is what lets it fail, `never` what
    keeps it from running by itself, each as a node to point at: of `allow_failure: exit_codes` those codes. `whole`:
    nothing of it is missing here; `inputs` are those of the files that its lines stand in, by path. `events` are what
    starts the pipelines that it is in, where no push and no merge request does (None).
    """

    name: str
    key: Scalar
    script: tuple[Scalar, ...]
    after: tuple[Scalar, ...]
    variables: Named[str, str | None]
    allowed: Node | None
    never: Node | None
    sharded: bool
    whole: bool
    inputs: Named[str, Named[str, str | None]] = {}
    events: tuple[str, ...] | None = None


def included(text: Text) -> Included:
    """What `include` names."""
    document = text.parsed(yaml_tree.parse)
    root = next(iter(document.documents[-1:]), None)
    node = get(root, "include")
    local: list[str] = []
    inputs: dict[str, dict[str, str | None]] = {}
    elsewhere: Scalar | None = None
    for one in items(node) if isinstance(node, Sequence) else (() if node is None else (node,)):
        path = string(one) if isinstance(one, Scalar) else string(get(one, "local"))
        if path is not None and "://" not in path and "$" not in path:
            local.append(path.lstrip("/"))
            inputs[local[-1]] = {name: _plain(entry.value) for name, entry in entries(get(one, "inputs")).items()}
        elif elsewhere is None:
            elsewhere = one if isinstance(one, Scalar) else next((entry.key for entry in entries(one).values()), None)
    # A child pipeline has a file of its own, or one that a job makes.
    children = (entry.key for entry in entries(root).values() if get(entry.value, "trigger") is not None)
    broken = () if document.complete else (entry.key for entry in entries(root).values())
    return Included(tuple(local), elsewhere or next(children, None) or next(iter(broken), None), inputs)


def defaults(text: Text) -> dict[str, str | None]:
    """The inputs that a file takes, by `spec` in its header, with their defaults (None: not known)."""
    header = next(iter(text.parsed(yaml_tree.parse).documents[:1]), None)
    found = entries(get(header, "spec", "inputs"))
    return {name: _plain(get(entry.value, "default")) for name, entry in found.items()}


def _plain(node: Node | None) -> str | None:
    value = string(node)
    return None if value is None or "$" in value else value


def jobs(texts: Iterable[Text]) -> tuple[Job, ...]:
    """The jobs of files that are read as one; what a later file says counts before what an earlier one does."""
    return tuple(_Pipeline(texts).jobs())


Keys = dict[str, Node]


class _Pipeline:
    def __init__(self, texts: Iterable[Text]) -> None:
        self.top: dict[str, Keys] = {}
        self.plain: Keys = {}
        self.names: dict[str, Scalar] = {}
        self.variables: dict[str, Node] = {}
        self.known: dict[str, tuple[Keys, bool]] = {}
        self.left = _LINES
        for text in texts:
            for root in text.parsed(yaml_tree.parse).documents[-1:]:
                self._add(root)
        default = self.top.get("default", {})
        self.default = {key: found for key in _DEFAULTS if (found := default.get(key) or self.plain.get(key))}

    def _add(self, root: Node) -> None:
        for name, entry in entries(root).items():
            if name == "variables":
                self.variables.update({key: one.value for key, one in entries(entry.value).items()})
            elif isinstance(entry.value, Mapping):
                below = {key: one.value for key, one in entries(entry.value).items()}
                self.top[name] = _over(below, self.top.get(name, {}))
                self.names[name] = entry.key
            else:
                self.plain[name] = entry.value

    def jobs(self) -> Iterator[Job]:
        for name in self.top:
            if not name.startswith(".") and name not in _GLOBAL:
                keys, whole = self._extended(name, _DEPTH)
                if "script" in keys:
                    yield self._job(name, keys, whole=whole)

    def _extended(self, name: str, depth: int) -> tuple[Keys, bool]:
        """The keys of a job over those that it extends, and whether all of those are here."""
        own = self.top.get(name)
        if name in self.known or own is None or not depth:
            return self.known.get(name, ({}, False))
        self.known[name] = {}, False  # of what extends itself
        found: Keys = {}
        whole = True
        extends = own.get("extends")
        for one in (extends,) if isinstance(extends, Scalar) else items(extends):
            below, known = self._extended(string(one) or "", depth - 1)
            found, whole = _over(below, found), whole and known
        self.known[name] = _over(own, found), whole
        return self.known[name]

    def _job(self, name: str, keys: Keys, *, whole: bool) -> Job:
        defaults = {key: one for key, one in self.default.items() if _inherits(keys.get("inherit"), "default", key)}
        lists = {key: keys.get(key, defaults.get(key)) for key in ("before_script", "script", "after_script")}
        lines = {key: self._lines(node, _DEPTH) for key, node in lists.items()}
        whole = whole and all(None not in found for found in lines.values())
        before, script, after = (tuple(one for one in found if one is not None) for found in lines.values())
        given = {key: one for key, one in self.variables.items() if _inherits(keys.get("inherit"), "variables", key)}
        given.update({key: one.value for key, one in entries(keys.get("variables")).items()})
        variables = {key: _value(one) for key, one in given.items()}
        cells = [one for one in items(get_key(keys, "parallel", "matrix")) if isinstance(one, Mapping)]
        variables.update((key, None) for cell in cells for key in cell.entries)
        allowed, never = _outcome(keys)
        sharded = isinstance(keys.get("parallel"), Scalar)
        started, pipelines = None, self.top.get("workflow", {}).get("rules")
        if pipelines is not None or not _RULES.isdisjoint(keys):
            from fr_check.sources import gitlab_rules  # noqa: PLC0415 - many jobs have none

            started = gitlab_rules.events(keys, pipelines)
        return Job(
            name, self.names[name], (*before, *script), after, variables, allowed, never, sharded, whole, events=started
        )

    def _lines(self, node: Node | None, depth: int) -> list[Scalar | None]:
        """The lines of a script, lists within it and references put in their place; None for what is not here."""
        self.left -= 1
        if node is None:
            return []
        if isinstance(node, Scalar):
            return [] if node.is_null else [node]
        if not depth or self.left < 0 or not isinstance(node, Sequence):
            return [None]
        if node.tag == "!reference":
            path = [string(one) or "" for one in node.items]
            keys, _ = self._extended(path[0], _DEPTH) if path else ({}, False)
            found = get_key(keys, *path[1:])
            return [None] if found is None else self._lines(found, depth - 1)
        return [line for one in node.items for line in self._lines(one, depth - 1)]


def get_key(keys: Keys, *path: str) -> Node | None:
    """What stands at a path below some keys."""
    return get(keys.get(path[0]), *path[1:]) if path else None


def _over(own: Keys, base: Keys) -> Keys:
    """Keys over others: mappings are merged, all else is replaced."""
    merged = {**base, **own}
    for key in own.keys() & base.keys():
        one, other = own[key], base[key]
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            both = Mapping(one.text, one.start, one.end, one.tag, one.items)
            both.entries = {**other.entries, **one.entries}
            merged[key] = both
    return merged


def _inherits(node: Node | None, what: str, key: str) -> bool:
    """Whether a job takes a default or a variable of the pipeline."""
    found = get(node, what)
    if isinstance(found, Sequence):
        return key in [string(one) for one in found.items]
    return string(found) != "false"


def _value(node: Node) -> str | None:
    """The value of a variable, which may have a description beside it; None where another one is in it."""
    value = node.value if isinstance(node, Scalar) else string(get(node, "value"))
    return None if value is None or "$" in value else value


def _outcome(keys: Keys) -> tuple[Node | None, Node | None]:
    """What lets a job fail unseen, and what keeps it from running.

    A job that is started by hand may fail unless it says otherwise, but for one whose `rules` say so.
    """
    allow, when, rules = keys.get("allow_failure"), keys.get("when"), keys.get("rules")
    never = when if string(when) == "never" else None
    allowed = allow if string(allow) == "true" else get(allow, "exit_codes")
    if isinstance(rules, Sequence) and rules.items:
        ways = [one for one in rules.items if string(get(one, "when")) != "never"]
        never = never or (rules if not ways and all(isinstance(one, Mapping) for one in rules.items) else None)
        told = [get(one, "allow_failure") for one in ways]
        if told and all(string(one) == "true" for one in told):
            allowed = told[0]
        elif any(string(one) == "false" for one in told):
            allowed = None
    elif string(when) == "manual" and allow is None:
        allowed = when
    return allowed, never
