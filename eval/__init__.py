"""How good is it: datasets, measures, significance, the runner and its reports."""
