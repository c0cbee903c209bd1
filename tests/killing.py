"""Ending a process with SIGKILL at every step that leaves a trace outside of it."""

from __future__ import annotations

import inspect
import os
import signal
from collections.abc import Callable

from bot.handoff import folder as folder_module
from bot.storage import database as database_module
from bot.storage import durable_files


class Kill:
    """Ends the process at the nth step."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap(self, owner: object, name: str) -> None:
        """Make one step before and one after each call."""
        original = getattr(owner, name)

        def counted(*args, **options):
            self.step()
            result = original(*args, **options)
            self.step()
            return result

        async def awaited(*args, **options):
            self.step()
            result = await original(*args, **options)
            self.step()
            return result

        setattr(owner, name, awaited if inspect.iscoroutinefunction(original) else counted)

    def wrap_storage(self) -> None:
        """Every statement, every commit and every file."""
        self.wrap(database_module.Transaction, "execute")
        self.wrap(database_module.Transaction, "committed")
        self.wrap(durable_files, "sync_folder")
        self.wrap(durable_files, "write_synced")
        self.wrap(folder_module, "write_synced")
        self.wrap(folder_module.os, "rename")


def killed_at(step: int, action: Callable[[Kill], object]) -> bool:
    """Run ``action`` in a process of its own that is killed at ``step``; whether it got there."""
    child = os.fork()
    if child == 0:
        try:
            kill = Kill(step)
            kill.wrap_storage()
            action(kill)
        except BaseException:
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False
