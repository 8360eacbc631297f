"""What rules may conclude from a process, and what they tell its owner to write."""
