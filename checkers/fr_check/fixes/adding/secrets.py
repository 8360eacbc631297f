"""The line of a template that renders a new secret; in a submodule it is printed, or written where that is allowed."""

from __future__ import annotations

import os

from fr_check.core.edits import Edit
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.edits.lines import insert_after
from fr_check.edits.template import rendering_line
from fr_check.env_keys.fixing import rendering
from fr_check.repository.submodules import Store
from fr_check.repository.worktree import Worktree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fr_check.core.context import Context
    from fr_check.fixes.adding.plan import Wish
    from fr_check.fixes.plan import Plan


def render(context: Context, app: Any, wish: Wish, made: Plan) -> None:
    """Plans the line of each template, or the steps to it."""
    if wish.key in app.rendered:
        made.there.append(f"{app.rendered[wish.key].source.text.path}: `{wish.key}` is rendered")
        return
    for source in app.templates:
        edit = _edit(source.text, source.content, wish.key)
        path = source.text.path
        gitlink = context.repository.gitlink_above(path)
        if not isinstance(edit, Edit):
            made.remind(f"render `{wish.key}` in {path}: no line there is of a form to follow")
        elif gitlink is None:
            made.add(edit, "rendered")
        elif wish.in_submodule:
            _demand_ready(context, gitlink, path, source.text)
            made.elsewhere(edit, f"rendered, in the working tree of {gitlink}")
            made.remind(f"commit that in {gitlink}, merge it, and move the pointer before you merge this change")
        else:
            line = source.text.place(max(0, edit.start - 1))[0]
            below = f"below line {line} (`{_shown(source.text, line)}`)"
            written = edit.text.strip("\r\n")
            made.remind(f"in the repository of {gitlink}, add to {path[len(gitlink) + 1 :]} {below}: {written}")
            made.remind(f"merge that, and move the pointer of {gitlink} to it, before you merge this change")
    if app.templates:
        made.remind(f"store the value of `{wish.key}` in Vault")


def _shown(text: Text, line: int) -> str:
    return text.line(line).partition("=")[0].strip()


def _edit(text: Text, content: Any, key: str) -> Edit | None:
    """A line like its neighbour's; where there is none of a form to follow, the form that needs no neighbour."""
    keys = [(one.name, one.span.line) for one in content.keys if one.span.line]
    line = rendering_line(text, keys, key)
    if line is not None:
        return insert_after(text, line.after, line.string)
    found = rendering.add_key(text, content, key)
    return found if isinstance(found, Edit) else None


def _demand_ready(context: Context, gitlink: str, path: str, text: Text) -> None:
    """Refuses a submodule whose working tree is not what the pointer names, or that is on no branch.

    Raises:
        Trouble: an edit there would be lost, or be mixed with other changes.
    """
    repository = context.repository
    store = repository.store(gitlink) if isinstance(repository, Worktree) else None
    if not isinstance(store, Store):
        raise Trouble(f"{gitlink} is not checked out", f"run `git submodule update --init {gitlink}`")
    head, branch = store.git.run("rev-parse", "HEAD"), store.git.run("symbolic-ref", "--quiet", "HEAD")
    if head.stdout.decode().strip() != repository.gitlinks()[gitlink]:
        raise Trouble(f"{gitlink} is not checked out at its pointer", f"run `git submodule update {gitlink}`")
    if branch.code:
        raise Trouble(f"{gitlink} is on no branch", f"run `git -C {gitlink} switch --create BRANCH`")
    try:
        with open(os.path.join(repository.root, path), "rb") as file:
            now = Text.decode(file.read(), path)
    except OSError:
        now = Text("", path)
    if now.string != text.string:
        raise Trouble(f"{path} has changes of its own", "commit or undo them first")
