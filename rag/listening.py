"""Whether the interface can listen where it is told to, tried before it starts."""

import errno
import socket


class CannotListen(Exception):
    """Why not, as one sentence; `taken` when only another program is in the way."""

    def __init__(self, sentence: str, *, taken: bool = False) -> None:
        super().__init__(sentence)
        self.taken = taken


def try_to_listen(address: str, port: int) -> None:
    """Bind as the server would, and let go again. Raises `CannotListen`."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, UnicodeError) as error:
            raise _reason(error, address, port) from error


def _reason(error: OSError | UnicodeError, address: str, port: int) -> CannotListen:
    if isinstance(error, socket.gaierror | UnicodeError) or error.errno == errno.EADDRNOTAVAIL:
        return CannotListen(
            f"{address} is no address of this machine; set app.address to one that is, such as "
            "127.0.0.1."
        )
    if error.errno == errno.EADDRINUSE:
        return CannotListen(
            f"{address}:{port} is taken ({error.strerror}); the interface may be running, or "
            "choose another with app.port.",
            taken=True,
        )
    return CannotListen(
        f"Nothing can listen on {address}:{port} ({error.strerror}); choose another with "
        "app.address or app.port."
    )
