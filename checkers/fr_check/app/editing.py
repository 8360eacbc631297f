"""`fr-check add` and its like: a plan of edits, shown as a patch or made, all of it or nothing."""

from __future__ import annotations

from fr_check.app.invocation import Invocation
from fr_check.app.mishap import say
from fr_check.core.registry import CHECKERS
from fr_check.core.trouble import Trouble
from fr_check.fixes.apply import edited
from fr_check.fixes.refusals import reason
from fr_check.fixes.verify import broken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.context import Context
    from fr_check.fixes.plan import Plan


# The byte order mark of UTF-8.
_MARK = b"\xef\xbb\xbf"


def run(root: str | None, make: Callable[[Context], Plan], *, diff: bool, show: Callable[[str], None]) -> int:
    """Makes a plan and carries it out; 0 when that is done, 1 where --diff shows something.

    Raises:
        Trouble: a part of it cannot be done: then nothing is written.
    """
    asked = Invocation(tuple(CHECKERS), root=root)
    context = asked.context(*asked.open())
    plan = make(context)
    files = _texts(plan)
    if diff:
        from fr_check.fixes.patch import patch  # noqa: PLC0415 - only to show one

        made = patch(files)
        show(made.text)
        if made.masked:
            say("note: values that may be secret are masked, so that this patch cannot be applied")
        for what in plan.next:
            say(f"next: {what}")
    elif files:
        from fr_check.fixes.writing import write  # noqa: PLC0415 - only to write

        changed = {}
        for path, (_, after) in files.items():
            data = plan.repository.read_bytes(path)
            if isinstance(data, bytes):
                changed[path] = (data, (_MARK if data.startswith(_MARK) else b"") + after.encode("utf-8"))
        write(plan.repository.root, changed)
    if not diff:
        show(told(plan))
    return 1 if diff and files else 0


def _texts(plan: Plan) -> dict[str, tuple[str, str]]:
    """Path -> its text now and after the plan."""
    refused = reason(plan.repository, tuple(step.edit for step in plan.steps if step.edit.path not in plan.inside))
    if refused:
        raise Trouble(f"not done: {refused}", "make the change there by hand, and run the command again")
    files = {}
    for path in dict.fromkeys(step.edit.path for step in plan.steps):
        before = plan.text(path).string
        edits = [step.edit for step in plan.steps if step.edit.path == path]
        after = edited(before, edits)
        harm = broken(path, before, after, edits)
        if harm:
            raise Trouble(f"not done: {path} {harm}", "make the change there by hand, and run the command again")
        files[path] = (before, after)
    return files


def told(plan: Plan) -> str:
    """A line an edit, what was there already, and the numbered steps that are left."""
    places = [(plan.place(step), step.what) for step in plan.steps if step.what]
    width = max((len(place) for place, _ in places), default=0)
    lines = [f"{place:<{width}}  {what}" for place, what in places]
    lines += [f"already there: {what}" for what in plan.there]
    lines += ["nothing to do"] if not plan.steps else []
    lines += ["next:", *(f"  {number}. {what}" for number, what in enumerate(plan.next, 1))] if plan.next else []
    return "".join(f"{line}\n" for line in lines)
