"""Where an edit goes and what it looks like: places, styles of a line, one module a format. Pure."""
