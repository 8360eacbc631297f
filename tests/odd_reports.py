"""Coverage reports of odd but valid spellings, made at random, each with what it says: lines, arms, statements.

What a report says is counted here while it is written, by other means than a reader's; `oracles/test_reports.py` holds
these figures against lcov, istanbul's library and diff-cover.
"""

from __future__ import annotations

import json
import random
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

FORMS = ("lcov", "cobertura", "istanbul", "summary", "coverage")
_NAMES = ("src/a.c", "/w/src/b.ts", "C:\\w\\c.cs", "src/d e,f.js", "üm/g.go", "lib/h&i.kt")
# One a line: lcov refuses a file that gives a line several.
_CHECKSUMS = ("", "", "", ",K3Fk0QG8b4VdVv0k7cWb4A", ",abc==")
_HITS = ("0", "0", "1", "7", "123456789012", "1e3", "00", "-1")


class Odd(NamedTuple):
    """A report and what it says; None where the format does not measure it."""

    text: str
    lines: tuple[int, int]
    arms: tuple[int, int] | None
    statements: tuple[int, int] | None = None


def make(form: str, seed: int) -> Odd:
    """A report of a form."""
    chance = random.Random(f"{form} {seed}")  # noqa: S311 - a report, not a secret
    return {"lcov": _lcov, "cobertura": _cobertura, "istanbul": _istanbul, "summary": _summary, "coverage": _coverage}[
        form
    ](chance)


def _names(chance: random.Random) -> list[str]:
    return chance.sample(_NAMES, chance.randint(1, 3))


def _lcov(chance: random.Random) -> Odd:
    lines: dict[tuple[str, int], bool] = {}
    arms: dict[tuple[str, str], bool] = {}
    names, rows = _names(chance), []
    measured = False
    # A file may stand in several records, as those of several tests do.
    for name in [*names, *chance.sample(names, chance.randint(0, 1))]:
        rows += [chance.choice(("TN:", "TN:a_test", ""))] if chance.random() < 0.8 else []
        rows += [f"SF:{name}", *(["VER:1f"] if chance.random() < 0.1 else [])]
        rows += _functions(chance)
        here = chance.sample(range(1, 40), chance.randint(0, 12))
        here += [0] if chance.random() < 0.1 else []
        here += chance.sample(here, 1) if here and chance.random() < 0.2 else []
        own, ran = [], []
        for line in here if chance.random() < 0.3 else sorted(here):
            hits = chance.choice(_HITS)
            hit = float(hits) > 0
            ran.append(hit)
            own.append(f"DA:{line},{hits}{_CHECKSUMS[line % len(_CHECKSUMS)]}")
            lines[name, line] = lines.get((name, line), False) or hit
        ways = [
            (f"{line},{block},{arm}", chance.choice(("-", "0", "1", "12")))
            for line in sorted({*here} - {0})
            if chance.random() < 0.3
            for block in range(chance.randint(1, 2))
            for arm in range(chance.randint(1, 3))
        ]
        measured = measured or bool(ways)
        for key, taken in ways:
            arms[name, key] = arms.get((name, key), False) or taken not in {"-", "0"}
        branches = [f"BRDA:{key},{taken}" for key, taken in ways]
        rows += branches + own if chance.random() < 0.5 else own + branches
        if chance.random() < 0.4:
            rows += [f"LF:{len(own)}", f"LH:{sum(ran)}"]
        rows.append("end_of_record")
    ends = chance.choice(("\n", "\n", "\r\n"))
    text = ends.join(rows) + chance.choice((ends, ""))
    return Odd(text, _ratio(lines.values()), _ratio(arms.values()) if measured else None)


def _functions(chance: random.Random) -> list[str]:
    """Records of functions: several on one line, with the line they end on, with commas in their names."""
    found = []
    for number in range(chance.randint(0, 3)):
        name = chance.choice((f"f{number}", "operator()(int, char)", f"ns::f<{number}>"))
        found.append(f"FN:{chance.choice(('1', '3', '3,9'))},{name}")
        found.append(f"FNDA:{number},{name}")
    return [*found, "FNF:3", "FNH:1"] if found and chance.random() < 0.5 else found


