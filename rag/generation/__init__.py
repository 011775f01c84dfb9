"""Answers composed by a language model, each sentence checked by code before it is shown."""
