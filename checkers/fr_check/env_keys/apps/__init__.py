"""The files of each backend, found and read."""
