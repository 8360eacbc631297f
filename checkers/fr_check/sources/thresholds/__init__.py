"""Where a coverage threshold can be declared, one file a family of places; `model` holds what they all return."""
