"""Finds [tool.fr-check] and reads it; the schema of each checker's table, one file a checker."""
