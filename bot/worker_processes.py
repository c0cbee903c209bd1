"""Copies of this process that work side by side, each on its own core, one job at a time.

They are forked from what is loaded already: they start at once and share its memory.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import pickle
import select
import signal
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from zlib import crc32

logger = logging.getLogger(__name__)

Work = Callable[[Any], Any]

_LENGTH = struct.Struct("!Q")
_NUMBER = struct.Struct("!H")
_CHUNK_BYTES = 256 * 1024
# A process that ends over and over must not take all the machine's time.
_PAUSE_SECONDS = 1.0
# A job that waited this long goes to whichever process is free first.
_LOYALTY_SECONDS = 0.25


class WorkerEnded(RuntimeError):
    """The process that had the job ended before it answered."""


@dataclass(eq=False)
class _Worker:
    """The server's end of the line to a process; ``number`` stays with its successor."""

    number: int
    line: socket.socket
    busy: bool = False
    ended: bool = False

    def is_there(self) -> bool:
        """Whether it waits for a job: of one that has none, nothing can be heard but its end."""
        try:
            self.ended = not self.line.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            pass
        except OSError:
            self.ended = True
        return not self.ended

    async def carry_out(self, job: bytes) -> Any:
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(self.line, _LENGTH.pack(len(job)) + job)
            return pickle.loads(await self._answer(loop))  # noqa: S301 - from a copy of this process
        except (OSError, EOFError):
            self.ended = True
            raise WorkerEnded from None

    async def _answer(self, loop: asyncio.AbstractEventLoop) -> bytes:
        received = bytearray()
        awaited = _LENGTH.size
        while len(received) < awaited:
            chunk = await loop.sock_recv(self.line, _CHUNK_BYTES)
            if not chunk:
                raise EOFError
            received += chunk
            if len(received) >= _LENGTH.size:
                awaited = _LENGTH.size + _LENGTH.unpack_from(received)[0]
        return bytes(received[_LENGTH.size :])


@dataclass(eq=False)
class _Waiting:
    """A job for which no process is free; ``number`` is the one that had its key before."""

    number: int
    since: float
    worker: asyncio.Future[_Worker]


