"""Applies the edits that rules propose: in rounds, each verified, then written whole or not at all."""
