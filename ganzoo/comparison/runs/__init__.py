"""The runs of a comparison: which there are, where they are trained, and their folder."""
