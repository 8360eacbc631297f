"""The page of a rule: its manual, and what fr-check really prints about the rule's bad example."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fr_check import __version__
from fr_check.app.manual import example, markdown
from fr_check.core import engine
from fr_check.core.edits import SAFE, Fix
from fr_check.core.model import Example, Report, Severity
from fr_check.core.registry import CHECKERS, load_checker, load_hygiene
from fr_check.core.text import Text
from fr_check.fixes.apply import edited
from fr_check.fixes.patch import patch
from fr_check.policy.options import of_rule
from fr_check.report.text import render
from fr_check.report.view import View
from fr_check.repository.base import _TARGETS

ROOT = Path(__file__).resolve().parent.parent
# The examples are built as the tests build them.
sys.path.insert(0, str(ROOT / "tests"))

from example_runs import check, context_of  # noqa: E402 - it is found only now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.context import Context
    from fr_check.core.model import Finding, Location, Rule, Unknown

# Rule -> the version that brought it; new ones are written down by `make generate`.
SINCE = Path(__file__).resolve().parent / "since.json"
# As many findings as show what the rule says.
_SHOWN = 2
# How a comment is written in files of these endings, None where not at all; elsewhere as "#".
_COMMENTS = {
    **dict.fromkeys((".js", ".jsx", ".mjs", ".ts", ".tsx"), "// {}"),
    **dict.fromkeys((".md", ".vue", ".svelte", ".html"), "<!-- {} -->"),
    **dict.fromkeys((".json", ".xml", ".lcov", ".info"), None),
}
# Git repositories are built in memory where that is possible: many small files.
_FAST = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - a temporary folder is made in it


def since(rules: list[Rule]) -> str:
    """docs/since.json, with what is new."""
    known = json.loads(SINCE.read_text("utf-8")) if SINCE.exists() else {}
    names = sorted(f"{rule.checker}/{rule.id}" for rule in rules)
    return json.dumps({name: known.get(name, __version__) for name in names}, indent=2) + "\n"


def neutral() -> None:
    """Nothing of the machine, its CI or its git configuration shows in a page."""
    for name in [*os.environ]:
        if name.startswith(("GIT_", "GITHUB_", "CI_", "PRE_COMMIT")) or name in {n for pair in _TARGETS for n in pair}:
            del os.environ[name]
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_ALLOW_PROTOCOL": "file"}


def page(rule: Rule, versions: Mapping[str, str]) -> str:
    """The whole page as Markdown."""
    with tempfile.TemporaryDirectory(dir=_FAST) as folder:
        context = context_of(rule.bad, Path(folder) / "example")
        report = check(rule, context)
        found = [item for item in report.findings if item.rule == rule.id]
        unknowns = [item for item in report.unknowns if (item.checker, item.reason) == (rule.checker, rule.id)]
        said = _said(context, found, unknowns) + _cured(rule, context, found)
    marked: dict[str, list[str]] = {}
    for item in found:
        if item.location.revision is None and item.location.span is not None:
            span = item.location.span
            last = span.end_line - (span.end_column == 1 and span.end_line > span.line)
            marked.setdefault(item.location.path, []).append(
                f"{span.line}-{last}" if last > span.line else f"{span.line}"
            )
    text = markdown(rule).partition("\n## Example\n")[0]
    text = text.replace(f"Severity: {rule.severity}.", _facts(rule, versions[f"{rule.checker}/{rule.id}"]))
    text += f"\n## Example\n\nReported:\n\n{example(rule.bad, marked)}\n{said}\nFine:\n\n{example(rule.good)}"
    return text + _acceptance(rule, found[0] if found else None) + _options(rule)


def _facts(rule: Rule, version: str) -> str:
    fixable = "`--fix` cures it where that is certain" if rule.fix is not None else "cured by hand"
    return f"Severity: {rule.severity}. Fix: {fixable}. Since: {version}."


def _said(context: Context, found: list[Finding], unknowns: list[Unknown]) -> str:
    def text_of(location: Location) -> Text | None:
        text = context.repository.read(location.path)
        return text if isinstance(text, Text) and text.revision == location.revision else None

    shown = Report(tuple(found[:_SHOWN]), tuple(unknowns[:_SHOWN]), (), (), (), {})
    view = View(lowest=Severity.INFO, quiet=True, text_of=text_of)
    more = len(found) + len(unknowns) - _SHOWN
    rest = f"\nand {more} more.\n" if more > 0 else ""
    return f"What fr-check says:\n\n````text\n{render(shown, view).rstrip()}\n````\n{rest}"


def _cured(rule: Rule, context: Context, found: list[Finding]) -> str:
    """The patch of the example's findings that the rule itself cures."""
    if rule.fix is None:
        return ""
    loaded = engine.run(context, [load_checker(name) for name in _checkers(rule)], load_hygiene())[1]

    def text_of(path: str) -> Text | None:
        text = context.repository.read(path)
        return text if isinstance(text, Text) and text.revision is None else None

    fixes = [rule.fix(loaded[rule.checker], finding, text_of) for finding in found]
    done = [fix for fix in fixes if isinstance(fix, Fix)]
    edits = [edit for fix in done for edit in fix.edits]
    texts = {edit.path: text for edit in edits if (text := text_of(edit.path)) is not None}
    changed = {
        path: (text.string, edited(text.string, [edit for edit in edits if edit.path == path]))
        for path, text in texts.items()
    }
    options = "`--fix`" if all(fix.applicability == SAFE for fix in done) else "`--fix --unsafe-fixes`"
    shown = patch(changed).text.rstrip()
    return f"\nWhat {options} makes of it:\n\n````diff\n{shown}\n````\n" if shown else ""


