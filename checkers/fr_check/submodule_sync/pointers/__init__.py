"""Submodule pointers: where they stand, how they moved, how they are registered."""
