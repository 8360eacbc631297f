"""`fr-check init`: what was recognised, as configuration; on request a hook, a workflow and a baseline.

Nothing that is there is overwritten: a file that exists is left as it is, and named.
"""

from __future__ import annotations

import json
import os

from fr_check import __version__
from fr_check.app.command import show
from fr_check.app.invocation import Invocation
from fr_check.app.mishap import say
from fr_check.core.registry import CHECKERS
from fr_check.core.repository import Missing
from fr_check.core.text import Text, split_lines
from fr_check.core.trouble import Trouble
from fr_check.policy.find import OWN_FILE
from fr_check.report.view import printable
from fr_check.repository.place import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TextIO

    from fr_check.core.context import Context
    from fr_check.core.repository import Repository
    from fr_check.env_keys.apps.model import App

HOOKS = ".pre-commit-config.yaml"
WORKFLOW = ".github/workflows/fr-check.yml"
BASELINE = ".fr-check-baseline.json"
_ADDRESS = "https://github.com/wangzitian0/fr-check"
_HOOK = f"""\
  - repo: {_ADDRESS}
    rev: v{__version__}
    hooks:
      - id: fr-check
"""
_WORKFLOW = f"""\
name: fr-check
on:
  pull_request:
  push:
    branches: [BRANCH]
permissions:
  contents: read
jobs:
  fr-check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
        with:
          fetch-depth: 0          # submodules and coverage are compared with the target branch
SUBMODULES          persist-credentials: false
      - uses: wangzitian0/fr-check@v{__version__}
"""


def run(path: str | None, *, hooks: bool, workflow: bool, accept: bool, diff: bool) -> int:
    """Makes the files that are not there and writes them, or shows them as a patch; status 0.

    Raises:
        Trouble: all of them are there already.
    """
    asked = Invocation(tuple(CHECKERS), root=Place(path, around=path is not None))
    opened = asked.open()
    context, repository = asked.context(*opened), opened[0]
    files: dict[str, tuple[str, str]] = {}
    left: dict[str, str] = {}
    if context.config.path is not None:
        left[context.config.path] = "it is the configuration"
    else:
        _create(repository, files, left, OWN_FILE, lambda: _configuration(context, accept=accept))
    if hooks:
        _add_hook(repository, files, left)
    if workflow:
        _create(repository, files, left, WORKFLOW, lambda: _workflow(repository))
    accepted = context.config.baseline or BASELINE
    if accept:
        _create(repository, files, left, accepted, lambda: _baseline(asked, repository, accepted, files))
    if not files:
        told = "; ".join(f"there is {name}: {why}" for name, why in left.items())
        raise Trouble(told, "everything stays as it is: edit it, or remove first what is to be written anew")
    for name, why in left.items():
        say(f"left as it is: {name}: {why}")
    if diff:
        show("".join(_shown(name, *texts) for name, texts in files.items()))
    else:
        for name, (before, after) in files.items():
            _write(repository.root, name, before, after)
            say(f"{'changed' if before else 'written'}: {name}")
    if accept and context.config.path is not None and context.config.baseline is None:
        say(f'next: nothing names the baseline yet: add `baseline = "{BASELINE}"` to {context.config.path}')
    return 0


def _shown(path: str, before: str, after: str) -> str:
    """A patch that `git apply` takes."""
    if before:
        from fr_check.fixes.patch import patch  # noqa: PLC0415 - only where a file is changed

        return patch({path: (before, after)}).text
    lines = split_lines(after)
    head = (
        f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n"
    )
    return head + "".join(f"+{line}\n" for line in lines)


def _create(
    repository: Repository, files: dict[str, tuple[str, str]], left: dict[str, str], path: str, make: Callable[[], str]
) -> None:
    """Adds a file to those that are written, or to those that are left, with the reason."""
    if not isinstance(repository.read(path), Missing) or os.path.lexists(os.path.join(repository.root, path)):
        left[path] = "it exists"
    else:
        files[path] = ("", make())


def _write(root: str, path: str, before: str, after: str) -> None:
    full = os.path.join(root, path)
    try:
        os.makedirs(os.path.dirname(full), exist_ok=True)
        if before:
            from fr_check.fixes.writing import write  # noqa: PLC0415 - where a hook is added to others

            write(root, {path: (before.encode(), after.encode())})
        else:
            with open(full, "x", encoding="utf-8", newline="\n") as file:
                _write_whole(file, after)
    except OSError as error:
        help_ = "make room, or check the permissions of the folder"
        raise Trouble(f"{path} cannot be written: {error.strerror}", help_) from None


def _write_whole(file: TextIO, string: str) -> None:
    """Writes a file that was just made; one that cannot be written whole is gone again."""
    try:
        file.write(string)
        file.flush()
    except OSError:
        os.unlink(file.name)
        raise


def _configuration(context: Context, *, accept: bool) -> str:
    """What was recognised, each entry below the reason for it."""
    facts = context.facts("env-keys")
    lines = [
        "# Written by `fr-check init` from what was recognised here. A line that is removed is recognised anew;",
        f"# every key is described at {_ADDRESS}/blob/main/docs/configuration.md.",
        "",
        *_preset(strict=facts.demands_defaults),
    ]
    if accept:
        lines += ["", "# What there was when this was written fails nothing as long as it is there."]
        lines += [f'baseline = "{BASELINE}"']
    for app in facts.apps:
        lines += ["", "[[env-keys.apps]]", *_app(app)]
    for skipped in facts.skipped:
        lines += ["", f"# env-keys: {printable(skipped.reason)}"]
    lines += _frontends(context)
    return "\n".join(lines) + "\n"


