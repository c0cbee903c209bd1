"""Handing over to a folder: an application is there completely or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from bot.handoff.parcel import Parcel
from bot.storage.durable_files import sync_folder, write_synced


class DifferentContent(Exception):
    """The folder of this reference holds something else; it is left as it is."""


class FolderDestination:
    """Puts each application into ``<folder>/<reference>/``.

    It is written next to its place, under a name that begins with a dot, and then renamed. Whoever
    collects the applications must be able to read what the group of this process can read.
    """

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, parcel: Parcel) -> None:
        """
        Raises:
            OSError: the disk is full or the folder away; nothing is at the application's place.
            DifferentContent: something else is there; nothing was changed.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep(parcel.reference)
        place = self._folder / parcel.reference
        if place.exists():
            _require_same(place, parcel)
            return
        growing = self._temporary(parcel.reference)
        try:
            _write(growing, parcel)
            _put_in_place(growing, place, parcel)
        finally:
            shutil.rmtree(growing, ignore_errors=True)
        sync_folder(self._folder)

    def _sweep(self, reference: str) -> None:
        """Remove what an attempt left behind that ended with its process."""
        for left in self._folder.glob(f".{reference}.*"):
            # Should that attempt be alive after all, either it puts its folder in place or we take
            # it away. Emptying it under its name could empty what was just put in place.
            doomed = self._temporary(reference)
            with suppress(FileNotFoundError):
                left.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)

    def _temporary(self, reference: str) -> Path:
        return self._folder / f".{reference}.{secrets.token_hex(8)}"


def _write(folder: Path, parcel: Parcel) -> None:
    folder.mkdir(mode=0o750)
    for name, content in parcel.files.items():
        path = folder / name
        if not path.parent.exists():
            path.parent.mkdir(mode=0o750)
        write_synced(path, content)
        path.chmod(0o640)
    for subfolder in {(folder / name).parent for name in parcel.files}:
        sync_folder(subfolder)


def _put_in_place(growing: Path, place: Path, parcel: Parcel) -> None:
    try:
        # Unlike a move, this never replaces or nests into a folder that holds something.
        os.rename(growing, place)  # noqa: PTH104
    except OSError:
        if not place.exists():
            raise
        _require_same(place, parcel)


def _require_same(place: Path, parcel: Parcel) -> None:
    found = {
        path.relative_to(place).as_posix(): sha256(path.read_bytes()).digest()
        for path in place.rglob("*")
        if path.is_file()
    }
    if found != {name: sha256(content).digest() for name, content in parcel.files.items()}:
        raise DifferentContent(parcel.reference)
