from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.sources.measurement import Arms, Counts, Detail, Fork, Ratio, Record, count, exact, unite

THRESHOLDS = {
    "94.90 is below 95": ((949, 1000), 95, True),
    "94.5 is below 95": ((945, 1000), 95, True),
    "93.5 is below 94": ((935, 1000), 94, True),
    "49999 of 50000 is below 100": ((49999, 50000), 100, True),
    "94.95 is not below 94.95": ((1899, 2000), 94.95, False),
    "94.9 is below 94.95": ((949, 1000), 94.95, True),
    "0 of 0 is below nothing": ((0, 0), 100, False),
    "a third": ((1, 3), 33.34, True),
}


@pytest.mark.parametrize(("ratio", "threshold", "below"), THRESHOLDS.values(), ids=THRESHOLDS)
def test_thresholds_are_compared_exactly(ratio, threshold, below):
    assert Ratio(*ratio).below(threshold) is below


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        ((949, 1000), "94.90"),
        ((94997, 100000), "94.99"),
        ((49999, 50000), "99.99"),
        ((2, 3), "66.66"),
        ((0, 0), "n/a"),
        ((1, 1), "100.00"),
    ],
)
def test_percentages_are_rounded_down(ratio, shown):
    assert Ratio(*ratio).percent() == shown


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10000))
def test_below_and_needed_agree_with_fractions(covered, extra, hundredths):
    ratio = Ratio(covered, covered + extra)
    threshold = hundredths / 100
    want = Fraction(hundredths, 10000)
    assert ratio.below(threshold) == (Fraction(covered, covered + extra) < want)
    needed = ratio.needed(threshold)
    assert not Ratio(covered + needed, ratio.total).below(threshold)
    assert needed == 0 or Ratio(covered + needed - 1, ratio.total).below(threshold)


@given(st.floats(0, 100, allow_nan=False))
def test_a_threshold_is_what_was_written(value):
    numerator, denominator = exact(value)
    assert float(Fraction(numerator, denominator)) == value


LINES = st.frozensets(st.integers(1, 12), max_size=6)
KEYS = st.frozensets(st.sampled_from([b"1,0,0", b"1,0,1", b"2,0,x", b"3,1,jump"]), max_size=4)
FORKS = st.dictionaries(
    st.integers(1, 3),
    st.one_of(
        st.builds(lambda names: Fork(4, names), st.frozensets(st.sampled_from(["4", "exit", "9"]), max_size=3)),
        st.builds(lambda count: Fork(4, None, count), st.integers(0, 4)),
    ),
    max_size=2,
)


@st.composite
def details(draw) -> Detail:
    lines = draw(LINES)
    arms = {}
    for form in draw(st.lists(st.sampled_from(["lcov", "coverage.json"]), unique=True, max_size=2)):
        found = draw(KEYS)
        arms[form] = Arms(found, frozenset(draw(st.sets(st.sampled_from(sorted(found))))) if found else frozenset())
    statements = draw(st.none() | st.builds(lambda keys: Arms(keys, keys), KEYS))
    return Detail(lines, lines & draw(LINES), arms, draw(FORKS), statements)


@given(details(), details(), details())
def test_merging_is_commutative_associative_and_idempotent(one, other, third):
    assert unite(one, other) == unite(other, one)
    assert unite(unite(one, other), third) == unite(one, unite(other, third))
    assert unite(one, one) == one
    assert unite(one, Detail()) == one


@given(details(), details())
def test_merging_never_loses_lines_nor_invents_hits(one, other):
    both = unite(one, other)
    assert both.lines == one.lines | other.lines
    assert both.hits == one.hits | other.hits
    counts = count(both)
    assert 0 <= counts.lines.covered <= counts.lines.total
    assert counts.branches is not None
    assert 0 <= counts.branches.covered <= counts.branches.total


def test_named_arms_that_both_miss_are_missed_and_unnamed_ones_are_a_lower_bound():
    assert Fork(2, frozenset({"4"})).union(Fork(2, frozenset({"exit"}))).ratio == (2, 2)
    assert Fork(2, frozenset({"4"})).union(Fork(2, frozenset({"4"}))).ratio == (1, 2)
    assert Fork(2, None, 1).union(Fork(2, None, 1)).ratio == (1, 2)


def test_a_dash_and_a_zero_are_found_and_not_hit_and_a_one_is():
    dash, zero, one = (
        Detail(arms={"lcov": Arms(frozenset({b"2,0,x"}), taken)})
        for taken in (frozenset(), frozenset(), frozenset({b"2,0,x"}))
    )
    assert count(unite(dash, zero)).branches == (0, 1)
    assert count(unite(dash, one)).branches == (1, 1)


def test_sums_keep_what_only_one_file_measured():
    lines = Counts(Ratio(1, 2))
    both = Counts(Ratio(3, 4), Ratio(1, 2))
    assert lines.plus(both) == Counts(Ratio(4, 6), Ratio(1, 2))
    assert lines.blended == (1, 2)
    assert both.blended == (4, 6)


def test_a_record_decodes_only_when_asked():
    calls = []

    def decode(raw: object) -> Detail:
        calls.append(raw)
        return Detail(frozenset({1}))

    record = Record("a", Counts(Ratio(0, 1)), b"raw", decode, lambda _: frozenset({1}))
    assert record.lines == {1}
    assert calls == []
    assert record.detail == Detail(frozenset({1}))
    assert calls == [b"raw"]
