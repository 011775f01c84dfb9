"""Whether a sentence says no more and no less than the passage that is quoted for it."""
