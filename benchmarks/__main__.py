"""`python -m benchmarks [NAME ...]`: runs all benchmarks, or those named; fails where a budget is broken."""

from __future__ import annotations

import sys
from importlib import import_module

# Name -> module with a `main()`, which returns how many budgets are broken, or None. Adding one means a line here.
BENCHMARKS = {
    "start-up": "benchmarks.start_up",
    "coverage-data": "benchmarks.coverage_data",
    "submodule-history": "benchmarks.submodule_history",
    "hostile-input": "benchmarks.hostile_input",
}


def main(names: list[str]) -> int:
    """Runs benchmarks by name; returns 1 where a budget is broken, 2 where there is none of a name."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    broken = sum(import_module(BENCHMARKS[name]).main() or 0 for name in names or BENCHMARKS)
    if broken:
        print(f"\n{broken} {'budget is' if broken == 1 else 'budgets are'} broken", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
