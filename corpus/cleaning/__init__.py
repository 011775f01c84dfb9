"""Raw lines and parts become clean text that keeps its way back to the source."""
