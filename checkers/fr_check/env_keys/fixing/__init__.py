"""What several rules' fixes share: which file may be edited, and how its lines are written."""
