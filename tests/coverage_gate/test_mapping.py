from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.coverage_gate.measured.mapping import PathIndex, normalise, resolve

PATHS = ("apps/backend/src/a.py", "apps/backend/src/b.py", "apps/frontend/src/x.ts", "apps/frontend/index.ts")
HOME = "apps/backend/src/a.py"

SPELLINGS = {
    "from the root": "apps/backend/src/a.py",
    "a workflow": "/home/runner/work/x/x/apps/backend/src/a.py",
    "a container": "/app/src/a.py",
    "from the folder": "src/a.py",
    "Windows, relative": ".\\src\\a.py",
    "Windows, absolute": "C:\\work\\apps\\backend\\src\\a.py",
    "with dots": "apps/backend/../backend/./src/a.py",
}


@pytest.mark.parametrize("name", SPELLINGS.values(), ids=SPELLINGS)
def test_one_file_has_many_names(name):
    assert resolve([name], PathIndex(PATHS)).places == {name: HOME}


def test_all_of_them_may_stand_in_one_report():
    names = list(SPELLINGS.values())
    assert resolve(names, PathIndex(PATHS)).places == dict.fromkeys(names, HOME)


def test_two_files_that_explain_a_name_equally_well_are_never_guessed():
    found = resolve(["util.py"], PathIndex(["a/util.py", "b/util.py"]))
    assert found.places == {}
    assert found.ambiguous == {"util.py": ("a/util.py", "b/util.py")}


def test_the_other_names_of_the_report_decide():
    found = resolve(["util.py", "main.py"], PathIndex(["a/util.py", "b/util.py", "a/main.py"]))
    assert found.places == {"util.py": "a/util.py", "main.py": "a/main.py"}


def test_the_policy_decides():
    index = PathIndex([*PATHS, "src/a.py"])
    assert set(resolve(["src/a.py"], index, bases=["apps/backend"]).ambiguous) == {"src/a.py"}
    assert resolve(["src/a.py"], index, base="apps/backend").places == {"src/a.py": HOME}


def test_a_base_that_explains_nothing_hides_nothing():
    assert resolve([HOME], PathIndex(PATHS), base="apps/backend").places == {HOME: HOME}


def test_roots_of_the_report_are_put_before_its_names():
    found = resolve(["a.py", "b.py"], PathIndex([*PATHS, "a.py"]), roots=["/w/fr/apps/backend/src"])
    assert found.places == {"a.py": HOME, "b.py": "apps/backend/src/b.py"}


def test_names_below_the_repository_are_taken_as_they_stand():
    assert resolve(["/w/fr/apps/backend/src/a.py"], PathIndex([*PATHS, "src/a.py"], "/w/fr")).places == {
        "/w/fr/apps/backend/src/a.py": HOME
    }


def test_what_is_gone_is_told_from_what_was_never_here():
    found = resolve(["src/a.py", "src/b.py", "src/gone.py", "/usr/lib/python3/json.py"], PathIndex(PATHS))
    assert found.gone == {"src/gone.py": "apps/backend/src/gone.py"}
    assert found.foreign == ("/usr/lib/python3/json.py",)


def test_a_gone_file_is_not_found_elsewhere_by_its_name():
    found = resolve(["apps/backend/src/a.py", "apps/backend/src/q.py"], PathIndex([*PATHS, "other/src/q.py"]))
    assert found.places == {"apps/backend/src/a.py": HOME}
    assert found.gone == {"apps/backend/src/q.py": "apps/backend/src/q.py"}


def test_one_absolute_folder_cannot_be_two_of_ours():
    found = resolve(["/r/lib/utils.py", "/r/lib/y.py"], PathIndex(["lib/y.py", "packages/x/lib/utils.py"]))
    assert found.places == {}


def test_thousands_of_equal_names_take_no_time():
    paths = [f"pkg{number}/src/__init__.py" for number in range(3000)]
    names = [f"/w/{path}" for path in paths]
    assert len(resolve([*names, "/w/pkg7/src/only.py"], PathIndex([*paths, "pkg7/src/only.py"])).places) == 3001


SEGMENT = st.sampled_from(["a", "b", "src", "..", ".", "", "x.py", "y.py", "C:"])
NAMES = st.lists(st.lists(SEGMENT, min_size=1, max_size=5).map("/".join), max_size=6)


@given(NAMES, NAMES, st.sampled_from(["", "/a", "/a/b"]), st.sampled_from(["", "src"]))
def test_every_name_ends_up_in_one_place(names, paths, root, base):
    index = PathIndex((path for path in paths if path), root)
    found = resolve(names, index, bases=["a"], base=base)
    parts = [set(found.places), set(found.ambiguous), set(found.gone), set(found.foreign)]
    assert set.union(*parts) == set(names)
    assert sum(map(len, parts)) == len(set(names))
    assert set(found.places.values()) <= index.paths


@given(st.text(max_size=20))
def test_any_name_is_normalised_once_and_for_all(name):
    assert normalise(normalise(name)) in {normalise(name), normalise(normalise(name))}
    assert "\\" not in normalise(name)
