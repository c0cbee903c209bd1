"""Handing over to a folder: an application is there completely or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
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
        place = self._folder / parcel.reference
        if not place.exists():
            self._put(parcel, place)
        _require_same(place, parcel)
        self._sweep(parcel.reference)

    def _put(self, parcel: Parcel, place: Path) -> None:
        growing = self._temporary(parcel.reference)
        try:
            _write(growing, parcel)
            # Unlike a move, this never replaces or nests into a folder that holds something.
            os.rename(growing, place)  # noqa: PTH104
        except OSError:
            # Another attempt at the same moment may have been faster.
            if not place.exists():
                raise
        finally:
            shutil.rmtree(growing, ignore_errors=True)
        sync_folder(self._folder)

    def _sweep(self, reference: str) -> None:
        """Remove what attempts left behind that ended with their process.

        The application must be in place: then nothing that is taken away, or half of it, can
        still get there, and whoever is writing finds it there.
        """
        for left in self._folder.glob(f".{reference}.*"):
            shutil.rmtree(left, ignore_errors=True)

    def _temporary(self, reference: str) -> Path:
        return self._folder / f".{reference}.{secrets.token_hex(8)}"


def _write(folder: Path, parcel: Parcel) -> None:
    folder.mkdir(mode=0o750)
    # Nothing after this line makes the folder itself: were it taken away, it would come back with
    # the remaining files only.
    for subfolder in sorted({(folder / name).parent for name in parcel.files} - {folder}):
        subfolder.mkdir(mode=0o750)
    for name, content in parcel.files.items():
        path = folder / name
        write_synced(path, content)
        path.chmod(0o640)
    for subfolder in {folder, *((folder / name).parent for name in parcel.files)}:
        sync_folder(subfolder)


def _require_same(place: Path, parcel: Parcel) -> None:
    found = {
        path.relative_to(place).as_posix(): sha256(path.read_bytes()).digest()
        for path in place.rglob("*")
        if path.is_file()
    }
    if found != {name: sha256(content).digest() for name, content in parcel.files.items()}:
        raise DifferentContent(parcel.reference)
