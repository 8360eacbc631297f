"""fr-check: policy checkers for FastAPI, Next.js, Compose, GitHub Actions and an infrastructure submodule."""

__version__ = "0.1.0"
