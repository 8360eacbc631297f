from __future__ import annotations

import pytest
from coverage.results import should_fail_under
from hypothesis import given
from hypothesis import strategies as st

from fr_check.coverage_gate.measured import native
from fr_check.sources.measurement import Ratio

# (covered, total), fail_under, precision -> passes before 7.17, and since
KNOWN = {
    "94.90 against 95 rounds up": ((949, 1000), 95, 0, True, True),
    "94.5 rounds to the even 94": ((945, 1000), 95, 0, False, False),
    "93.5 rounds to the even 94": ((935, 1000), 94, 0, True, True),
    "94.997 at two decimals": ((94997, 100000), 95, 2, True, True),
    "94.994 at two decimals": ((94994, 100000), 95, 2, False, False),
    "94.9 against 94.95: the version decides": ((949, 1000), 94.95, 0, True, False),
    "99.998 against 100": ((49999, 50000), 100, 0, False, False),
    "0 of 0": ((0, 0), 100, 0, True, True),
}


@pytest.mark.parametrize(("ratio", "fail_under", "precision", "before", "since"), KNOWN.values(), ids=KNOWN)
def test_known_verdicts(ratio, fail_under, precision, before, since):
    assert native.verdict(Ratio(*ratio), fail_under, precision) == (before, since)


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 10000), st.integers(0, 3))
def test_coverage_itself_decides_the_same(covered, missing, hundredths, precision):
    ratio = Ratio(covered, covered + missing)
    fail_under = hundredths / 100
    percent = 100.0 * covered / ratio.total if ratio.total else 100.0
    verdict = native.verdict(ratio, fail_under, precision)
    assert verdict is not None
    assert verdict.since is not should_fail_under(percent, fail_under, precision)


@pytest.mark.parametrize("fail_under", [-1, 101])
def test_a_threshold_coverage_refuses_has_no_verdict(fail_under):
    assert native.verdict(Ratio(1, 2), fail_under) is None


def test_remarks_are_made_only_where_the_verdicts_differ():
    assert "would pass" in native.remark(Ratio(949, 1000), 95)
    assert "since 7.17 it fails" in native.remark(Ratio(949, 1000), 94.95)
    assert native.remark(Ratio(900, 1000), 95) == ""
    assert native.remark(Ratio(96, 100), 95) == ""


@pytest.mark.parametrize(("value", "precision", "admitted"), [(95, 0, "94.50"), (95, 1, "94.950"), (94.5, 1, "94.450")])
def test_what_a_gate_admits(value, precision, admitted):
    assert native.admits(value, precision) == admitted
