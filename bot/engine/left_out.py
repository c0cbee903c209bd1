"""Rasa's TensorFlow components, left out of a training that uses none of Rasa's components.

Rasa's recipe imports every component there is before it trains any. TensorFlow alone takes as
long to import as this project's model takes to train.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Optional

OWN_COMPONENTS = "bot."
TENSORFLOW_COMPONENTS = {
    "rasa.core.policies.ted_policy": "TEDPolicy",
    "rasa.core.policies.unexpected_intent_policy": "UnexpecTEDIntentPolicy",
    "rasa.nlu.classifiers.diet_classifier": "DIETClassifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": "ConveRTFeaturizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": "LanguageModelFeaturizer",
    "rasa.nlu.selectors.response_selector": "ResponseSelector",
}


def leave_out_unused(config: Mapping[str, Any]) -> bool:
    """Put empty classes in place of Rasa's TensorFlow components.

    Nothing is left out, and ``False`` returned, if ``config`` names one of Rasa's own components
    or leaves the choice to Rasa.
    """
    pipeline, policies = config.get("pipeline"), config.get("policies")
    if not pipeline or not policies:
        return False
    if not all(each["name"].startswith(OWN_COMPONENTS) for each in [*pipeline, *policies]):
        return False
    sys.meta_path.insert(0, _LeftOut())
    return True


class _LeftOut(MetaPathFinder, Loader):
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