def _ratio(values: object) -> tuple[int, int]:
    hits = [*values]  # type: ignore[misc]
    return sum(map(bool, hits)), len(hits)


def _cobertura(chance: random.Random) -> Odd:
    lines: dict[tuple[str, int], bool] = {}
    arms: dict[tuple[str, int], tuple[int, int]] = {}
    classes = []
    branching = chance.random() < 0.6
    several = chance.random() < 0.3
    for name in _names(chance):
        numbers = chance.sample(range(0 if chance.random() < 0.1 else 1, 40), chance.randint(0, 12))
        # Parts of one class, each in an element of its own, share no line: inner classes of Java and C#.
        cut = chance.randint(0, len(numbers)) if several else len(numbers)
        for part in (numbers[:cut], numbers[cut:]) if several else (numbers,):
            rows = []
            for line in part:
                hits = chance.choice(("0", "0", "1", "12", "2147483648"))
                lines[name, line] = hits != "0"
                row = f'<line number="{line}" hits="{hits}"'
                if branching and chance.random() < 0.3:
                    found = chance.randint(1, 4)
                    taken = chance.randint(0, found)
                    arms[name, line] = (taken, found)
                    shown = chance.choice((f"{100 * taken // found}%", f"{100 * taken / found:.2f}%", "n/a"))
                    row += f' branch="true" condition-coverage="{shown} ({taken}/{found})"'
                elif chance.random() < 0.3:
                    row += ' branch="false"'
                rows.append(f"{row}/>")
            methods = '<methods><method name="m" signature="()" line-rate="0"><lines>' + "".join(rows) + "</lines>"
            methods = f"{methods}</method></methods>" if chance.random() < 0.3 else "<methods/>"
            classes.append(
                f'<class name="c" filename={quoteattr(name)}>{methods}<lines>{"".join(rows)}</lines></class>'
            )
    packages = [f'<package name="p{at}"><classes>{one}</classes></package>' for at, one in enumerate(classes)]
    packages += ['<package name="none"><classes/></package>', '<package name="bare"/>'] if chance.random() < 0.3 else []
    sources = "".join(
        f"<source>{one}</source>" for one in chance.sample(("", ".", "/w", "C:\\w"), chance.randint(0, 3))
    )
    ratio = _ratio(lines.values())
    summed = (sum(one for one, _ in arms.values()), sum(found for _, found in arms.values()))
    totals = f'lines-covered="{ratio[0]}" lines-valid="{ratio[1]}"' if chance.random() < 0.5 else ""
    if totals and arms:
        totals += f' branches-covered="{summed[0]}" branches-valid="{summed[1]}"'
    head = chance.choice(('<?xml version="1.0" ?>\n<!DOCTYPE coverage SYSTEM "coverage-04.dtd">\n', "", "\ufeff"))
    root = f'<coverage line-rate="0.5" branch-rate="0.5" timestamp="{chance.randint(0, 2_000_000_000)}" {totals}>'
    text = f"{head}{root}<sources>{sources}</sources><packages>{''.join(packages)}</packages></coverage>"
    return Odd(text, ratio, summed if arms else None)


def _place(chance: random.Random) -> dict[str, dict[str, int | None]]:
    line, column = chance.randint(0 if chance.random() < 0.02 else 1, 12), chance.randint(0, 5)
    end = {"line": line + chance.randint(0, 3), "column": chance.choice((column + 1, column + 9, None))}
    return {"start": {"line": line, "column": column}, "end": end}


