"""Files: read with limits, written whole or not at all, locked, and their checksums."""
