"""Where images come from: named sets, folders, zip files and NumPy arrays."""
