"""Copies of this process that work side by side, so that they use every core, one job at a time.

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
from dataclasses import dataclass, field
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
# The next job waits at the process while it has one: else it would wait for the next each time.
_MOST_JOBS = 2


class WorkerEnded(RuntimeError):
    """The process that had the job ended before it answered, or there is none any more."""


@dataclass(eq=False)
class _Worker:
    """The server's end of the line to a process; ``number`` stays with its successor.

    ``since`` is when it came (monotonic seconds), ``awaited`` are the results that are not there
    yet, in the order of their jobs.
    """

    number: int
    line: socket.socket
    since: float = field(default_factory=time.monotonic)
    ended: bool = False
    jobs: int = 0
    awaited: deque[asyncio.Future[bytes]] = field(default_factory=deque)
    _received: bytearray = field(default_factory=bytearray)
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def carry_out(self, job: bytes) -> Any:
        loop = asyncio.get_running_loop()
        result: asyncio.Future[bytes] = loop.create_future()
        try:
            async with self._sending:
                if self.ended:
                    raise WorkerEnded
                self.awaited.append(result)
                await loop.sock_sendall(self.line, _LENGTH.pack(len(job)) + job)
        except OSError:
            self.end()
        return pickle.loads(await result)  # noqa: S301 - from a copy of this process

    def hear(self) -> None:
        """Take what has arrived; call when something has."""
        try:
            chunk = self.line.recv(_CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self.end()
            return
        self._received += chunk
        while (result := _first_of(self._received)) is not None:
            awaited = self.awaited.popleft()
            if not awaited.done():
                awaited.set_result(result)

    def end(self) -> None:
        """Give up what was not answered."""
        if self.ended:
            return
        self.ended = True
        asyncio.get_running_loop().remove_reader(self.line)
        for awaited in self.awaited:
            if not awaited.done():
                awaited.set_exception(WorkerEnded())
        if not self.jobs:
            self.line.close()


def _first_of(received: bytearray) -> bytes | None:
    """Take the first whole result, if there is one."""
    if len(received) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(received)[0]
    if len(received) < end:
        return None
    result = bytes(received[_LENGTH.size : end])
    del received[:end]
    return result


@dataclass(eq=False)
class _Waiting:
    """A job for which no process is free; ``number`` is the one that had its key before.

    ``since`` is when it came, ``after`` when its process has to have come (monotonic seconds).
    """

    number: int
    after: float
    worker: asyncio.Future[_Worker]
    since: float = field(default_factory=time.monotonic)

    def suits(self, worker: _Worker) -> bool:
        """Whether this process may have the job."""
        return not worker.ended and worker.since >= self.after


class WorkerProcesses:
    """Carries out jobs in copies of this process.

    Jobs with the same key go to the same process as long as it is not much busier than the
    others. One that ends is replaced and its job done again; all end with this process.

    Args:
        work: carries out one job in such a process; job and result have to be picklable, it must
            not raise, and doing it again must be safe.
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
            WorkerEnded: two processes ended over it, or there is none any more; how far it came is
                unknown.
        """
        packed = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        number = crc32(key.encode()) % self._count
        self._listen()
        try:
            return await self._carried_out(number, packed, after=0)
        except WorkerEnded:
            logger.error("A worker process ended in the middle of a job; it is done again")
        # What ended one process may have ended the others, and it takes a while to be noticed.
        return await self._carried_out(number, packed, after=time.monotonic())

    async def _carried_out(self, number: int, packed: bytes, after: float) -> Any:
        worker = await self._worker_for(number, after)
        try:
            return await worker.carry_out(packed)
        finally:
            self._release(worker)

    def close(self) -> None:
        """Let the processes end once they have done what they are doing."""
        if self._control is not None:
            self._stop_listening(self._control)
        for worker in self._workers.values():
            worker.end()
        self._workers.clear()
        self._make_do()

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
        worker = _Worker(_NUMBER.unpack(message)[0], line)
        self._workers[worker.number] = worker
        asyncio.get_running_loop().add_reader(line, self._hear, worker)
        self._employ(worker)

    def _hear(self, worker: _Worker) -> None:
        worker.hear()
        if worker.ended and self._workers.get(worker.number) is worker:
            del self._workers[worker.number]
            self._make_do()

    def _stop_listening(self, control: socket.socket) -> None:
        if self._listening:
            asyncio.get_running_loop().remove_reader(control)
        control.close()
        self._control = None
        self._make_do()

    def _make_do(self) -> None:
        """Where no process comes any more, those that are left get what waits."""
        if self._control is not None:
            return
        for waiting in self._waiting:
            waiting.after = 0
        for worker in self._workers.values():
            self._employ(worker)
        while not self._workers and self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.worker.done():
                waiting.worker.set_exception(WorkerEnded())

    async def _worker_for(self, number: int, after: float) -> _Worker:
        waiting = _Waiting(number, after, asyncio.get_running_loop().create_future())
        there = [worker for worker in self._workers.values() if waiting.suits(worker)]
        own = next((worker for worker in there if worker.number == number), None)
        idle = [worker for worker in there if not worker.jobs]
        worker = idle[0] if idle and own not in idle else own
        if worker is not None and worker.jobs < _MOST_JOBS:
            worker.jobs += 1
            return worker
        self._waiting.append(waiting)
        self._make_do()
        return await waiting.worker

    def _release(self, worker: _Worker) -> None:
        worker.jobs -= 1
        if not worker.ended:
            self._employ(worker)
        elif not worker.jobs:
            worker.line.close()

    def _employ(self, worker: _Worker) -> None:
        """Give the process what is waiting: its own first, nothing else beside another job."""
        while worker.jobs < _MOST_JOBS and (waiting := self._next_for(worker)) is not None:
            self._waiting.remove(waiting)
            worker.jobs += 1
            waiting.worker.set_result(worker)

    def _next_for(self, worker: _Worker) -> _Waiting | None:
        wanted = [each for each in self._waiting if not each.worker.done() and each.suits(worker)]
        if not wanted:
            return None
        if time.monotonic() - wanted[0].since >= _LOYALTY_SECONDS:
            return wanted[0]
        own = (each for each in wanted if each.number == worker.number)
        return next(own, None if worker.jobs else wanted[0])

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
