"""Every edit that a help names, made by hand: the finding is gone, none is new, and the application starts as before.

Each case starts from the bad example of its rule. A rule without a case says here why its help names no edit.
"""

from __future__ import annotations

import sys
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import pytest
from dotenv import dotenv_values

from fr_check.core.model import Severity
from fr_check.env_keys.checker import CHECKER
from tests.env_world import CONFIG, EXAMPLE, TEMPLATE, everything, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fr_check.core.model import Finding

COMPOSE, APP = "compose.yml", "app/config.py"
QUOTED = """{{ with .Data.data.S3_SECRET_KEY }}{{ printf "%q" . }}{{ end }}"""
SHELL = """'{{ with .Data.data.S3_SECRET_KEY }}{{ . | replaceAll "'" "'\\\\''" }}{{ end }}'"""


class Edit(NamedTuple):
    """What the help says, and the edit: in `path`, `old` becomes `new`, or is taken out.

    `more` are edits of further files that go with it. `moved` is where the whole file goes instead.
    """

    rule: str
    says: str
    path: str
    old: str = ""
    new: str = ""
    moved: str = ""
    more: Mapping[str, tuple[str, str]] = {}


EDITS = (
    Edit("altered-literal", 'put it in quotes: `API_VERSION: "1.10"`', COMPOSE, "1.10", '"1.10"'),
    Edit("ambient-name", "an `env_prefix`", CONFIG, "    path",
         "    model_config = SettingsConfigDict(env_prefix='APP_')\n    path",
         more={EXAMPLE: ("PATH=", "APP_PATH=")}),
    Edit("broken-template", 'write `index .Data.data "NAME-WITH-DASH"`', TEMPLATE, ".Data.data.S3-BUCKET",
         'index .Data.data "S3-BUCKET"'),
    Edit("commented-key", "remove the `#`", EXAMPLE, "# DEBUG", "DEBUG"),
    Edit("default-drift", "write the value that is meant in every place shown", EXAMPLE, "900", "300"),
    Edit("default-drift", "write the value that is meant in every place shown", CONFIG, "300", "900"),
    Edit("duplicate-key", "remove one of the two lines", EXAMPLE, "\nENV=development\n"),
    Edit("empty-fallback", "render the line only where there is a value", TEMPLATE,
         'DAILY_LIMIT={{ with .Data.data.DAILY_LIMIT }}{{ printf "%q" . }}{{ else }}""{{ end }}',
         '{{ with .Data.data.DAILY_LIMIT }}DAILY_LIMIT={{ printf "%q" . }}{{ end }}'),
    Edit("empty-fallback", "or give a fallback", TEMPLATE, '{{ else }}""', '{{ else }}"2"'),
    Edit("glued-key", "remove the `-` of the trim marker in line 4 (`-}}`)", TEMPLATE, 'redis" -}}', 'redis" }}'),
    Edit("ignored-env-argument", 'write `validation_alias="AWS_REGION"` instead of `env=`', CONFIG, "env='AWS_REGION'",
         'validation_alias="AWS_REGION"', more={EXAMPLE: ("REGION=", "AWS_REGION=")}),
    Edit("invalid-example-value", "write a value of that type", EXAMPLE, "five minutes", "300"),
    Edit("invalid-passed-value", "write `PAGE_SIZE:`", COMPOSE, 'PAGE_SIZE: "${PAGE_SIZE:-}"', "PAGE_SIZE:"),
    Edit("invalid-passed-value", "or `${PAGE_SIZE:-50}` for the value", COMPOSE, "${PAGE_SIZE:-}", "${PAGE_SIZE:-50}"),
    Edit("leaked-secret", "a placeholder such as `SIGNING_KEY='<YOUR_SIGNING_KEY>'`", EXAMPLE,
         "b3141592653589a7932384626433c", "'<YOUR_SIGNING_KEY>'"),
    Edit("masked-variable", "`${DATABASE_URL:-value}`", COMPOSE, "postgresql://db/app",
         '"${DATABASE_URL:-postgresql://db/app}"'),
    Edit("masked-variable", "or leave it to `.env`", COMPOSE, "    environment:\n      DATABASE_URL: postgresql://db/app\n"),
    Edit("mismatched-secret-path", "read `.Data.data.S3_BUCKET`", TEMPLATE, ".Data.S3_BUCKET", ".Data.data.S3_BUCKET"),
    Edit("misplaced-example", "move it to deploy/.env.example", EXAMPLE, moved="deploy/.env.example"),
    Edit("misplaced-example", "or start Compose with `--env-file .env`", "Makefile",
         "docker compose -f", "docker compose --env-file .env -f"),
    Edit("open-key-set", "write a line for each key", TEMPLATE,
         "{{ range $name, $value := .Data.data }}{{ $name }}='{{ $value }}'\n{{ end }}",
         "{{ with .Data.data.S3_BUCKET }}S3_BUCKET='{{ . }}'{{ end }}\n"),
    Edit("overridden-environment", "keep it in one of the two", TEMPLATE.replace("secrets.ctmpl", "compose.yaml"),
         "    environment:\n      S3_BUCKET: statements\n"),
    Edit("public-secret", "rename it without the prefix", TEMPLATE, "NEXT_PUBLIC_SIGNING_SECRET", "SIGNING_SECRET",
         more={CONFIG: ("next_public_", ""), EXAMPLE: ("NEXT_PUBLIC_", "")}),
    Edit("read-outside-settings", "make it a field in apps/backend/src/config.py", CONFIG, "    debug",
         "    trust_proxy: bool = False\n    debug", more={EXAMPLE: ("DEBUG", "TRUST_PROXY=false\nDEBUG")}),
    Edit("read-outside-settings", "or add `TRUST_PROXY=` to .env.example", EXAMPLE, "DEBUG", "TRUST_PROXY=\nDEBUG"),
    Edit("refused-example-key", 'write `extra="ignore"` in its `model_config`', CONFIG, 'env_file=".env"',
         'env_file=".env", extra="ignore"'),
    Edit("required-but-empty", "write `TOKEN=` with a value in .env.example", EXAMPLE, "TOKEN=", "TOKEN=change-me"),
    Edit("required-but-empty", "or `${TOKEN:-}` in place of the demand", COMPOSE, "${TOKEN:?set TOKEN}", "${TOKEN:-}"),
    Edit("required-but-unrendered", "or give the setting a default", CONFIG, "database_url: str",
         "database_url: str = 'sqlite:///dev.db'"),
    Edit("required-but-unrendered", "render it on every path of the template", TEMPLATE, "{{ end }}\n{{ end }}",
         "{{ end }}\nDATABASE_URL='{{ with .Data.data.DATABASE_URL }}{{ . }}{{ else }}sqlite://{{ end }}'\n{{ end }}"),
    Edit("secret-in-comment", "remove the line", TEMPLATE,
         "# S3_OLD_KEY={{ with .Data.data.S3_OLD_KEY }}{{ . }}{{ end }}\n"),
    Edit("secret-in-comment", "or write the comment as `{{/* ... */}}`", TEMPLATE,
         "# S3_OLD_KEY={{ with .Data.data.S3_OLD_KEY }}{{ . }}{{ end }}", "{{/* S3_OLD_KEY */}}"),
    Edit("setting-without-default", "give it a default that is right for development", CONFIG, "database_url: str",
         "database_url: str = 'sqlite://'", more={EXAMPLE: ("DATABASE_URL=", "DATABASE_URL=sqlite://")}),
    Edit("unassignable-line", "remove the blanks around the `=`", TEMPLATE, "S3_BUCKET = {{ .Data.data.S3_BUCKET }}",
         "{{ with .Data.data.S3_BUCKET }}S3_BUCKET={{ . }}{{ end }}"),
    Edit("unconsumed-secret", "add a setting for it", CONFIG, "    s3_bucket",
         '    s3_buket_region: str = "eu"\n    s3_bucket',
         more={EXAMPLE: ("S3_BUCKET", "S3_BUKET_REGION=eu\nS3_BUCKET")}),
    Edit("unconsumed-secret", "or remove the line from", TEMPLATE,
         'S3_BUKET_REGION={{ with .Data.data.REGION }}{{ printf "%q" . }}{{ else }}"eu"{{ end }}\n'),
    Edit("unconsumed-variable", "remove the entry", COMPOSE, '      DAILY_LIMIT: "2"\n'),
    Edit("unconsumed-variable", "or read the variable", APP, "    environment",
         "    daily_limit: int = 2\n    environment",
         more={EXAMPLE: ("ENVIRONMENT", "DAILY_LIMIT=2\nENVIRONMENT")}),
    Edit("undelivered-secrets", "write `set -a; . /secrets/.env; set +a`", COMPOSE, ". /secrets/.env;",
         "set -a; . /secrets/.env; set +a;"),
    Edit("undocumented-read", "add `REDIS_URL=` to .env.example", EXAMPLE, "DEBUG", "REDIS_URL=\nDEBUG"),
    Edit("undocumented-setting", "add `GIT_COMMIT_SHA=unknown` to .env.example", EXAMPLE, "DEBUG",
         "GIT_COMMIT_SHA=unknown\nDEBUG"),
    Edit("unguarded-secret", "or put `with` around the line", TEMPLATE, 'S3_BUCKET="{{ .Data.data.S3_BUCKET }}"',
         "{{ with .Data.data.S3_BUCKET }}S3_BUCKET='{{ . }}'{{ end }}"),
    Edit("unknown-example-key", "did you mean `CORS_ORIGINS`? rename it", EXAMPLE, "CORS_ORIGINS=\nCORS_ORIGINS_STR=",
         "CORS_ORIGINS="),
    Edit("unknown-example-key", "or remove the line", EXAMPLE, "CORS_ORIGINS_STR=\n"),
    Edit("unparsable-example", "write a name, `=` and a value, or make the line a comment", EXAMPLE,
         "please", "# please"),
    Edit("unparsable-settings", "mend the syntax", CONFIG, "(False", "False"),
    Edit("unpassed-setting", "add `SECRET_KEY:` without a value below `environment`", COMPOSE, "    environment:\n",
         "    environment:\n      SECRET_KEY:\n"),
    Edit("unpassed-setting", "or `env_file: [{path: .env, required: false}]` to the service", COMPOSE,
         "    environment:", "    env_file: [{path: .env, required: false}]\n    environment:"),
    Edit("unportable-line", "write it with the value in single quotes", EXAMPLE, "two words", "'two words'"),
    Edit("unportable-name", "give it an alias of letters, digits and underscores", CONFIG, "aws.region", "AWS_REGION",
         more={EXAMPLE: ("aws.region", "AWS_REGION")}),
    Edit("unquoted-expansion", "write `'{{ ... | replaceAll", TEMPLATE, QUOTED, SHELL),
    Edit("unrendered-secret", "add `REDIS_URL` to the template", TEMPLATE, "{{ end }}\n{{ end }}",
         "{{ end }}\n{{ with .Data.data.REDIS_URL }}REDIS_URL='{{ . }}'{{ end }}\n{{ end }}"),
    Edit("unrendered-secret", "or remove the mark", EXAMPLE, "# [VAULT] Managed by Vault\nREDIS_URL", "REDIS_URL"),
    Edit("unresolvable-alias", "write the alias as a literal", CONFIG, "os.environ['REGION_VARIABLE']", "'REGION'",
         more={EXAMPLE: ("REGION_VARIABLE=REGION\n", "")}),
    Edit("untyped-setting", "write `region: <type> = ...`", CONFIG, "region = ", "region: str = ",
         more={EXAMPLE: ("DEBUG", "REGION=eu\nDEBUG")}),
    Edit("untyped-setting", "or `ClassVar[<type>]` if it is no setting", CONFIG,
         "\n\nclass Settings(BaseSettings):\n    debug: bool = False\n    region = ",
         "from typing import ClassVar\n\n\nclass Settings(BaseSettings):\n    debug: bool = False\n    region: "
         "ClassVar[str] = "),
)  # fmt: skip
# Its help tells to move a pointer: tests/env_keys/test_template_rules.py does.
ELSEWHERE = {"lost-secrets"}
# The bad examples of these keep the application from starting: only the edit makes it start.
BROKEN = {"unparsable-settings", "untyped-setting", "refused-example-key", "invalid-example-value"}


