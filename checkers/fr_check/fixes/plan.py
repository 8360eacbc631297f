"""A plan of edits for one variable: what is done where, what is there already, and what is left for a person."""

from __future__ import annotations

from fr_check.core.edits import Edit, Refused
from fr_check.core.record import NamedTuple
from fr_check.core.trouble import Trouble
from fr_check.edits.generated import generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.core.repository import Repository
    from fr_check.core.text import Text


class Step(NamedTuple):
    """One edit, with what it does in a few words; empty where an edit before it in the same file says so."""

    edit: Edit
    what: str


class Plan:
    """Edits that are made all together or not at all, and the next steps that no edit can do.

    `there` is what needs none; `generated` are the files that something has to make anew; `inside` are paths
    in submodules that may be edited all the same.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.steps: list[Step] = []
        self.there: list[str] = []
        self.inside: set[str] = set()
        self.next: list[str] = []
        self.generated: set[str] = set()

    def text(self, path: str) -> Text:
        """The text of a file that is to be edited.

        Raises:
            Trouble: it cannot be read.
        """
        from fr_check.core.text import Text  # noqa: PLC0415 - the type, at run time

        text = self.repository.read(path)
        if not isinstance(text, Text) or text.problems:
            raise Trouble(f"{path} cannot be edited", "mend the file first")
        return text

    def add(self, edit: Edit | tuple[Edit, ...] | Refused | None, what: str) -> None:
        """Plans an edit, or several; None stands for nothing to do.

        Where a place is generated, what makes it is a next step instead.

        Raises:
            Trouble: the edit is refused: then nothing of the plan is done.
        """
        if isinstance(edit, Refused):
            raise Trouble(f"not done: {what}: {edit.reason}", "make this change by hand, and run the command again")
        told: set[str] = set()
        for one in () if edit is None else (edit,) if isinstance(edit, Edit) else edit:
            made = generated(self.text(one.path), one.start)
            if made is None:
                self.steps.append(Step(one, "" if one.path in told else what))
                told.add(one.path)
            else:
                self.generated.add(one.path)
                self.remind(made.step(one.path))

    def elsewhere(self, edit: Edit, what: str) -> None:
        """Plans an edit in the working tree of a submodule, which was asked for."""
        self.inside.add(edit.path)
        self.steps.append(Step(edit, what))

    def remind(self, what: str) -> None:
        """Names a step that is left for a person, once."""
        if what not in self.next:
            self.next.append(what)

    def place(self, step: Step) -> str:
        """`path:line` of an edit, as it stands before."""
        return f"{step.edit.path}:{self.text(step.edit.path).place(step.edit.start)[0]}"
