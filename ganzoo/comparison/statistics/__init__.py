"""What the runs of a comparison show over their seeds."""
