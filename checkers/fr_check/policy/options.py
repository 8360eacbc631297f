"""What each key of the configuration means, and which rules it decides about: for rule pages, `explain` and editors."""

from __future__ import annotations

from fr_check.core.record import NamedTuple


class Option(NamedTuple):
    """One key, by its path below [tool.fr-check]; `rules` are those it decides about, none for all of its checker."""

    path: str
    meaning: str
    rules: tuple[str, ...] = ()


_MEASURED = ("coverage-below-threshold",)
_TOTALS = ("coverage-below-threshold", "slack-threshold")
_PRESET = (
    "commented-key",
    "default-drift",
    "invalid-example-value",
    "read-outside-settings",
    "runtime-only-public-variable",
    "setting-without-default",
    "undocumented-public-variable",
    "undocumented-setting",
    "unpassed-build-arg",
)

# Keys of whole tables stand for the keys within; `*` is a name of the user's own.
OPTIONS = (
    Option("select", "Only these rules, checkers or globs of rules."),
    Option("ignore", "Not these rules, checkers or globs of rules."),
    Option("preset", "`strict` or `common`: what a project asks of its settings and examples.", _PRESET),
    Option("require", "Checkers that have to find something to judge; otherwise the exit status is 3."),
    Option("fail-on", "The lowest severity that makes the exit status 1."),
    Option("allow-unknown", "Whether what could not be judged leaves the exit status 0."),
    Option("format", "The output format where no --format is given."),
    Option("baseline", "The file of findings that are accepted for now."),
    Option("extend", "A policy that this one adds to: a file of the repository, or of a submodule."),
    Option("env-keys.apps.settings", "Files (globs) with the settings classes of one backend."),
    Option("env-keys.apps.example", "The example files (globs) that document them; an empty list: there is none."),
    Option("env-keys.apps.templates", "The Vault templates (globs) that render them; an empty list: there is none."),
    Option(
        "env-keys.apps.secrets",
        "Globs of names that are secret, beside those that look so.",
        ("leaked-secret", "unpassed-setting", "unrendered-secret"),
    ),
    Option("dockerfile-args.public-prefixes", "What public variables begin with, beside what the bundler takes."),
    Option("dockerfile-args.frontends", "Folders (globs) of frontends, beside those that package.json tells of."),
    Option(
        "submodule-sync.branch",
        "The upstream branch that a submodule's pointer has to be on, by the submodule's path.",
        ("lagging-pointer", "pointer-off-branch", "rewound-pointer", "unmerged-pointer"),
    ),
    Option(
        "submodule-sync.allow-tags",
        "Globs of tags that a pointer may stand on instead, by the submodule's path.",
        ("pointer-off-branch", "unmerged-pointer"),
    ),
    Option("submodule-sync.max-behind", "How many commits a pointer may lag behind.", ("lagging-pointer",)),
    Option(
        "submodule-sync.paths",
        "Globs of the submodule's files that count as a change, by the submodule's path.",
        ("lagging-pointer",),
    ),
    Option(
        "submodule-sync.allow-rewinds",
        "Deliberate rollbacks, `COMMIT REASON`, by the submodule's path.",
        ("rewound-pointer",),
    ),
    Option("coverage.line", "The lowest line coverage, in percent.", _TOTALS),
    Option("coverage.branch", "The lowest branch coverage, in percent.", _TOTALS),
    Option("coverage.blended", "The lowest coverage of lines and branches together, in percent.", _TOTALS),
    Option("coverage.target", "What is aimed at, in percent: told, and nothing fails by it.", _MEASURED),
    Option("coverage.file", "The lowest line coverage of each file, in percent.", ("file-below-floor",)),
    Option("coverage.patch", "The lowest line coverage of changed lines, in percent.", ("patch-below-threshold",)),
    Option(
        "coverage.patch-branch",
        "The lowest branch coverage of changed lines, in percent.",
        ("patch-below-threshold",),
    ),
    Option(
        "coverage.max-drop",
        "How many percentage points coverage may fall below its record.",
        ("coverage-dropped",),
    ),
    Option("coverage.record", "The file of totals that `--record` writes.", ("coverage-dropped",)),
    Option(
        "coverage.slack",
        "How many percentage points coverage may lie above a threshold before that is called too low.",
        ("slack-threshold",),
    ),
    Option("coverage.shards", "How many reports a complete run leaves.", ("incomplete-shards",)),
    Option("coverage.data", "Coverage files (globs) that are judged, instead of those that are found."),
    Option(
        "coverage.sources", "Sources (globs) that have to be measured.", ("patch-below-threshold", "unmeasured-source")
    ),
    Option(
        "coverage.exempt",
        "Sources (globs) that need not be measured.",
        ("patch-below-threshold", "unmeasured-source"),
    ),
    Option("coverage.base-path", "The folder that relative names in coverage data start from."),
    Option("coverage.groups.name", "What to call a group of sources.", ("group-below-threshold", "unmatched-group")),
    Option("coverage.groups.paths", "Its sources (globs).", ("group-below-threshold", "unmatched-group")),
    Option("coverage.groups.line", "Its lowest line coverage, in percent.", ("group-below-threshold",)),
    Option("coverage.groups.branch", "Its lowest branch coverage, in percent.", ("group-below-threshold",)),
    Option("coverage.components.name", "What to call a component.", _MEASURED),
    Option("coverage.components.path", "Its folder.", _MEASURED),
    Option("coverage.components.data", "Its coverage files (globs)."),
    Option("coverage.components.line", "Its lowest line coverage, in percent.", _TOTALS),
    Option("coverage.components.branch", "Its lowest branch coverage, in percent.", _TOTALS),
    Option("coverage.components.blended", "Its lowest coverage of lines and branches together, in percent.", _TOTALS),
    Option("coverage.components.target", "What it aims at, in percent.", _MEASURED),
    Option("coverage.components.shards", "How many reports a complete run of it leaves.", ("incomplete-shards",)),
    Option("variables.environments.name", "What to call an environment in `fr-check matrix`."),
    Option("variables.environments.compose", "The compose files that it runs, in their order."),
    Option("variables.environments.tasks", "The tasks that start it."),
    Option("variables.environments.workflow", "The workflow that runs it."),
    Option("variables.environments.job", "The job of that workflow."),
    Option("variables.environments.profiles", "The profiles of Compose that it starts."),
    Option("variables.environments.env", "The files in place of `.env`; `platform`: values are given from outside."),
    Option("variables.environments.builds", "The workflows that build its images."),
    Option("variables.files.path", "A file of variables that nobody commits."),
    Option("variables.files.like", "The committed file that it is like."),
)


def of_rule(checker: str, rule: str) -> tuple[Option, ...]:
    """The keys that decide about a rule: its own first, then those of all rules of its checker."""
    named = [option for option in OPTIONS if rule in option.rules]
    return (*named, *(one for one in OPTIONS if not one.rules and one.path.startswith(f"{checker}.")))
