"""Measures: one per short file, each with its source. A failed question scores zero."""
