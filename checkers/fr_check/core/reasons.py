"""Every reason for which something is not judged, in words: for `explain`, and for the documentation.

A reason is the kebab-case name that an `Unknown`, an `Unreadable` or a `CannotKnow` carries. The message of such a one
says what it was this time; here stands what the reason means, and what makes the answer known. `docs/generate.py`
writes the page, and fails on a reason that is not listed here.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Reason(NamedTuple):
    """What it means that something is not judged for this reason, and what to do, each in whole sentences."""

    meaning: str
    remedy: str


_FETCH = "`git fetch --unshallow`; in GitHub Actions check out with `fetch-depth: 0`, in GitLab set `GIT_DEPTH: 0`."
_FILTER = "The clone was made with `--filter` or was cut short: `git fetch --refetch --no-filter` gets the rest."
_MEND = "Mend the file at the place that the message names; the program that the file is for refuses it too."

# What was not looked at, and files that cannot be read at all.
_FILES = {
    "required-and-skipped": Reason(
        "The policy's `require` names a checker, and it had nothing to look at, or passed over a part.",
        "Give it what it needs, as the message says, or take it out of `require`.",
    ),
    "permission-denied": Reason(
        "The file exists, and this user may not read it.", "`chmod u+r FILE`, or run as the user who owns the checkout."
    ),
    "unreadable-file": Reason(
        "The system cannot read the file: the disk, the network drive or the name is at fault.",
        "Read it with another program; what that says is what is to be mended.",
    ),
    "special-file": Reason(
        "Where a file is expected stands a pipe, a socket or a device, which fr-check never opens.",
        "Replace it by a file.",
    ),
    "not-a-file": Reason("Where a file is expected stands a folder.", "Correct the path in the configuration."),
    "too-large": Reason(
        "The file is larger than anything of its kind, so it is probably not what it is taken for, and is not read.",
        "Correct the path; or split the file.",
    ),
    "too-many-findings": Reason(
        "A rule has more than 1,000 findings in one file, so it is probably not what it is taken for: the first 1,000"
        " are reported, and those that a baseline accepts besides. A JSON report that is written to a file holds all.",
        "Correct the path; or mend what is reported, and run fr-check again.",
    ),
    "outside-root": Reason(
        "A symbolic link leads out of the repository. What stands there is different on every machine, so it is not"
        " read.",
        "Replace the link by the file, or let it point inside the repository.",
    ),
    "symlink-loop": Reason("A symbolic link leads back to itself, or nowhere.", "Replace the link by the file."),
    "unmerged": Reason(
        "The file is in conflict in git's index: there are two of it.", "Settle the merge and `git add` the file."
    ),
    "undecodable": Reason(
        "The file is not UTF-8 text, so that its names and values cannot be compared.", "Save it as UTF-8."
    ),
    "undecodable-text": Reason(
        "A file that may declare a coverage threshold is not UTF-8 text.", "Save it as UTF-8, or exclude its folder."
    ),
    "too-much-to-follow": Reason(
        "Files lead to files (includes, calls, scripts) further than fr-check follows, so what they come to is not"
        " known.",
        "Include less, or in fewer levels.",
    ),
}

# Commits, histories, submodules.
_GIT = {
    "shallow-history": Reason(
        "The clone has only the newest commits, and the answer lies in older ones (was this pointer ever merged? what"
        " was the threshold before?).",
        _FETCH,
    ),
    "missing-base": Reason("The branch that a pull request is compared with is not in the clone.", _FETCH),
    "missing-commit": Reason(
        "A commit is named, by a submodule's pointer or by an option, that the clone does not have: it was never"
        " pushed, was removed by a force push, or was not fetched.",
        "`git fetch` in the folder that the message names; if the commit is nowhere, push it or move the pointer.",
    ),
    "commit-not-judged": Reason(
        "`fr-check history` could not judge a commit at all: git cannot list its files, or fr-check fails there.",
        "`fr-check all --rev COMMIT --base COMMIT^` shows what happens; memory is a usual reason.",
    ),
    "unusable-policy": Reason(
        "`fr-check history --policy then` judges each commit by its own policy, and that of this one cannot be used.",
        "Judge all commits by today's policy: leave out `--policy then`.",
    ),
    "missing-object": Reason("A commit is there, and some of its files are not.", _FILTER),
    "unreadable-tree": Reason("Git cannot read the list of files of a commit.", "`git fsck` says what is damaged."),
    "unreadable-history": Reason("Git cannot walk the repository's own history.", "`git fsck`. " + _FILTER),
    "broken-history": Reason("Git cannot walk the history of a submodule.", "`git -C SUBMODULE fsck`."),
    "missing-branch": Reason(
        "The upstream branch that a submodule follows is not in the submodule's clone.",
        "Fetch it with the command of the message; if it was renamed, write the new name into `branch` of .gitmodules.",
    ),
    "unknown-branch": Reason(
        "Nothing says which branch the submodule follows: neither .gitmodules, nor the policy, nor the clone.",
        "Write `branch = main` into .gitmodules, or `git remote set-head origin --auto` in the submodule.",
    ),
    "unfetched-branch": Reason(
        "The pointer is a commit that comes after all that the clone has of the branch: it may be merged by now.",
        "`git -C SUBMODULE fetch`, or `fr-check submodule-sync --online`, which asks the upstream.",
    ),
    "unknown-upstream": Reason(
        "The submodule has no address, so there is nothing to compare its pointer with.",
        "Write its `url` into .gitmodules.",
    ),
    "upstream-unreachable": Reason(
        "With `--online` the upstream was asked, and did not answer.",
        "Check the network and the credentials, or leave out `--online`: then the clone alone is looked at.",
    ),
    "unknown-submodule": Reason(
        "The policy speaks of a submodule that does not exist, so what was meant is judged without it.",
        "Correct the path in `[tool.fr-check.submodule-sync]`, or delete the entry.",
    ),
    "uninitialised-submodule": Reason(
        "The submodule is not checked out, so its files (templates, say) cannot be read.",
        "`git submodule update --init SUBMODULE`; in GitHub Actions check out with `submodules: recursive`.",
    ),
    "unreadable-submodule": Reason(
        "The submodule's folder is there, and git cannot open it.", "`git -C SUBMODULE status` says what is wrong."
    ),
    "nested-submodule": Reason(
        "The file is in a submodule of a submodule, which is not read.", "Check that submodule in its own repository."
    ),
    "not-a-commit": Reason(
        "The submodule's pointer names something that is no commit.", "Check out a branch in it and `git add` it."
    ),
    "dubious-ownership": Reason(
        "The folder belongs to another user, and git refuses to open it. Usual in containers.",
        "`git config --global --add safe.directory FOLDER`.",
    ),
}

# env-keys.
_VARIABLES = {
    "missing-settings": Reason("A file that the policy names as settings does not exist.", "Correct `settings`."),
    "missing-example": Reason("A file that the policy names as example does not exist.", "Correct `example`."),
    "missing-template": Reason(
        "A template that the policy names, or that was there before, does not exist.",
        "Correct `templates`, or check out the submodule that holds it.",
    ),
    "no-settings-class": Reason(
        "The file that was taken for the settings has no settings class with a field.",
        "Name the right file in `settings` of `[[tool.fr-check.env-keys.apps]]`.",
    ),
    "computed-settings-class": Reason(
        "The class is made by a call (`create_model`, `type(...)`), so its fields are known only when it runs.",
        "Write it as a class statement.",
    ),
    "unresolvable-base": Reason(
        "The settings inherit from a class that is not in this repository, whose fields are therefore not known.",
        "Keep the base in the repository, or repeat its fields.",
    ),
    "unresolvable-source": Reason(
        "`settings_customise_sources` returns a source that is not in this repository and leaves the usual ones out, so"
        " it is not known whether the class reads the environment.",
        "Keep the source in the repository, or return `env_settings` too.",
    ),
    "unresolvable-prefix": Reason(
        "The prefix of the variables, or another part of the class's configuration, is known only when it runs.",
        "Write it as a literal, or as a constant that is assigned once.",
    ),
    "newer-python": Reason(
        "The settings are written for a newer version of Python than the one that runs this tool.",
        "Run it with that version: `uvx --python 3.14 --from git+https://github.com/wangzitian0/fr-check fr-check`.",
    ),
    "templated-settings": Reason(
        "The settings are a template from which a project is made (cookiecutter, copier).",
        "Make a project from it, and check that.",
    ),
    "empty-example": Reason(
        "The example is there and empty, so no setting is documented.", "Restore it, or add a line for each setting."
    ),
    "unreadable-example": Reason("An example cannot be read as a file of variables.", _MEND),
    "unreadable-agent": Reason("A Vault agent's configuration cannot be read, so its templates are not known.", _MEND),
}

# dockerfile-args, and what builds an image.
_BUILDS = {
    "unreadable-dockerfile": Reason("The file cannot be read as a Dockerfile.", _MEND),
    "other-dockerfile-language": Reason(
        "The file's `# syntax=` line names a frontend other than `docker/dockerfile`, whose language may differ.",
        "Build it with `docker/dockerfile`, or accept it with `--allow-unknown`.",
    ),
    "unreadable-compose-file": Reason("The file cannot be read as a compose file.", _MEND),
    "unresolved-compose-file": Reason(
        "A compose file leads to another (`include`, `extends`, `env_file`) that is not in the repository.",
        "Mend the path, or check where that file is present.",
    ),
    "unreadable-workflow": Reason("The file cannot be read as a workflow.", _MEND),
    "unparsable-workflow": Reason("The file cannot be read as a workflow, so its coverage gates are not known.", _MEND),
    "unreadable-bake-file": Reason("The file cannot be read as a bake file.", _MEND),
    "unreadable-manifest": Reason("A frontend's package.json cannot be read.", _MEND),
    "unreadable-source": Reason("A frontend's source is not text that can be read.", "Save it as UTF-8."),
    "unresolved-build": Reason(
        "Which folder or Dockerfile is built is known only at run time.",
        "Write the context and the file out, or give the variable a default.",
    ),
    "unrecognised-build": Reason(
        "A RUN instruction may build the frontend, by a command that fr-check cannot follow.",
        "Call the build command in the RUN itself.",
    ),
    "unfollowed-call": Reason(
        "A workflow calls something that may build the image, and that fr-check cannot follow.",
        "Build the image in a step, or in a shell script or make target that a step calls.",
    ),
    "opaque-build-args": Reason(
        "The build arguments are computed when the workflow runs, so whether one is passed is not known.",
        "Write them out as NAME=value; the values may be expressions.",
    ),
}

# coverage.
_COVERAGE = {
    "unreadable-coverage-data": Reason(
        "The named file is in no format of coverage data that fr-check knows.",
        "Make it again with the coverage tool, or leave it out.",
    ),
    "unreadable-record": Reason(
        "The recorded totals, which coverage is compared with, cannot be read.",
        "Write them again: `fr-check coverage --record FILE`.",
    ),
    "incomparable-threshold": Reason(
        "A threshold changed from a percentage to a count of uncovered items, or back: which admits less depends on the"
        " data.",
        "Compare what both admit on today's data, or keep the form.",
    ),
}

# Headings of the documentation -> the reasons below them.
SECTIONS: Mapping[str, Mapping[str, Reason]] = {
    "Files": _FILES,
    "Git and submodules": _GIT,
    "Environment variables": _VARIABLES,
    "Images and builds": _BUILDS,
    "Coverage": _COVERAGE,
}
REASONS: Mapping[str, Reason] = {name: reason for section in SECTIONS.values() for name, reason in section.items()}
# Answers inside fr-check that another reason replaces before anybody sees them.
INTERNAL = frozenset({"link", "submodule-link"})


def paragraph(name: str) -> str:
    """A reason as Markdown: its meaning and its remedy."""
    reason = REASONS[name]
    return f"{reason.meaning}\n\nWhat to do: {reason.remedy}\n"
