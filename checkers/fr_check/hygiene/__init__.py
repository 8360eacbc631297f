"""Rules about fr-check's own directives: exceptions must be needed, and must name what exists."""
