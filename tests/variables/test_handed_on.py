"""Entrypoints that hand a command line on to another shell, an array, a program that changes the user."""

from __future__ import annotations

import pytest

from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.env_keys.checker import CHECKER
from fr_check.variables.model import Absent, Literal, Maybe, Set
from variables.notation import repository

_ENTRY = 'COPY start.sh /start.sh¶ENTRYPOINT ["/start.sh"]'


def _process(line: str):
    facts = CHECKER.load(Context(Memory(repository(line)), Config(), None))
    (found,) = facts.flow.services
    return facts, found


FORMS = {
    "a shell gets its arguments": ("""exec sh -c 'export B=1; exec "$@"' -- "$@\"""", "1"),
    "a shell gets them without a name before them": ("""exec sh -c 'export B=1; exec "$0" "$@"' "$@\"""", "1"),
    "put into the text of a shell": ('exec bash -c "export B=1; exec $*"', "1"),
    "put in by a login shell": ('exec bash -lc "B=1 exec $*"', "1"),
    "put into the text of su": ('exec su -c "exec env B=1 $*" app', "1"),
    "put into the text of su, the user first": ('exec su app -c "exec env B=1 $*"', "1"),
    "behind su": ("""exec su app -c 'B=1 exec "$0" "$@"' -- "$@\"""", "1"),
    "put in where the shell around it has set it": ('B=1; exec sh -c "B=2; export B=$B; exec $*"', "1"),
    "gosu": ('export B=1; exec gosu app "$@"', "1"),
    "su-exec and tini": ('export B=1; exec su-exec app:app tini -s -- "$@"', "1"),
    "dumb-init": ('export B=1; exec dumb-init -c -- "$@"', "1"),
    "chroot": ('export B=1; exec chroot --userspec=app / "$@"', "1"),
    "setpriv": ('export B=1; exec setpriv --reuid=app --clear-groups "$@"', "1"),
    "runuser": ('export B=1; exec runuser -u app -- "$@"', "1"),
    "a variable of all": ('cmd="$*"; export B=1; exec $cmd', "1"),
    "a variable of all as a script": ('cmd="B=1 exec $*"; exec sh -c "$cmd"', "1"),
    "evaluated": ('eval "export B=1; exec $*"', "1"),
    "an array": ('args=("$@"); export B=1; exec "${args[@]}"', "1"),
    "an array that grows": ('args=(env); args+=(B=1 "$@"); exec "${args[@]}"', "1"),
    "an array of a function": ('f() { local args=(env B=1 "$@"); exec "${args[@]}"; }; f "$@"', "1"),
    "declared": ('declare -a args=("$@"); B=1 exec "${args[@]}"', "1"),
    "all but the first": ('set -- x "$@"; export B=1; exec "${@:2}"', "1"),
    "a part of an array": ('args=(x "$@"); export B=1; exec "${args[@]:1}"', "1"),
    "an element": ('args=(x uvicorn); B=1 exec "${args[1]}" app.main:app', "1"),
    "or else": ('export B=1; exec "${@:-nginx}"', "1"),
    "a function": ('main() { export B=1; exec "$@"; }; main "$@"', "1"),
    "a function that keeps it": ('main() { local B=1; }; main; exec "$@"', None),
    "a function whose own it is": ('export B=1; main() { local B=2; }; main; exec "$@"', "1"),
    "within the function whose own it is": ('export B=1; main() { local B=2; exec "$@"; }; main "$@"', "2"),
    "a function that a function calls": (
        'export B=1; g() { B=3; }; main() { local B=2; g; exec "$@"; }; main "$@"', "3",
    ),
    "kept for good": ('readonly B=1; export B; exec "$@"', "1"),
    "a new environment": ('export B=1; exec su - app -c "exec $*"', None),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_the_program_is_found_with_what_it_is_given(name: str):
    script, value = FORMS[name]
    line = (
        f'S«a: str = "x"¶b: str = "y"» D«COPY app app¶{_ENTRY}» F start.sh«#!/bin/bash¶{script}» C«web: {{build: .}}»'
    )
    facts, found = _process(line)
    assert [program.settings for program in found.process.programs] == [("app/config.py",)]
    assert not facts.gaps
    state = found.process.get("B")
    given = state.entry.value if isinstance(state, Set) else None
    assert (given.text.reveal() if isinstance(given, Literal) else given) == value


PERHAPS = {
    "a wrapper that a branch adds": 'cmd=(); if [ "$U" ]; then cmd+=(gosu app); fi; cmd+=("$@"); exec "${cmd[@]}"',
    "a wrapper that a test adds": 'cmd=(); [ "$U" ] && cmd+=(gosu app); cmd+=("$@"); exec "${cmd[@]}"',
    "a wrapper that a branch begins with": 'if [ "$U" ]; then cmd=(gosu app); fi; cmd+=("$@"); exec "${cmd[@]}"',
    "a wrapper alone": 'if [ "$U" ]; then cmd=(gosu app); fi; exec "${cmd[@]}" "$@"',
    "a wrapper that sets": 'if [ "$U" ]; then cmd=(env X=1); fi; exec "${cmd[@]}" "$@"',
    "an option": 'args=(); [ "$DEBUG" ] && args+=(--reload); exec "$@" "${args[@]}"',
}


@pytest.mark.parametrize("name", PERHAPS)
def test_what_may_stand_before_a_program_does_not_hide_it(name: str):
    docker = f'D«COPY app app¶{_ENTRY}¶CMD ["uvicorn", "app.main:app"]»'
    line = f'S«a: str = "x"» {docker} F start.sh«#!/bin/bash¶{PERHAPS[name]}» C«web: {{build: .}}»'
    facts, found = _process(line)
    assert [program.settings for program in found.process.programs] == [("app/config.py",)]
    assert not facts.gaps
    assert isinstance(found.process.get("X"), Maybe if "X=1" in PERHAPS[name] else Absent)


GAPS = {
    "a program that is not there": ('exec docker-entrypoint.sh "$@"', "`docker-entrypoint.sh`"),
    "what a command prints": ('exec sh -c "$(compose-words)"', "`$(compose-words)`"),
    "a script that calls itself": ('exec "$0" "$@"', "`start.sh`"),
    "itself, by another shell": ('exec sh -c "exec $0 $@"', "`start.sh`"),
    "itself, as another user": ('exec su app -c "$0 $*"', "`start.sh`"),
    "itself, by its path": ("exec sh /start.sh", "`start.sh`"),
    "an array that nobody knows": ('args=($(cat words)); exec "${args[@]}"', "`$(cat words)`"),
}


@pytest.mark.parametrize("name", GAPS)
def test_what_cannot_be_followed_is_a_gap(name: str):
    script, word = GAPS[name]
    line = f'S«a: str = "x"» D«COPY app app¶{_ENTRY}» F start.sh«#!/bin/bash¶{script}» C«web: {{build: .}}»'
    facts, found = _process(line)
    assert found.lost == word
    assert [gap.subject for gap in facts.gaps] == ["web"]


FOLDERS = {
    "an ENV": 'ENV APP_HOME=/srv/app¶WORKDIR ${APP_HOME}¶COPY . $APP_HOME¶CMD ["uvicorn", "app.main:app"]',
    "an ARG with a default": 'ARG HOME_DIR=/srv/app¶WORKDIR $HOME_DIR¶COPY . .¶CMD ["uvicorn", "app.main:app"]',
    "a part of a path": 'ENV BASE=/srv¶WORKDIR ${BASE}/app¶COPY app ${BASE}/app/app¶CMD ["uvicorn", "app.main:app"]',
    "a default of the reference": 'WORKDIR /srv/app¶COPY app /srv/app/app¶CMD ["uvicorn", "app.main:app"]',
}


@pytest.mark.parametrize("name", FOLDERS)
def test_variables_of_a_dockerfile_say_where_its_files_are(name: str):
    line = f'S«a: str = "x"» F Dockerfile«FROM python:3.12¶{FOLDERS[name]}» C«web: {{build: .}}»'
    facts, found = _process(line)
    assert [program.settings for program in found.process.programs] == [("app/config.py",)]
    assert not facts.gaps


def test_an_argument_that_the_build_passes_says_where_its_files_are():
    docker = 'FROM python:3.12¶ARG HOME_DIR=/x¶WORKDIR $HOME_DIR¶COPY app /srv/app¶CMD ["uvicorn", "app.main:app"]'
    for given, known in (("/srv", True), ("${WHERE}", False)):
        build = f'build: {{context: ., args: {{HOME_DIR: "{given}"}}}}'
        _, found = _process(f'S«a: str = "x"» F Dockerfile«{docker}» C«web: {{{build}}}»')
        assert found.process.folder == (given if known else None)
