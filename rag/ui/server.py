"""The web server around the pages: who asks, what a page may load, and the original documents."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from corpus.errors import KordonError
from rag.ui.problems import sentence
from rag.ui.readers import COOKIE, is_name, new_name

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = Path(__file__).with_name("entry.py")
ORIGINAL = "/original"
YEAR = 365 * 24 * 3600
# Even if a text of a document were taken for markup, it could load and reach nothing elsewhere.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
_DIGEST = re.compile("[0-9a-f]{16}")


class Guard:
    """Names the browsers that have no name yet and tells them to load from here only."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """One request; what is no page passes as it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        known = is_name(HTTPConnection(scope).cookies.get(COOKIE, ""))

        async def sent(message: "Message") -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                is_page = headers.get("content-type", "").startswith("text/html")
                if is_page:
                    headers.setdefault("Content-Security-Policy", POLICY)
                if not known and (is_page or message["status"] == 304):
                    headers.append("Set-Cookie", _cookie(scope))
            await send(message)

        await self.app(scope, receive, sent)


def _cookie(scope: "Scope") -> str:
    """A new name. Lax, so that a link in a mail opens the reader's own chats."""
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{COOKIE}={new_name()}; Path=/; Max-Age={2 * YEAR}; HttpOnly; SameSite=Lax{secure}"


def original(request: Request) -> Response:
    """The kept copy of a document: a PDF opens in the browser, all else is only downloaded."""
    from rag.ui.service import kordon

    digest = str(request.path_params["document"])
    if not _DIGEST.fullmatch(digest):
        return PlainTextResponse("There is no such document.", 404)
    try:
        with kordon().reader() as reader:
            record = reader.document(digest)
            file = reader.source_path(digest)
    except KordonError as error:
        return PlainTextResponse(str(error), 404)
    name = record.path.rsplit("/", 1)[-1]
    if record.format == "pdf" and "download" not in request.query_params:
        return FileResponse(
            file, media_type="application/pdf", filename=name, content_disposition_type="inline"
        )
    return FileResponse(file, media_type="application/octet-stream", filename=name)


def original_address(document_id: str, page: int = 0, *, download: bool = False) -> str:
    """Where the browser gets an original; with `page`, a PDF opens at that page."""
    place = f"{ORIGINAL}/{document_id}"
    if download:
        return f"{place}?download=1"
    return f"{place}#page={page}" if page else place


def shown(error: Exception) -> bool:
    """Show an error that reached Streamlit (from a callback or a fragment) as one sentence."""
    import streamlit as st

    from rag.ui.i18n import Translator
    from rag.ui.markup import notice

    st.html(notice(sentence(error, Translator(st.session_state.get("language", "en")))))
    return True


def routes() -> list[BaseRoute]:
    """What is served beside the pages."""
    return [Route(ORIGINAL + "/{document}", original, methods=["GET", "HEAD"])]


def middleware() -> list[Middleware]:
    """What every request passes."""
    return [Middleware(Guard)]
