"""A page in the browser that plays exported generators: it writes, walks and mixes."""
