"""Drives every reader, and whole runs, with mutated input: whatever stands in a file, nothing raises, hangs or leaks.

`make fuzz` runs it for FUZZ_SECONDS (300) and keeps what failed in tests/corpus/, which the tests replay ever after.
"""
