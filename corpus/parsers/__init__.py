"""One parser per format, and the table of them."""
