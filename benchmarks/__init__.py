"""Measurements of fr-check beside other tools, in one run: `python -m benchmarks [NAME ...]`."""