def _istanbul(chance: random.Random) -> Odd:
    document = {}
    lines: dict[tuple[str, int], bool] = {}
    ran: list[bool] = []
    taken: list[bool] = []
    for name in _names(chance):
        # Two statements may be generated from one place.
        places = {str(at): _place(chance) for at in range(chance.randint(0, 12))}
        counts = {key: chance.choice((0, 0, 1, 7)) for key in places}
        for key, hits in counts.items():
            ran.append(hits > 0)
            line = places[key]["start"]["line"] or 0
            lines[name, line] = lines.get((name, line), False) or hits > 0
        branches, ways = {}, {}
        for at in range(chance.randint(0, 4)):
            one = {"loc": _place(chance), "type": chance.choice(("if", "switch", "binary-expr", "branch"))}
            one["locations"] = [_place(chance) for _ in range(chance.randint(1, 4))]
            odd = chance.random()
            if odd < 0.1:
                del one["loc"]
            elif odd < 0.2:
                one["loc"] = {"start": {}, "end": {}}
            elif odd < 0.3:
                one["locations"][-1] = {"start": {}, "end": {}}
                one["loc"] = _place(chance)
            branches[str(at)] = one
            ways[str(at)] = [chance.choice((0, 1, 5)) for _ in one["locations"]]
            taken += (hits > 0 for hits in ways[str(at)])
        entry = {
            "path": name,
            "statementMap": places,
            "fnMap": {},
            "branchMap": branches,
            "s": counts,
            "f": {},
            "b": ways,
        }
        entry |= {"hash": "1f", "_coverageSchema": "2a"} if chance.random() < 0.3 else {}
        entry |= {"inputSourceMap": {"version": 3, "mappings": ""}} if chance.random() < 0.2 else {}
        entry |= {"bT": {}} if chance.random() < 0.2 else {}
        entry |= {"all": True} if chance.random() < 0.2 else {}
        document[name] = entry
    return Odd(json.dumps(document), _ratio(lines.values()), _ratio(taken), _ratio(ran))


_METRICS = ("lines", "statements", "functions", "branches")


def _summary(chance: random.Random) -> Odd:
    document = {"total": {}}
    summed = dict.fromkeys(_METRICS, (0, 0))
    for name in _names(chance):
        document[name] = {}
        for metric in _METRICS:
            found = chance.randint(0, 30)
            covered = chance.randint(0, found)
            document[name][metric] = _stated(covered, found)
            summed[metric] = (summed[metric][0] + covered, summed[metric][1] + found)
    for metric, (covered, found) in summed.items():
        document["total"][metric] = _stated(covered, found)
    if chance.random() < 0.5:
        document["total"]["branchesTrue"] = {"total": 0, "covered": 0, "skipped": 0, "pct": "Unknown"}
    return Odd(json.dumps(document), summed["lines"], summed["branches"], summed["statements"])


def _stated(covered: int, found: int) -> dict[str, object]:
    percent = 10_000 * covered // found / 100 if found else 100
    return {"total": found, "covered": covered, "skipped": 0, "pct": percent}


def _coverage(chance: random.Random) -> Odd:
    """What versions of coverage.py wrote: arcs or only how many, line 0 of an empty module, docstrings that ran."""
    branching, listed, old = chance.random() < 0.6, chance.random() < 0.7, chance.random() < 0.5
    files: dict[str, dict[str, object]] = {}
    summed = [0, 0, 0, 0]
    for name in _names(chance):
        numbers = sorted(chance.sample(range(2, 40), chance.randint(0, 12)))
        ran = [line for line in numbers if chance.random() < 0.5]
        missing = [line for line in numbers if line not in ran]
        extra = [[0], [1], []][chance.randint(0, 2)] if old and not numbers else []
        arcs = [[line, line + way] for line in numbers if chance.random() < 0.3 for way in (1, -7)] if branching else []
        taken = [arc for arc in arcs if chance.random() < 0.5]
        summary: dict[str, object] = {"covered_lines": len(ran), "num_statements": len(numbers)}
        summary |= {"missing_lines": len(missing), "percent_covered": 1.0, "excluded_lines": 0}
        if branching:
            summary |= {"num_branches": len(arcs), "covered_branches": len(taken)}
        entry = {"executed_lines": extra + ran, "summary": summary, "missing_lines": missing, "excluded_lines": []}
        if branching and listed:
            entry |= {"executed_branches": taken, "missing_branches": [one for one in arcs if one not in taken]}
        files[name] = entry
        for at, count in enumerate((len(ran), len(numbers), len(taken), len(arcs))):
            summed[at] += count
    totals: dict[str, object] = {"covered_lines": summed[0], "num_statements": summed[1]}
    if branching:
        totals |= {"covered_branches": summed[2], "num_branches": summed[3]}
    meta = {"version": "7.4.4", "timestamp": "2026-01-01T00:00:00", "branch_coverage": branching}
    text = json.dumps({"meta": meta, "files": files, "totals": totals})
    return Odd(text, (summed[0], summed[1]), (summed[2], summed[3]) if branching else None)
