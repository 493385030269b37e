"""An address of PostgreSQL that can be lost: what comes over TCP is handed on to the server's own socket."""

import contextlib
import socket
import threading

_PIECE = 64 * 1024


class Forwarder:
    """Listens on loopback until it is closed; then all its connections are cut, and new ones are refused."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Lose the address."""
        # Closing alone would leave the thread in accept().
        for each in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.socket(socket.AF_UNIX)
                self._open |= {near, far}
                far.connect(self._target)
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=_hand_on, args=ends, daemon=True).start()


def _hand_on(come_from: socket.socket, go_to: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := come_from.recv(_PIECE):
            go_to.sendall(piece)
        go_to.shutdown(socket.SHUT_RDWR)
