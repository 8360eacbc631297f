"""Lines of code of a checkout, without blanks, comments and docstrings: `python -m benchmarks.code_lines [FOLDER]`."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from pathlib import Path

_LAYOUT = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER}


def count(source: str) -> int:
    """The lines of one module that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _LAYOUT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            lines.difference_update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return len(lines)


def main() -> None:
    """Prints the lines of each package, and of all."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else "checkers")
    found: dict[str, int] = {}
    for path in root.rglob("*.py"):
        parts = path.relative_to(root).parts
        package = parts[1] if parts[0] == "fr_check" and len(parts) > 2 else parts[0]
        found[package] = found.get(package, 0) + count(path.read_text("utf-8"))
    for package, lines in sorted(found.items(), key=lambda pair: -pair[1]):
        print(f"{lines:7,} {package}")
    print(f"{sum(found.values()):7,} in all")


if __name__ == "__main__":
    main()
