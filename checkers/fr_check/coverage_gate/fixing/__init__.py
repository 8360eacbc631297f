"""What several fixes of coverage share: which file configures coverage, and where in it."""
