"""Questions about the collection itself, answered from the catalogue of documents."""
