"""Encoders turn texts into vectors. The contract stands here; one provider per file."""
