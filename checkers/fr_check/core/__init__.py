"""What every checker stands on: plain data, the repository as a value, git, configuration, the engine."""
