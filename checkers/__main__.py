"""Lets `python -m checkers` stand for `fr-check`."""

from checkers.cli import main

main()
