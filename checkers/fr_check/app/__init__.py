"""The command line and what it starts: one run, the demo, the manual. The only package that imports click."""
