"""What Rasa imports and no bot of this project uses, which is not installed with it.

TensorFlow components, stock channels, and the clients of databases that it could keep trackers in.

Rasa imports every component and every channel there is, whichever a bot uses. TensorFlow alone
would take as long to start as all the rest and two thirds of the memory; the libraries of the
channels' services, a sixth of that rest.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_TENSORFLOW_COMPONENTS = {
    "rasa.core.policies.ted_policy": "TEDPolicy",
    "rasa.core.policies.unexpected_intent_policy": "UnexpecTEDIntentPolicy",
    "rasa.nlu.classifiers.diet_classifier": "DIETClassifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": "ConveRTFeaturizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": "LanguageModelFeaturizer",
    "rasa.nlu.selectors.response_selector": "ResponseSelector",
    # Trains them; Rasa's base classes import it and use nothing of it.
    "rasa.utils.train_utils": "",
}

_STOCK_CHANNELS = {
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

# What Rasa's tracker stores for them import at the top.
_DATABASES = {
    "boto3": "",
    "boto3.dynamodb": "",
    "boto3.dynamodb.conditions": "Key",
    "pymongo": "",
    "pymongo.collection": "Collection",
}

LEFT_OUT = {**_TENSORFLOW_COMPONENTS, **_STOCK_CHANNELS, **_DATABASES}


class _LeftOut(MetaPathFinder, Loader):
    """Gives a module with a class that can do nothing in place of the component or channel."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if fullname in LEFT_OUT else None

    def exec_module(self, module: ModuleType) -> None:
        name = LEFT_OUT[module.__name__]
        if name:
            # Rasa asks every channel for its name.
            content = {"__module__": module.__name__, "name": staticmethod(lambda: name)}
            setattr(module, name, type(name, (), content))


def leave_out() -> None:
    """Do without them from now on; to be called before Rasa is imported."""
    if not any(isinstance(finder, _LeftOut) for finder in sys.meta_path):
        sys.meta_path.insert(0, _LeftOut())
