"""Files: written whole or not at all, locked, summed, named."""
