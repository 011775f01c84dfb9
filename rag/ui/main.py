"""What `kordon app` gives to `streamlit run`."""

from streamlit import App

from rag.ui.server import SCRIPT, middleware, routes, shown

app = App(SCRIPT, routes=routes(), middleware=middleware(), on_script_error=shown)
