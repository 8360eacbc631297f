"""How much one question may cost where a reader includes, expands or follows: files and steps, never time.

Whatever follows text that others wrote (compose `include` and `extends`, YAML anchors, scripts that call scripts, make
variables) takes a `Budget` and asks it before each file and each step; the first no ends the following. Who asked then
reports an `Unknown`, so that a half-followed answer is never taken for a whole one:

    budget = Budget(files=100)
    while waiting and budget.file():
        ...
    if budget.spent:
        unknown = Unknown(checker, Budget.REASON, path, f"{path} {budget.spent}", Budget.HELP)

A set of what was visited ends circles; it does not end what doubles at every level. A budget ends both.
"""

from __future__ import annotations

FILES = 2_000
STEPS = 200_000
DEPTH = 60


class Budget:
    """What is left of it; `spent` says in words what ran out, and is empty before."""

    REASON = "too-much-to-follow"
    HELP = "include less, or in fewer levels; until then this part is not judged"

    def __init__(self, *, files: int = FILES, steps: int = STEPS, depth: int = DEPTH) -> None:
        """Allows so many files to be opened, steps to be taken, and levels below the first."""
        self._most = (files, steps, depth)
        self._files = files
        self._steps = steps
        self._met: dict[int, object] = {}
        self.spent = ""
        self.refused = False
        """Whether more steps were asked for at once than there were."""

    @property
    def taken(self) -> int:
        """The steps that were taken."""
        return self._most[1] - self._steps

    def file(self, depth: int = 0) -> bool:
        """Whether one more file may be opened, also when it is one that was opened before; counts it."""
        self._files -= 1
        if self._files < 0:
            self._end(f"leads to more than {self._most[0]:,} files")
        return self.step(depth=depth)

    def step(self, count: int = 1, *, depth: int = 0) -> bool:
        """Whether the next `count` steps may be taken, `depth` levels down; counts them."""
        self._steps -= count
        if self._steps < 0:
            self._end(f"takes more than {self._most[1]:,} steps to follow")
        if depth > self._most[2]:
            self._end(f"goes more than {self._most[2]} levels deep")
        return not self.spent

    def meets(self, what: object) -> bool:
        """Whether it is the first time that this very object is met: what is done again may cost less."""
        first = id(what) not in self._met
        self._met[id(what)] = what  # what is kept leaves its number to no other
        return first

    def covers(self, count: int) -> bool:
        """Whether `count` more steps may be taken; counts none, so that a reader can take a shorter way instead."""
        covered = not self.spent and count <= self._steps
        self.refused = self.refused or not covered
        return covered

    def stop(self, words: str) -> None:
        """Leaves nothing; `words` say why."""
        self._steps = min(self._steps, 0)
        self._end(words)

    def _end(self, words: str) -> None:
        self.spent = self.spent or words
