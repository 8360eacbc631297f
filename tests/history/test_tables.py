"""What is asked of one tree after the other is what each of them says by itself, whatever changes in between."""

from __future__ import annotations

import random

from fr_check.core.names import beginning, both, ending
from fr_check.history.tables import _LONG_AGO, Changes, Listed, Tables
from fr_check.repository.objects import GITLINK, SYMLINK, Entry

NAMES = [f"{folder}{name}" for folder in ("", "a/", "a/b/") for name in ("x.py", "y.py", "x.md", "link")]
WANTED = (ending(".py"), beginning("a/"), both(ending(".py"), beginning("a/")), ending("link"))


def trees(seed: int, count: int) -> list[Listed]:
    """Trees of which neighbours differ by some files, their content, links, or a pointer."""
    chosen = random.Random(seed)  # noqa: S311 - the same trees at each run
    entries: dict[str, Entry] = {}
    found = []
    for number in range(count):
        entries = dict(entries)
        for name in chosen.sample(NAMES, chosen.randint(0, 3)):
            mode = SYMLINK if name.endswith("link") else "100644"
            if entries.pop(name, None) is None or chosen.random() < 0.5:
                entries[name] = Entry(mode, str(chosen.randint(0, 3)))
        if chosen.random() < 0.2:
            entries["module"] = Entry(GITLINK, str(number))
        found.append(Listed.of(str(number), dict(sorted(entries.items()))))
    return found


def test_names_that_are_kept_are_those_of_each_tree():
    tables = Tables()
    for listed in trees(1, 200):
        for wanted in WANTED:
            assert tables.select(listed.names, wanted) == tuple(filter(wanted, listed.names))
        assert tables.named(listed.names, "x.py") == tuple(
            name for name in listed.names if f"/{name}".endswith("/x.py")
        )


def test_what_a_scanner_made_is_made_again_of_what_changed_only():
    tables, looked = Tables(), 0
    line = trees(2, 200)
    for listed in line:
        for wanted in WANTED:

            def scan(path: str, listed: Listed = listed) -> str:
                nonlocal looked
                looked += 1
                # A link says what the file beside it says.
                target = path.replace("link", "x.py")
                return listed.entries[target].oid.replace("0", "") if target in listed.entries else ""

            found = tables.search(listed, (wanted, "scanner"), scan, bool)
            expected = {path: made for path in filter(wanted, listed.names) if (made := scan(path))}
            looked -= sum(map(wanted, listed.names))
            assert list(found.items()) == list(expected.items())
    assert looked < sum(len(listed.names) for listed in line)


def test_equal_answers_are_one_object():
    tables, (first, *_) = Tables(), trees(3, 1)
    again = Listed.of("again", {**first.entries, "z.txt": Entry("100644", "9")})
    scan = {name: name for name in first.names}.get
    question = (WANTED[0], "scanner")
    assert tables.search(first, question, scan, bool) is tables.search(again, question, scan, bool)
    assert tables.select(first.names, WANTED[0]) is tables.select(again.names, WANTED[0])


def test_what_changed_since_holds_all_that_differs():
    kept, line, chosen = Tables(), trees(5, 150), random.Random(5)  # noqa: S311 - the same at each run
    numbers: dict[int, int] = {}
    for at, listed in enumerate(line):
        numbers[kept.keep(listed)] = at
        now = max(numbers)
        for before in chosen.sample(sorted(numbers), min(5, len(numbers))):
            found = kept.since(before, now)
            if found is None:
                assert now - before >= _LONG_AGO
                continue
            exact = Changes.between(line[numbers[before]], listed)
            if before != now:
                assert exact.paths <= found.paths
            assert exact.names <= found.names
            assert (found.pointers, found.submodules) >= (exact.pointers, exact.submodules)
