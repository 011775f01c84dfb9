"""The web server around the pages: who asks, what a page may load, and the original documents."""

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from corpus.errors import KordonError
from index.records import DocumentRecord
from rag.ui.addresses import ORIGINAL, PICTURE
from rag.ui.page_images import page_image
from rag.ui.problems import sentence
from rag.ui.readers import COOKIE, is_name, new_name

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = Path(__file__).with_name("entry.py")
YEAR = 365 * 24 * 3600
KEEP = "private, max-age=86400, immutable"
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
    try:
        record, file = _kept(request)
    except KordonError as error:
        return PlainTextResponse(str(error), 404)
    name = record.path.rsplit("/", 1)[-1]
    if record.format == "pdf" and "download" not in request.query_params:
        return FileResponse(
            file, media_type="application/pdf", filename=name, content_disposition_type="inline"
        )
    return FileResponse(file, media_type="application/octet-stream", filename=name)


def picture(request: Request) -> Response:
    """A page of a PDF document as a picture. A document's id is a hash of its content, so that
    the browser may keep what it has once seen."""
    try:
        _, file = _kept(request)
        data = page_image(file, int(request.path_params["page"]))
    except KordonError as error:
        return PlainTextResponse(str(error), 404)
    return Response(data, media_type="image/png", headers={"Cache-Control": KEEP})


def _kept(request: Request) -> tuple[DocumentRecord, Path]:
    """The document that is asked for and its file. Raises `KordonError` when there is none."""
    from rag.ui.service import kordon

    with kordon().reader() as reader:
        document = str(request.path_params["document"])
        return reader.document(document), reader.source_path(document)


def shown(error: Exception) -> bool:
    """Show an error that reached Streamlit (from a callback or a fragment) as one sentence."""
    import streamlit as st

    from rag.ui.i18n import Translator
    from rag.ui.markup import notice

    st.html(notice(sentence(error, Translator(st.session_state.get("language", "en")))))
    return True


def routes() -> list[BaseRoute]:
    """What is served beside the pages."""
    methods = ["GET", "HEAD"]
    return [
        Route(ORIGINAL + "/{document}", original, methods=methods),
        Route(PICTURE + "/{document}/{page:int}", picture, methods=methods),
    ]


def middleware() -> list[Middleware]:
    """What every request passes."""
    return [Middleware(Guard)]
