"""Is a difference real: paired tests, intervals, corrections, and what a set can show at all."""
