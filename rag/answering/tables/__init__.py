"""Questions whose answer lies in comparing the rows of a table."""
