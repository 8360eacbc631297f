"""Many states of one repository, one story: what came when, how long it stayed, and what is still there."""
