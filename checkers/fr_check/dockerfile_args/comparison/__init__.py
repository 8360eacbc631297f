"""What the readers of public variables and the image builds say together."""
