"""Everything that touches disk and git: the working tree, the index, commits, submodules, their history."""
