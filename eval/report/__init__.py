"""Reports: one self-contained page, the table of `docs/benchmarks.md`, and tables on a terminal."""
