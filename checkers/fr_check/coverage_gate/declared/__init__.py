"""Which thresholds a repository declares, and which run asks them."""
