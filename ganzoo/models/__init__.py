"""Kinds of model: what their networks are, and who learns what from a batch."""
