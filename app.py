"""Kordon's interface: `streamlit run app.py` (or `kordon app`, or `make run`)."""

from rag.ui.entry import run

run()
