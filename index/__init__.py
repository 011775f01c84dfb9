"""Pages in, searchable index out: chunking, encoders, stores, generations, search."""
