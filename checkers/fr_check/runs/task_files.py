"""The files in which each task runner finds its tasks, in the order in which it looks."""

from __future__ import annotations

TASK_FILES: dict[str, tuple[str, ...]] = {
    "make": ("GNUmakefile", "makefile", "Makefile"),
    "package": ("package.json",),
    "packages": ("package.json",),
    "just": ("justfile", "Justfile", ".justfile", "JUSTFILE"),
    "task": ("Taskfile.yml", "Taskfile.yaml", "Taskfile.dist.yml", "pyproject.toml"),
    "invoke": ("tasks.py",),
    "inv": ("tasks.py",),
    "moon": ("moon.yml",),
    "rake": ("Rakefile",),
    "nox": ("noxfile.py",),
    "tox": ("tox.ini", "setup.cfg", "pyproject.toml", "tox.toml"),
    "mise": ("mise.toml", ".mise.toml"),
    "poe": ("pyproject.toml",),
    "pyproject": ("pyproject.toml",),
    "hooks": (".pre-commit-config.yaml",),
}
"""By the kind of a call, or the name of a program whose tasks are not read."""
