"""What `kordon app` gives to `streamlit run`."""

from streamlit import App

from rag.ui.server import SCRIPT, middleware, routes, shown
from rag.ui.warm import lifespan

app = App(
    SCRIPT, lifespan=lifespan, routes=routes(), middleware=middleware(), on_script_error=shown
)
