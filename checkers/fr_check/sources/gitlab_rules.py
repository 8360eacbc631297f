"""Which pipelines of GitLab a job is in, by what starts them: `rules`, `only`, `except`, `workflow: rules`.

What starts a pipeline is the value of CI_PIPELINE_SOURCE; the push of a tag is told from that of commits. A condition
that does not say is no reason. Source: https://docs.gitlab.com/ci/jobs/job_rules/,
https://docs.gitlab.com/ci/yaml/deprecated_keywords/ and https://docs.gitlab.com/ci/variables/predefined_variables/.
"""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.workflow import TAG
from fr_check.sources.yaml_tree import Mapping, Node, Scalar, Sequence, get, items, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping as Named

EVENTS = ("push", "merge_request_event", TAG, "schedule", "web", "api", "trigger")
# By which words of `only` and `except` each is meant.
_WORDS = {
    "push": {"branches", "pushes"},
    "merge_request_event": {"merge_requests", "external_pull_requests"},
    TAG: {"tags", "pushes"},
    "schedule": {"schedules", "branches"},
    "web": {"web", "branches"},
    "api": {"api", "branches"},
    "trigger": {"triggers", "branches"},
}
_ALL = frozenset().union(*_WORDS.values(), ("chat", "external", "pipelines"))
_TOKEN = pattern(
    r"\s*+(?:\$(?P<name>\w+)|\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<pattern>/(?:[^/\\]|\\.)*/i?)|(?P<null>null)\b"
    r"|(?P<operator>==|!=|=~|!~|&&|\|\||[()]))"
)
_LONGEST = 2_000  # characters of one condition
_DEPTH = 20


class Value(NamedTuple):
    """A value: `set` is whether it is there at all (None: not known), `text` what it is (None: not known)."""

    set: bool | None
    text: str | None = None

    @property
    def truth(self) -> bool | None:
        """Whether it counts as true."""
        return bool(self.text) if self.text is not None else self.set


UNKNOWN = Value(None)
ABSENT = Value(set=False)
PRESENT = Value(set=True)


def events(keys: Named[str, Node], workflow: Node | None) -> tuple[str, ...] | None:
    """What starts the pipelines that a job is in; None where nothing keeps it from those of pushes and all others."""
    rules, only, without = keys.get("rules"), keys.get("only"), keys.get("except")
    found = []
    for event in EVENTS:
        if workflow is not None and not _by_rules(workflow, event):
            continue
        if _by_rules(rules, event) if rules is not None else _by_words(only, without, event):
            found.append(event)
    return None if {"push", "merge_request_event"} & set(found) else tuple(found)


def _by_rules(node: Node, event: str) -> bool:
    """Whether a list of rules may let a pipeline of an event have the job: the first one that holds decides."""
    if not isinstance(node, Sequence):
        return True
    for rule in items(node):
        if not isinstance(rule, Mapping):
            return True
        condition = get(rule, "if")
        holds = True if condition is None else _holds(condition, event)
        if holds is False:
            continue
        certain = holds and get(rule, "changes") is None and get(rule, "exists") is None
        if string(get(rule, "when")) != "never":
            return True
        if certain:
            return False
    return False


def _holds(node: Node, event: str) -> bool | None:
    text = node.value if isinstance(node, Scalar) else ""
    return _Condition(text, event).truth() if text and len(text) <= _LONGEST else None


def _by_words(only: Node | None, without: Node | None, event: str) -> bool:
    """`only` and `except`; without the former a job is in all pipelines but those of merge requests."""
    wanted, more = _names(only)
    words = _WORDS[event]
    if only is None or (not wanted and more):
        inside = event != "merge_request_event"
    else:
        # A name or a pattern is that of a branch, or a tag.
        inside = any(one in words or (one not in _ALL and words & {"branches", "tags"}) for one in wanted)
    unwanted, more = _names(without)
    return inside and (more or not any(one in words for one in unwanted))


def _names(node: Node | None) -> tuple[list[str], bool]:
    """The words of `only` or `except`, and whether it asks for something else as well."""
    refs = get(node, "refs") if isinstance(node, Mapping) else node
    names = [string(refs) or ""] if isinstance(refs, Scalar) else [string(one) or "" for one in items(refs)]
    return names, isinstance(node, Mapping) and any(key != "refs" for key in node.entries)


class _Condition:
    """One `if` of a rule, read for one event; whatever is not understood makes it unknown."""

    def __init__(self, text: str, event: str) -> None:
        self.event = event
        self.tokens: list[tuple[str, str]] = []
        self.at = self.depth = 0
        end = 0
        self.broken = False
        while (found := _TOKEN.match(text, end)) is not None:
            self.tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
            end = found.end()
        self.broken = bool(text[end:].strip())

    def truth(self) -> bool | None:
        """Whether it holds; None where that is not known."""
        found = self._or()
        return None if self.broken or self.at < len(self.tokens) else found

    def _next(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def _take(self, *wanted: str) -> str:
        kind, text = self._next()
        if kind != "operator" or text not in wanted:
            return ""
        self.at += 1
        return text

    def _or(self) -> bool | None:
        found = self._and()
        while self._take("||"):
            other = self._and()
            found = True if found or other else None if found is None or other is None else False
        return found

    def _and(self) -> bool | None:
        found = self._compared()
        while self._take("&&"):
            other = self._compared()
            found = False if found is False or other is False else None if found is None or other is None else True
        return found

    def _compared(self) -> bool | None:
        if self._take("("):
            self.depth += 1
            found = self._or() if self.depth < _DEPTH else None
            self.broken = self.broken or not self._take(")")
            return found
        left = self._value()
        operator = self._take("==", "!=", "=~", "!~")
        if not operator:
            return left.truth
        right = self._value()
        if operator in {"=~", "!~"}:
            # A pattern matches nothing that is not there.
            return (operator == "!~") if left.set is False else None
        alike = _alike(left, right)
        return None if alike is None else alike == (operator == "==")

    def _value(self) -> Value:
        kind, text = self._next()
        self.at += 1
        if kind in {"double", "single"}:
            return Value(True, text) if "$" not in text else UNKNOWN  # noqa: FBT003 - a field
        if kind == "null":
            return ABSENT
        if kind == "name":
            return _variable(text, self.event)
        self.broken = self.broken or kind != "pattern"
        return UNKNOWN


def _alike(one: Value, other: Value) -> bool | None:
    if one.text is not None and other.text is not None:
        return one.text == other.text
    if one.set is None or other.set is None:
        return None
    return False if one.set != other.set else None if one.set else True


def _variable(name: str, event: str) -> Value:
    """A variable that GitLab sets, as pipelines of an event have it."""
    if name == "CI_PIPELINE_SOURCE":
        return Value(True, "push" if event == TAG else event)  # noqa: FBT003 - a field
    if name == "CI_COMMIT_TAG":
        return PRESENT if event == TAG else ABSENT if event in {"push", "merge_request_event"} else UNKNOWN
    if name == "CI_COMMIT_BRANCH":
        return ABSENT if event in {TAG, "merge_request_event"} else PRESENT if event == "push" else UNKNOWN
    if name in {"CI_MERGE_REQUEST_ID", "CI_MERGE_REQUEST_IID"}:
        return PRESENT if event == "merge_request_event" else ABSENT
    return UNKNOWN
