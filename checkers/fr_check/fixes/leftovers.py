"""What still names a variable that was taken out: places that no edit touched, for a person to look at."""

from __future__ import annotations

from fr_check.core.patterns import pattern, whole_name
from fr_check.core.secrecy import masked_line
from fr_check.core.text import Text
from fr_check.fixes.apps import is_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.context import Context
    from fr_check.fixes.plan import Plan

DOCUMENTS = (".md", ".mdx", ".rst", ".txt", ".adoc", ".org", ".ipynb")
NO_SOURCES = (".lock", "-lock.json", "-lock.yaml", ".svg", ".map", ".min.js", ".snap", "ignore")
COMMENTS = ("#", "//", "*", "/*", ";", "--")
VENDORED = pattern(r"(?:^|/)(?:node_modules|site-packages|vendor|third_party)/")
_SHOWN = 90


def left(context: Context, key: str, made: Plan, folder: str = "") -> None:
    """Adds a next step for each line of a folder that still names it; comments and documents are counted."""
    word = whole_name(key)
    prose = 0
    for path in context.repository.paths():
        if not is_in(path, folder):
            continue
        text = context.repository.read(path)
        if not isinstance(text, Text) or key not in text.string or VENDORED.search(path) or path.endswith(NO_SOURCES):
            continue
        gone = [(step.edit.start, step.edit.end) for step in made.steps if step.edit.path == path]
        for found in word.finditer(text.string):
            number = text.place(found.start())[0]
            if any(start <= found.start() < end for start, end in gone):
                continue
            if path.endswith(DOCUMENTS) or text.line(number).lstrip().startswith(COMMENTS):
                prose += 1
                continue
            line = masked_line(text, number).strip()
            shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}..."
            made.remind(f"{path}:{number} still names `{key}`: {shown}")
    if prose:
        made.remind(f"{prose} mention{'s' if prose > 1 else ''} of `{key}` in comments and documents stay")
