"""What package managers and the runners of workspaces hand on to: npm, pnpm, yarn, bun, turbo, nx, lerna."""

from __future__ import annotations

from fr_check.sources.docker_options import options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.runs.calls import Call
    from fr_check.sources.docker_options import Token

# Their subcommands that run no script of the package, as far as CI uses them.
_NO_SCRIPTS = frozenset(
    ("install", "ci", "i", "add", "remove", "exec", "dlx", "x", "audit", "publish", "pack", "cache", "link", "config")
)
_NO_SCRIPTS |= {"login", "outdated", "update", "up", "create", "init", "version", "why", "info", "prune", "dedupe"}
_PACKAGE_FOLDER = ("--prefix", "-C", "--cwd", "--dir")
_PACKAGE_CHOICE = ("--filter", "-F", "-w", "--workspace", "--scope", "-p", "--projects", "--project")
_PACKAGE_VALUED = frozenset(
    (*_PACKAGE_FOLDER, "--filter", "-F", "-w", "--workspace", "--loglevel", "--reporter", "--workspace-concurrency")
)
_ALL_VALUED = frozenset(
    (*_PACKAGE_CHOICE, "-t", "--target", "--targets", "--concurrency", "--parallel", "--since", "-c")
)
# Options of nx itself: what it does not know it hands on to the script, as all three do with what stands behind `--`.
_OF_NX = _ALL_VALUED | {
    "--all", "--base", "--batch", "--configuration", "--dte", "--exclude", "--files", "--graph", "--head", "--help",
    "--nxBail", "--nx-bail", "--nxIgnoreCycles", "--outputStyle", "--output-style", "--prod", "--runner",
    "--skipNxCache", "--skip-nx-cache", "--skipRemoteCache", "--tui", "--uncommitted", "--untracked", "--verbose",
}  # fmt: skip
_EVERYWHERE = ("-r", "--recursive", "--workspaces", "-ws", "--filter", "-F", "-w", "--workspace")


def package(manager: str, tokens: list[Token], empty: Call) -> Call | None:
    """A script of a package, or of packages that options choose; None for a command that runs none."""
    dashes = next((n for n, token in enumerate(tokens) if token.value == "--"), len(tokens))
    options = options_of(tokens[:dashes], _PACKAGE_VALUED)
    folder = options.last(*_PACKAGE_FOLDER)
    words = [token.value for token in options.operands]
    chosen = options.values("--filter", "-F", "-w", "--workspace")
    everywhere = bool(set(_EVERYWHERE) & options.named.keys())
    if manager == "yarn" and words[:1] == ["workspace"] and words[1:]:
        chosen, words, everywhere = (words[1] or "",), words[2:], True
    elif manager == "yarn" and words[:2] == ["workspaces", "foreach"]:
        words, everywhere = words[2:], True
    run = words[:1] in (["run"], ["run-script"])
    words = words[1:] if run else words
    if not run and manager in {"npm", "bun"}:
        words = ["test", *words[1:]] if words[:1] in (["test"], ["t"]) and manager == "npm" else words
        if words[:1] not in (["test"], ["start"]) or manager == "bun":
            return None
    name = words[0] if words else None
    if name is None or (name in _NO_SCRIPTS and not run) or (folder is not None and folder.value is None):
        return None
    # npm passes on what stands behind `--`; the others pass on what they do not know themselves, too.
    given = [token.value for token in tokens[dashes + 1 :]]
    if manager != "npm":
        at = next((n for n, token in enumerate(tokens) if token.value == name), len(tokens))
        given = [token.value for token in tokens[at + 1 :] if token.value != "--"]
    return empty._replace(
        kind="packages" if everywhere else "package",
        names=(name,),
        folder=(folder.value or "") if folder else "",
        chosen=chosen,
        arguments=tuple(given),
        optional="--if-present" in {token.value for token in tokens[:dashes]},
    )


def packages(base: str, tokens: Sequence[Token], empty: Call) -> Call | None:
    """`turbo run test --filter=web`, `nx run-many -t test`, `nx test web`, `nx run web:test`, `lerna run test`."""
    dashes = next((n for n, token in enumerate(tokens) if token.value == "--"), len(tokens))
    options = options_of([*tokens[:dashes]], _ALL_VALUED)
    words = [token.value for token in options.operands if token.value]
    chosen = options.values(*_PACKAGE_CHOICE)
    empty = empty._replace(arguments=tuple(token.value for token in tokens[dashes + 1 :]))
    if base == "nx":
        # What nx does not know itself it hands on as well.
        shown = ((token, token.prefix if token.value is None else token.value) for token in tokens[:dashes])
        handed = (one.value for one, text in shown if text[:1] == "-" and text.partition("=")[0] not in _OF_NX)
        empty = empty._replace(arguments=(*handed, *empty.arguments))
        targets = options.values("-t", "--target", "--targets")
        if words[:1] in (["run-many"], ["affected"]):
            return empty._replace(kind="packages", names=tuple(_split(targets)), chosen=tuple(_split(chosen)))
        project, colon, target = (words[1] if words[:1] == ["run"] and words[1:] else "").partition(":")
        if colon:
            return empty._replace(kind="packages", names=(target,), chosen=(project,))
        return empty._replace(kind="packages", names=tuple(words[:1]), chosen=tuple(words[1:2])) if words else None
    words = words[1:] if words[:1] == ["run"] else words
    return empty._replace(kind="packages", names=tuple(words), chosen=chosen) if words else None


def _split(values: Sequence[str]) -> list[str]:
    return [name for value in values for name in value.split(",") if name]
