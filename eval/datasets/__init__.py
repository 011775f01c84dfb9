"""Loaders: each reads one form, checks it row by row, and returns a `Dataset`."""
