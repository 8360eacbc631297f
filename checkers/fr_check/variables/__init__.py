"""Who sets, passes, documents, renders and reads a variable."""
