"""The pages, in the order in which they are offered; navigation and tests are driven by this."""

from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name

from rag.ui.i18n import Translator


@dataclass(frozen=True, slots=True)
class View:
    """A page: its name in addresses and strings ("nav.KEY"), its icon, and "module:function"."""

    key: str
    icon: str
    place: str

    def load(self) -> Callable[[Translator], None]:
        """The function that shows the page."""
        function: Callable[[Translator], None] = resolve_name(self.place)
        return function


VIEWS = (View("ask", ":material/forum:", "rag.ui.views.ask:show"),)
