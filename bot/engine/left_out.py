"""Rasa's TensorFlow components and stock channels, left out where a bot has none of them.

Rasa imports every component and every channel there is, whichever a bot uses. TensorFlow alone
takes as long as all the rest, and two thirds of the memory; the channels, with the libraries of
their services, a sixth of that rest.
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

STOCK_CHANNELS = {
    f"rasa.core.channels.{name}": channel
    for name, channel in {
        "botframework": "BotFrameworkInput",
        "callback": "CallbackInput",
        "console": "CmdlineInput",
        "facebook": "FacebookInput",
        "hangouts": "HangoutsInput",
        "mattermost": "MattermostInput",
        "rasa_chat": "RasaChatInput",
        "rocketchat": "RocketChatInput",
        "slack": "SlackInput",
        "socketio": "SocketIOInput",
        "telegram": "TelegramInput",
        "twilio": "TwilioInput",
        "twilio_voice": "TwilioVoiceInput",
        "webexteams": "WebexTeamsInput",
    }.items()
}


def leave_out_channels_for(credentials: Iterable[str]) -> bool:
    """Leave them out unless ``credentials`` name any channel of Rasa's; whether it did."""
    if any("." not in name or name.startswith("rasa.") for name in credentials):
        return False
    _leave_out(STOCK_CHANNELS)
    return True


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
    _leave_out(TENSORFLOW_COMPONENTS)
    return True


def _leave_out(classes: Mapping[str, str]) -> None:
    _LEFT_OUT.classes.update(classes)
    if _LEFT_OUT not in sys.meta_path:
        sys.meta_path.insert(0, _LEFT_OUT)


class _LeftOut(MetaPathFinder, Loader):
    """Gives a module with a class that can do nothing in place of the component or channel."""

    def __init__(self) -> None:
        self.classes: dict[str, str] = {}

    def find_spec(
        self,
        fullname: str,
        path: Optional[Sequence[str]],
        target: Optional[ModuleType] = None,
    ) -> Optional[ModuleSpec]:
        return ModuleSpec(fullname, self) if fullname in self.classes else None

    def exec_module(self, module: ModuleType) -> None:
        name = self.classes[module.__name__]
        # Rasa asks every channel for its name.
        content = {"__module__": module.__name__, "name": staticmethod(lambda: name)}
        setattr(module, name, type(name, (), content))


_LEFT_OUT = _LeftOut()
