"""How good is it: datasets, measures, significance, runner, reports."""
