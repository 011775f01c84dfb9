"""The stores we ship, by kind and name; a name with a colon loads a third party's class."""

import pkgutil
from pathlib import Path
from typing import Protocol, cast

from corpus.errors import UsageError
from index.stores.base import Part

STORES: dict[str, dict[str, str]] = {
    "vectors": {
        "faiss": "index.stores.faiss_store:FaissStore",
        "inverted": "index.stores.faiss_store:InvertedStore",
        "exact": "index.stores.exact:ExactStore",
    },
    "terms": {"tantivy": "index.stores.tantivy_store:TantivyStore"},
    "tokens": {"signs": "index.stores.tokens_store:SignTokenStore"},
}
KINDS = tuple(STORES)


class PartClass(Protocol):
    """A class of the table."""

    revision: str

    def open(self, folder: Path, *, writable: bool) -> Part:
        """Open the part in its folder."""
        ...


def store_class(kind: str, name: str) -> PartClass:
    """The class behind a name of the table or "package.module:Class". Raises `UsageError`."""
    spec = STORES[kind].get(name, name)
    if ":" not in spec:
        known = ", ".join(sorted(STORES[kind]))
        raise UsageError(f"There is no {kind} store {name!r}; use one of: {known}.")
    try:
        found = pkgutil.resolve_name(spec)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            f"The {kind} store {spec!r} does not load ({error}); correct index.{kind}."
        ) from error
    if not (hasattr(found, "revision") and hasattr(found, "open")):
        raise UsageError(f"{spec!r} is no store of {kind}; correct index.{kind}.")
    return cast(PartClass, found)
