"""What of a Python module can run, as coverage.py counts it: statements, and the branches between them."""
