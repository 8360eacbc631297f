"""Scripts of containers that read variables whose names only a run tells."""

from __future__ import annotations

import pytest

from variables.notation import repository
from variables.test_cases import findings

_UNREAD = ("unconsumed-variable", "APP_B", "warning")
READING = (
    'for v in $(env | grep "^APP_" | cut -d= -f1); do export "${v#APP_}=${!v}"; done',
    'n=APP_$1; export B="${!n}"',
    "printenv > /app/.env",
    'b=$(printenv "$n")',
    "envsubst < /etc/app.tmpl > /etc/app.conf",
    "envsubst '$A' < /etc/app.tmpl > /etc/app.conf",
    "export -p > /etc/profile.d/app.sh",
    "declare -px > /etc/profile.d/app.sh",
    "if env | grep -q ^APP_; then echo yes; fi",
    "/usr/bin/env > /etc/environment",
    "env >> /etc/environment",
    "tr '\\0' '\\n' < /proc/self/environ > /etc/environment",
    "set | grep ^APP_",
    "while IFS= read -r l; do echo $l; done < <(compgen -e)",
)
OTHERS = (
    "set -e",
    "set -a; C=1; set +a",
    "env C=1 true",
    "printenv A",
    "export C=1",
    "cp /app/env /tmp/env",
    "echo environment",
    '[ -n "$A" ] && echo ${A:-1}',
)


def _found(script: str) -> set[tuple[str, str, str]]:
    image = 'D«COPY app app¶COPY e.sh /e.sh¶ENTRYPOINT ["/bin/bash", "/e.sh"]»'
    services = 'C«web: {build: ., environment: {A: "${A:-1}", APP_B: "5"}}»'
    return findings(repository(f'S«a: str = "x"» E«A=1» {image} F e.sh«{script}¶exec "$@"» {services}'))


@pytest.mark.parametrize("script", READING)
def test_what_may_read_any_name_leaves_nothing_unread(script: str):
    assert _UNREAD not in _found(script)


@pytest.mark.parametrize("script", OTHERS)
def test_what_reads_the_names_that_it_says_reads_no_others(script: str):
    assert _UNREAD in _found(script)
