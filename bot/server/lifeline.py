"""A child process that ends when the process that started it is gone, however that ended."""

from __future__ import annotations

import os
import signal
import threading

GRACE_SECONDS = 10
STANDARD_INPUT = 0


def hold_on() -> None:
    """End this process as soon as standard input, which its parent holds open, is closed."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # Not through sys.stdin, whose lock a waiting thread would hold while Python shuts down.
    while os.read(STANDARD_INPUT, 1024):
        pass
    # A server that is already stopping needs no second signal; one that hangs is ended.
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Timer(GRACE_SECONDS, os._exit, (1,)).start()
