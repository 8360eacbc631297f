"""Text in, facts out: one module a format. Sources are pure, total, and say what they could not read."""
