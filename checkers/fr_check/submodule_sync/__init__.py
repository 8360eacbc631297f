"""submodule-sync: no pointer goes back, none goes astray."""
