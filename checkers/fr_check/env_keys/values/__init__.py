"""What the text of a variable becomes when pydantic reads it."""
