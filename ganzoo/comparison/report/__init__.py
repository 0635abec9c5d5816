"""What a person reads of a comparison: tables, sentences, curves, one page."""
