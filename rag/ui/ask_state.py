"""What one session of the page "Ask" holds, and what can be done with it; no widgets here."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.ui.chats import Chat, ChatStore, Turn, Verdict, new_chat, new_id
from rag.ui.feedback import keep_verdict
from rag.ui.source import Mention


@dataclass(slots=True)
class Wish:
    """A question that is to be asked in the turn `turn_id`, which exists if it is asked `again`."""

    question: str
    turn_id: str
    again: bool


@dataclass(slots=True)
class Desk:
    """The open chat, the source that lies beside it, and what is to be asked next.

    `failed` is the last question that could not be asked, with the sentence that says why.
    """

    home: Path
    store: ChatStore
    chat: Chat = field(default_factory=new_chat)
    open: Mention | None = None
    wish: Wish | None = None
    failed: tuple[str, str] | None = None

    def start(self) -> None:
        """Begin a new chat; the old one stays in the list."""
        self._put(new_chat())

    def reopen(self, chat_id: str) -> None:
        """Go on with a kept chat; a new one when it is gone."""
        self._put(self.store.load(chat_id) or new_chat())

    def rename(self, title: str) -> None:
        """Give the chat a title. Raises `OSError` where the home cannot be written."""
        self._keep(self._latest().renamed(title))

    def delete(self) -> None:
        """Forget the chat for good and begin a new one."""
        self.store.delete(self.chat.id)
        self.start()

    def show(self, mention: Mention) -> None:
        """Lay a source beside the chat."""
        self.open = mention

    def close(self) -> None:
        """Put the source away."""
        self.open = None

    def ask(self, question: str, turn_id: str = "") -> None:
        """Ask this when the page is drawn next, in place of an earlier turn if one is named."""
        if question.strip():
            self.wish = Wish(question.strip(), turn_id or new_id(), bool(turn_id))
            self.failed = None
            self.open = None

    def answered(self, turn: Turn) -> None:
        """Put the turn into the chat and keep the chat. Raises `OSError`."""
        self.wish = None
        self._keep(self._latest().with_turn(turn))

    def refused(self, question: str, sentence: str) -> None:
        """The question could not be asked."""
        self.wish = None
        self.failed = (question, sentence)

    def judge(self, turn_id: str, verdict: Verdict, reason: str = "") -> None:
        """Keep what the reader says of an answer. Raises `OSError`."""
        turn = next((one for one in self.chat.turns if one.id == turn_id), None)
        if turn is None or (turn.verdict, turn.reason) == (verdict, reason):
            return
        judged = replace(turn, verdict=verdict, reason=reason)
        self._keep(self._latest().with_turn(judged))
        if verdict:
            keep_verdict(self.home, judged)

    def _put(self, chat: Chat) -> None:
        self.chat, self.open, self.wish, self.failed = chat, None, None, None

    def _latest(self) -> Chat:
        """The chat with what another window of the same reader has put into it."""
        return self.store.load(self.chat.id) or self.chat

    def _keep(self, chat: Chat) -> None:
        self.chat = chat
        if chat.turns:
            self.store.save(chat)
