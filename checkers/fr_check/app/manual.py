"""The rules' own pages: for `explain`, for `rules`, and for the documentation, which is generated from them."""

from __future__ import annotations

import json

from fr_check.core.model import Example
from fr_check.core.reasons import REASONS, paragraph
from fr_check.core.registry import CHECKERS, all_rules
from fr_check.core.selection import plain
from fr_check.core.trouble import Trouble, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fr_check.core.model import Rule

# `hygiene` runs with every checker and has no command.
_SUMMARIES = {
    **{name: entry.summary for name, entry in CHECKERS.items()},
    "hygiene": "What the policy and inline suppressions excuse is still there.",
}


def page(rule_id: str) -> str:
    """The manual page of a rule (two where two checkers share an id), of a reason for not judging, or of a checker.

    Raises:
        Trouble: nothing is called so.
    """
    rules = all_rules()
    name = plain(rule_id)
    if name in _SUMMARIES:
        return _checker(name, [rule for rule in rules if rule.checker == name])
    found = [rule for rule in rules if name in (rule.id, f"{rule.checker}/{rule.id}")]
    pages = [markdown(rule) for rule in found]
    if name in REASONS:
        pages.append(f"# {name}\n\nA reason for which something is not judged.\n\n{paragraph(name)}")
    if not pages:
        near = did_you_mean(name, {*(rule.id for rule in rules), *REASONS, *_SUMMARIES})
        raise Trouble(f"unknown rule `{rule_id}`{near}", "`fr-check rules` lists every rule")
    return "\n".join(pages)


def _checker(name: str, rules: list[Rule]) -> str:
    """What a checker is for, and each of its rules in a line."""
    width = max(len(rule.id) for rule in rules)
    lines = (f"  {rule.id:<{width}}  {rule.severity!s:<7}  {rule.summary}\n" for rule in rules)
    return f"# {name}\n\n{_SUMMARIES[name]}\n\n{''.join(lines)}\n`fr-check explain RULE` shows the page of one.\n"


def listing(form: str) -> str:
    """Every rule: id, severity, checker, whether --fix can cure it, summary."""
    rules = all_rules()
    if form == "json":
        shown = [
            {
                "id": rule.id,
                "severity": str(rule.severity),
                "checker": rule.checker,
                "fixable": rule.fix is not None,
                "summary": rule.summary,
            }
            for rule in rules
        ]
        return json.dumps({"version": 1, "rules": shown}, indent=2) + "\n"
    widths = [max(len(cell) for cell in column) for column in zip(*(_cells(rule) for rule in rules), strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(_cells(rule), widths, strict=True)).rstrip() + "\n"
        for rule in rules
    )


def _cells(rule: Rule) -> tuple[str, str, str, str, str]:
    return (rule.id, str(rule.severity), rule.checker, "fix" if rule.fix else "-", rule.summary)


def markdown(rule: Rule) -> str:
    """A rule's page as Markdown: title, severity, the manual, an example that fails and one that passes."""
    body = rule.manual.strip().partition("\n")[2].strip()
    head = f"# {rule.id}\n\n{rule.summary}\n\nChecker: `{rule.checker}`. Severity: {rule.severity}.\n\n{body}\n"
    if rule.fix is not None:
        does = " ".join((rule.fix.__doc__ or "").split())
        head += f"\n## What `--fix` does\n\n{does}\n"
    return f"{head}\n## Example\n\nReported:\n\n{example(rule.bad)}\nFine:\n\n{example(rule.good)}"


def example(shown: Mapping[str, str] | Example, marked: Mapping[str, Sequence[str]] | None = None) -> str:
    """A small repository as Markdown; `marked` are lines to be highlighted ("3", "5-7"), by path."""
    if not isinstance(shown, Example):
        return _files(shown, marked or {})
    parts = []
    if shown.base is not None and shown.base != shown.files:
        parts.append(f"Compared with a base of\n\n{_files(shown.base, {})}")
    parts.append(_files(shown.files, marked or {}))
    for module in shown.submodules:
        moved = f", from {_commit(module.base_pin)}" if module.base_pin not in (None, module.pin) else ""
        upstream = f"Submodule `{module.path}` with {len(module.commits)} commits upstream"
        parts.append(f"{upstream}, pinned to {_commit(module.pin)}{moved}\n")
    return "\n".join(part for part in parts if part)


def _commit(pin: int | str | None) -> str:
    if pin == "gone":
        return "a commit that exists nowhere"
    kind, _, number = str(pin).rpartition(":")
    words = {"side": "commit {} of an unmerged branch", "tag": "an annotated tag on upstream's commit {}"}
    return words.get(kind, "upstream's commit {}").format(number)


def _files(files: Mapping[str, str], marked: Mapping[str, Sequence[str]]) -> str:
    text = ""
    for path, content in files.items():
        lines = f' hl_lines="{" ".join(dict.fromkeys(marked[path]))}"' if marked.get(path) else ""
        text += ("\n" if text else "") + f'````text title="{path}"{lines}\n{content.rstrip(chr(10))}\n````\n'
    return text
