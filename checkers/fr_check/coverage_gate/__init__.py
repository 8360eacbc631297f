"""fr-check coverage: measured coverage meets thresholds that agree, are wired and were not lowered."""
