"""Answers without a language model: quoted sentences, or a refusal that says why."""