def files_of(rule: str) -> dict[str, str]:
    bad = next(one.bad for one in CHECKER.rules if one.id == rule)
    return dict(getattr(bad, "files", bad))


def edited(edit: Edit) -> dict[str, str]:
    files = files_of(edit.rule)
    if edit.moved:
        files[edit.moved] = files.pop(edit.path)
    for path, (old, new) in {edit.path: (edit.old, edit.new), **edit.more}.items():
        if old:
            assert old in files[path], (path, old)
            files[path] = files[path].replace(old, new, 1)
    return files


def said(files: Mapping[str, str]) -> list[Finding]:
    return everything(load(files))


def start(files: Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes an instance of the settings with the real library, in a folder where the example was copied to `.env`."""
    example = next((text for path, text in files.items() if path.rpartition("/")[2] == EXAMPLE), "")
    (folder / ".env").write_text(example)
    monkeypatch.chdir(folder)
    config = files.get(CONFIG) or files.get(APP)
    if config is None:
        return
    with monkeypatch.context() as environment, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, value in dotenv_values(".env").items():
            if value is not None:
                environment.setenv(name, value)
        module = ModuleType("followed_config")
        environment.setitem(sys.modules, module.__name__, module)
        exec(compile(config, "config.py", "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - our own source
        module.__dict__["Settings"]()


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.rule}: {edit.says[:40]}")
def test_the_edit_that_a_help_names_ends_the_finding_and_brings_no_other(
    edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGION_VARIABLE", "REGION")
    before = said(files_of(edit.rule))
    mine = [finding for finding in before if finding.rule == edit.rule]
    assert any(edit.says in (finding.help or "") for finding in mine), [finding.help for finding in mine]
    if edit.rule not in BROKEN:
        start(files_of(edit.rule), tmp_path, monkeypatch)
    after = said(edited(edit))
    assert [finding for finding in after if finding.rule == edit.rule] == []
    loud = {(finding.rule, finding.subject) for finding in after if finding.severity > Severity.INFO}
    assert loud <= {(finding.rule, finding.subject) for finding in before}
    start(edited(edit), tmp_path, monkeypatch)


def test_every_rule_has_a_case() -> None:
    assert {edit.rule for edit in EDITS} | ELSEWHERE == {rule.id for rule in CHECKER.rules}