class WorkerProcesses:
    """Carries out jobs in copies of this process.

    Jobs with the same key go to the same process as long as it is not much busier than the
    others. One that ends is replaced; all end with this process.

    Args:
        work: carries out one job in such a process; job and result have to be picklable, and it
            must not raise.
        at_end: called in each of them before it ends.
    """

    def __init__(self, work: Work, at_end: Callable[[], None] | None = None) -> None:
        self._work = work
        self._at_end = at_end
        self._count = 0
        self._control: socket.socket | None = None
        self._listening = False
        self._workers: dict[int, _Worker] = {}
        self._waiting: deque[_Waiting] = deque()

    @property
    def running(self) -> bool:
        """Whether there is anybody to give jobs to."""
        return self._control is not None or bool(self._workers)

    def start(self, count: int) -> None:
        """Fork ``count`` processes; to be called before this one has threads or an event loop."""
        self._count = count
        self._control, theirs = socket.socketpair()
        if os.fork() == 0:
            with _nothing_afterwards():
                self._control.close()
                _leave_signals_to_the_server()
                self._replace_whoever_ends(theirs)
        theirs.close()
        self._control.setblocking(False)

    async def run(self, key: str, job: Any) -> Any:
        """What ``work`` gives for this job.

        Raises:
            WorkerEnded: the process ended meanwhile; how far it came is unknown.
        """
        packed = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        self._listen()
        worker = await self._free_worker(crc32(key.encode()) % self._count)
        try:
            return await worker.carry_out(packed)
        finally:
            self._release(worker)

    def close(self) -> None:
        """Let the processes end once they have done what they are doing."""
        if self._control is not None:
            self._stop_listening(self._control)
        for worker in self._workers.values():
            worker.line.close()
        self._workers.clear()

    # In the server

    def _listen(self) -> None:
        if self._control is not None and not self._listening:
            asyncio.get_running_loop().add_reader(self._control, self._welcome)
            self._listening = True

    def _welcome(self) -> None:
        """Take the line to a process that was forked."""
        if self._control is None:
            return
        message, lines, _, _ = socket.recv_fds(self._control, _NUMBER.size, 1)
        if not lines:
            logger.error("Worker processes that end are not replaced any more")
            self._stop_listening(self._control)
            return
        line = socket.socket(fileno=lines[0])
        line.setblocking(False)
        worker = _Worker(_NUMBER.unpack(message)[0], line, busy=True)
        self._workers[worker.number] = worker
        self._release(worker)

    def _stop_listening(self, control: socket.socket) -> None:
        if self._listening:
            asyncio.get_running_loop().remove_reader(control)
        control.close()
        self._control = None

    async def _free_worker(self, number: int) -> _Worker:
        idle = [worker for worker in self._workers.values() if not worker.busy]
        idle.sort(key=lambda worker: worker.number != number)
        for worker in idle:
            if worker.is_there():
                worker.busy = True
                return worker
            self._release(worker)
        waiting = _Waiting(number, time.monotonic(), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        return await waiting.worker

    def _release(self, worker: _Worker) -> None:
        if worker.ended:
            worker.line.close()
            if self._workers.get(worker.number) is worker:
                del self._workers[worker.number]
            return
        waiting = self._next_for(worker.number)
        if waiting is None:
            worker.busy = False
        else:
            waiting.worker.set_result(worker)

    def _next_for(self, number: int) -> _Waiting | None:
        while self._waiting and self._waiting[0].worker.done():
            self._waiting.popleft()
        if not self._waiting:
            return None
        found = self._waiting[0]
        if time.monotonic() - found.since < _LOYALTY_SECONDS:
            own = (each for each in self._waiting if each.number == number)
            found = next((each for each in own if not each.worker.done()), found)
        self._waiting.remove(found)
        return found

    # In the processes

    def _replace_whoever_ends(self, control: socket.socket) -> None:
        """Fork the processes, and a new one for each that ends, until the server is gone."""
        numbers = {self._fork(number, control): number for number in range(self._count)}
        while True:
            number = numbers.pop(os.wait()[0])
            if _is_closed(control, _PAUSE_SECONDS):
                return
            numbers[self._fork(number, control)] = number

    def _fork(self, number: int, control: socket.socket) -> int:
        ours, theirs = socket.socketpair()
        process = os.fork()
        if process == 0:
            with _nothing_afterwards():
                control.close()
                theirs.close()
                self._serve(ours)
        ours.close()
        socket.send_fds(control, [_NUMBER.pack(number)], [theirs.fileno()])
        theirs.close()
        return process

    def _serve(self, line: socket.socket) -> None:
        gc.freeze()
        with suppress(OSError, EOFError):
            while True:
                job = pickle.loads(_received(line))  # noqa: S301 - from the server it is a copy of
                result = pickle.dumps(self._work(job), pickle.HIGHEST_PROTOCOL)
                line.sendall(_LENGTH.pack(len(result)) + result)
        if self._at_end is not None:
            self._at_end()


def _received(line: socket.socket) -> bytes:
    return _exactly(line, _LENGTH.unpack(_exactly(line, _LENGTH.size))[0])


def _exactly(line: socket.socket, count: int) -> bytes:
    received = bytearray()
    while len(received) < count:
        chunk = line.recv(min(count - len(received), _CHUNK_BYTES))
        if not chunk:
            raise EOFError
        received += chunk
    return bytes(received)


def _is_closed(control: socket.socket, seconds: float) -> bool:
    """Whether the other end is closed, or is within these seconds; nothing is ever sent on it."""
    readable, _, _ = select.select([control], [], [], seconds)
    return bool(readable)


@contextmanager
def _nothing_afterwards() -> Iterator[None]:
    """What a copy does ends here, whatever happens: it never goes on as a second server."""
    try:
        yield
    except BaseException as error:
        # Its text may hold what a person typed.
        logger.error("A worker process ended: %s", type(error).__name__)
    finally:
        os._exit(0)


def _leave_signals_to_the_server() -> None:
    # Whoever stops a whole group of processes must not cut off a turn: these end with the server.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
