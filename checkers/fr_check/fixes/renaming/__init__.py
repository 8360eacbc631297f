"""`fr-check rename OLD NEW`: a variable gets another name in every place that is understood; the others are told."""
