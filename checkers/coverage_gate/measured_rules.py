"""The rules on measured coverage, in the order of the documentation: figures first, then trust in the data."""

from checkers.coverage_gate import (
    coverage_below_threshold,
    coverage_dropped,
    file_below_floor,
    group_below_threshold,
    incomplete_shards,
    inconsistent_coverage_data,
    loose_rounding,
    missing_coverage_data,
    mixed_coverage_data,
    nothing_measured,
    patch_below_threshold,
    stale_coverage_data,
    truncated_coverage_data,
    unmapped_coverage_data,
    unmatched_group,
    unmeasured_source,
)

RULES = (
    coverage_below_threshold.RULE,
    file_below_floor.RULE,
    group_below_threshold.RULE,
    unmatched_group.RULE,
    patch_below_threshold.RULE,
    coverage_dropped.RULE,
    missing_coverage_data.RULE,
    incomplete_shards.RULE,
    stale_coverage_data.RULE,
    truncated_coverage_data.RULE,
    inconsistent_coverage_data.RULE,
    mixed_coverage_data.RULE,
    unmapped_coverage_data.RULE,
    unmeasured_source.RULE,
    nothing_measured.RULE,
    loose_rounding.RULE,
)
