"""The derived parts of a generation: vectors, terms, token vectors. One provider per file."""
