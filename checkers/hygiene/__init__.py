"""Rules about fr-check's own directives: exceptions must be needed, and must name what exists."""

from checkers.hygiene import unknown_suppression, unused_allowance, unused_suppression

RULES = (unknown_suppression.RULE, unused_allowance.RULE, unused_suppression.RULE)
