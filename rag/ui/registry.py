"""The pages, in the order in which they are offered; navigation and tests are driven by this.

A page is one line here, a function `show(say: Translator) -> None` in `rag/ui/views/KEY.py`, and
the strings `nav.KEY` (its name in the navigation) and `KEY.title` (its heading). Its other strings
stand in `locales/{en,ru}/KEY.json`, their keys beginning with `KEY.`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pkgutil import resolve_name

from rag.ui.i18n import Translator


@dataclass(frozen=True, slots=True)
class View:
    """A page: its name in addresses and strings, its icon, and "module:function"."""

    key: str
    icon: str
    place: str

    def load(self) -> Callable[[Translator], None]:
        """The function that shows the page."""
        function: Callable[[Translator], None] = resolve_name(self.place)
        return function


VIEWS = (
    View("ask", ":material/forum:", "rag.ui.views.ask:show"),
    View("search", ":material/search:", "rag.ui.views.search:show"),
    View("documents", ":material/folder_open:", "rag.ui.views.documents:show"),
    View("quality", ":material/monitoring:", "rag.ui.views.quality:show"),
    View("about", ":material/info:", "rag.ui.views.about:show"),
)