def _checkers(rule: Rule) -> tuple[str, ...]:
    return tuple(CHECKERS) if rule.checker == "hygiene" else (rule.checker,)


def _directive(rule: Rule, finding: Finding) -> str | None:
    """The comment that accepts the finding where it stands, as tried on the example; None where the file takes none."""
    files = rule.bad.files if isinstance(rule.bad, Example) else rule.bad
    place = finding.location
    if place.span is None or place.path not in files or (isinstance(rule.bad, Example) and rule.bad.submodules):
        return None
    lines = files[place.path].splitlines()
    at = place.span.line - 1
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    form = _COMMENTS.get(Path(place.path).suffix, "# {}")
    if form is None:
        return None
    directive = form.format(f"fr-check: ignore[{rule.id}] why this is right")
    changed = {**files, place.path: "\n".join([*lines[:at], indent + directive, *lines[at:], ""])}
    tried = rule.bad._replace(files=changed) if isinstance(rule.bad, Example) else changed
    report = check(rule, context_of(tried, Path(os.devnull)))
    accepted = any(item.fingerprint == finding.fingerprint for item in report.suppressed)
    return directive if accepted else None


def _acceptance(rule: Rule, finding: Finding | None) -> str:
    """How one accepts a finding that is right to stay, with the subject of the example."""
    if rule.checker == "hygiene":
        return ""
    text = "\n## How to accept it\n"
    subject = finding.subject if finding else "SUBJECT"
    directive = _directive(rule, finding) if finding is not None else None
    if directive is not None:
        text += (
            f"\nAt its place, in a comment behind the line or alone on the line above:\n\n````text\n{directive}\n````\n"
        )
    return text + (
        "\nIn the configuration, for one subject or for a glob of them:\n\n````toml\n[tool.fr-check.allow]\n"
        f'{rule.id} = [{{ subject = {json.dumps(subject, ensure_ascii=False)}, reason = "why this is right" }}]\n````\n'
    )


def _options(rule: Rule) -> str:
    """The keys of the configuration that decide about a rule."""
    rows = [f"severity.{rule.id}", f'`"off"`, `"info"`, `"warning"` or `"error"`, instead of {rule.severity}.']
    found = [rows, *((option.path, option.meaning) for option in of_rule(rule.checker, rule.id))]
    lines = "".join(f"| `{path}` | {meaning} |\n" for path, meaning in found)
    return (
        f"\n## Options\n\n| Key below `[tool.fr-check]` | What it says |\n| --- | --- |\n{lines}"
        "\nThey are described under [Configuration](../../configuration.md).\n"
    )
