"""`python -m benchmarks [NAME ...]`: runs all benchmarks, or those named."""

from __future__ import annotations

import sys
from importlib import import_module

# Name -> module with a `main()`. Adding one means a line here.
BENCHMARKS = {
    "start-up": "benchmarks.start_up",
    "coverage-data": "benchmarks.coverage_data",
    "submodule-history": "benchmarks.submodule_history",
    "hostile-input": "benchmarks.hostile_input",
}


def main(names: list[str]) -> int:
    """Runs benchmarks by name."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        import_module(BENCHMARKS[name]).main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
