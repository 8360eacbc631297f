"""`fr-check add KEY`: a new variable in every place that a project keeps it; and what a person has to do besides."""