def _preset(*, strict: bool) -> Iterator[str]:
    if strict:
        yield "# apps/backend/src/config.py and .env.example are here: each setting has a type, a default and a line."
        yield 'preset = "strict"'
    else:
        yield "# Required settings are good practice, and a comment documents an optional one; `strict` demands more."
        yield 'preset = "common"'


def _app(app: App) -> Iterator[str]:
    reasons: dict[str, list[tuple[str, str]]] = {}
    for found in app.reasons:
        reasons.setdefault(found.kind, []).append((found.path, found.why))
    kinds: Mapping[str, Iterable[str]] = {
        "settings": [source.text.path for source in app.settings_files],
        "example": [source.text.path for source in app.examples],
        "templates": dict.fromkeys(source.text.path for source in app.templates),
    }
    for key, paths in kinds.items():
        if not paths and key == "templates":
            continue
        for path, why in reasons.get(key.removesuffix("s") if key == "templates" else key, ()):
            yield f"# {printable(path)}: {printable(why)}"
        if not paths and key == "settings":
            yield "# No class extends BaseSettings; what the code reads is compared."
        yield f"{key} = {_listed(paths)}"


def _frontends(context: Context) -> Iterator[str]:
    frontends = context.facts("dockerfile-args").read.frontends.frontends
    if frontends:
        yield ""
        yield "[dockerfile-args]"
        for frontend in frontends:
            prefixes = ", ".join(frontend.prefixes) or "none"
            yield printable(f"# {frontend.path or '.'}: {frontend.bundled.why}; public prefixes: {prefixes}")
        yield f"frontends = {_listed(frontend.path for frontend in frontends)}"


def _listed(paths: Iterable[str]) -> str:
    # A JSON string is a TOML string too.
    return "[" + ", ".join(json.dumps(path, ensure_ascii=False) for path in paths) + "]"


def _branch(repository: Repository) -> str:
    """The branch that is checked out, where it is one of the usual main ones; else main."""
    try:
        with open(os.path.join(repository.root, ".git", "HEAD"), encoding="utf-8") as file:
            name = file.read().strip().rpartition("refs/heads/")[2]
    except (OSError, UnicodeDecodeError):
        name = ""
    return name if name in {"main", "master", "develop", "trunk"} else "main"


def _workflow(repository: Repository) -> str:
    submodules = "          submodules: recursive   # templates are read at the pinned commit\n"
    text = _WORKFLOW.replace("SUBMODULES", submodules if repository.gitlinks() else "")
    return text.replace("BRANCH", _branch(repository))


def _baseline(asked: Invocation, repository: Repository, path: str, files: Mapping[str, tuple[str, str]]) -> str:
    """The report of everything under the configuration that there is, or that is made."""
    root = asked.root.again() if isinstance(asked.root, Place) else asked.root
    run = asked._replace(root=root, format_="json", output=os.path.join(repository.root, path))
    if OWN_FILE in files:
        run = run._replace(config=(OWN_FILE, files[OWN_FILE][1].encode()))
    return run.run().rendered


def _add_hook(repository: Repository, files: dict[str, tuple[str, str]], left: dict[str, str]) -> None:
    """Adds fr-check to the configuration of the hooks, unless it is there.

    Raises:
        Trouble: the file is not of a form that is understood.
    """
    text = repository.read(HOOKS)
    if isinstance(text, Missing):
        files[HOOKS] = ("", "repos:\n" + _HOOK)
        return
    if not isinstance(text, Text) or text.problems:
        raise Trouble(f"{HOOKS} cannot be read", "mend it first")
    if "fr-check" in text.string:
        left[HOOKS] = "it names fr-check already"
        return
    place = _end_of_repos(text)
    if place is None:
        raise Trouble(f"{HOOKS} has no list `repos` of the usual form", f"add to its repos:\n{_HOOK}")
    offset, indent = place
    before = text.string
    head = before[:offset] + ("" if before[:offset].endswith("\n") else "\n")
    block = "".join(f"{indent}{line[2:]}\n" for line in split_lines(_HOOK))
    files[HOOKS] = (before, head + block + before[offset:])


def _end_of_repos(text: Text) -> tuple[int, str] | None:
    """Where a further entry of `repos` goes, and how far the entries are indented."""
    import yaml  # noqa: PLC0415 - only with --hooks

    try:
        top = yaml.compose(text.string, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    pairs = top.value if isinstance(top, yaml.MappingNode) else []
    repos = next((value for key, value in pairs if key.value == "repos"), None)
    if not isinstance(repos, yaml.SequenceNode) or repos.flow_style or not repos.value:
        return None
    string = text.string
    end = repos.end_mark.index
    # The mark stands at what follows, behind comments and blank lines that belong to it.
    last = repos.value[-1].end_mark.index
    lines = split_lines(string[:end], keep_ends=True)
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")) and sum(map(len, lines[:-1])) > 0:
        lines.pop()
    offset = max(sum(map(len, lines)), 0) if lines else last
    return offset, " " * repos.start_mark.column
