"""Documents in, clean pages out: parsers, cleaning, language, sample documents."""
