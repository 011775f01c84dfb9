"""Text to index terms, for English and Russian in one index."""
