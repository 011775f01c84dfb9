"""Search over one index of English and Russian passages."""
