"""Training: the loop, its run folder, its checkpoints and what it shows."""
