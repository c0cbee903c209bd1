"""Modules that are found when they are imported and run when something of them is used."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Optional


class _Deferring(MetaPathFinder):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def find_spec(
        self,
        fullname: str,
        path: Optional[Sequence[str]],
        target: Optional[ModuleType] = None,
    ) -> Optional[ModuleSpec]:
        if fullname not in self.names:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is not None and found.loader is not None:
            found.loader = _OnUse(found.loader)
        return found


class _OnUse(Loader):
    """Python's own ``LazyLoader`` runs a module as soon as a second one imports it; this waits."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> Optional[ModuleType]:
        created: Optional[ModuleType] = self._loader.create_module(spec)
        return created

    def exec_module(self, module: ModuleType) -> None:
        def run_and_get(name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            module.__dict__.pop("__getattr__", None)
            self._loader.exec_module(module)
            return getattr(module, name)

        module.__dict__["__getattr__"] = run_and_get


_DEFERRING = _Deferring()


def defer(name: str) -> None:
    """Run the module ``name`` on first use; without effect if it was imported before."""
    _DEFERRING.names.add(name)
    if _DEFERRING not in sys.meta_path:
        sys.meta_path.insert(0, _DEFERRING)
