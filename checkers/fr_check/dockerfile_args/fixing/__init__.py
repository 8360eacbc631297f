"""Edits of builds that are more than a line of their rule."""
