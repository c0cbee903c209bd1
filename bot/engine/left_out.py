"""Rasa's TensorFlow components, left out where a model has none of them.

Rasa's recipe and its validator import every component there is, whichever a bot uses. TensorFlow
alone takes as long to import as all the rest, and two thirds of the memory.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, Optional

TENSORFLOW_COMPONENTS = {
    "rasa.core.policies.ted_policy": "TEDPolicy",
    "rasa.core.policies.unexpected_intent_policy": "UnexpecTEDIntentPolicy",
    "rasa.nlu.classifiers.diet_classifier": "DIETClassifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": "ConveRTFeaturizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": "LanguageModelFeaturizer",
    "rasa.nlu.selectors.response_selector": "ResponseSelector",
}


def leave_out_for_training(config: Mapping[str, Any]) -> bool:
    """Leave them out unless ``config`` names one, or leaves the choice to Rasa; whether it did."""
    pipeline, policies = config.get("pipeline"), config.get("policies")
    if not pipeline or not policies:
        return False
    return _leave_out_unless_named(each["name"] for each in [*pipeline, *policies])


def leave_out_for(model: Path) -> bool:
    """Leave them out unless the trained model answers with one; whether it did.

    Raises:
        OSError, tarfile.TarError, ValueError, KeyError: the model cannot be read.
    """
    with tarfile.open(model) as archive:
        name = next(each for each in archive.getnames() if each.endswith("metadata.json"))
        content = archive.extractfile(name)
        if content is None:
            raise ValueError(name)
        nodes = json.load(content)["predict_schema"]["nodes"]
    return _leave_out_unless_named(node["uses"] for node in nodes.values())


def _leave_out_unless_named(names: Iterable[str]) -> bool:
    classes = {name.rpartition(".")[2] for name in names}
    if not classes.isdisjoint(TENSORFLOW_COMPONENTS.values()):
        return False
    if not any(isinstance(finder, _LeftOut) for finder in sys.meta_path):
        sys.meta_path.insert(0, _LeftOut())
    return True


class _LeftOut(MetaPathFinder, Loader):
    """Gives a module with an empty class in place of the component."""

    def find_spec(
        self,
        fullname: str,
        path: Optional[Sequence[str]],
        target: Optional[ModuleType] = None,
    ) -> Optional[ModuleSpec]:
        return ModuleSpec(fullname, self) if fullname in TENSORFLOW_COMPONENTS else None

    def exec_module(self, module: ModuleType) -> None:
        name = TENSORFLOW_COMPONENTS[module.__name__]
        setattr(module, name, type(name, (), {"__module__": module.__name__}))
