"""What coverage data says, and what may be judged of it."""
