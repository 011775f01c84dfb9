"""Writes the sample documents in every format that Kordon reads. A tool for developers only."""
