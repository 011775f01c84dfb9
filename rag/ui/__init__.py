"""The Streamlit interface: views show, the modules beside them know."""
