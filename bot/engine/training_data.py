"""Training data for Rasa's trainer, read from the files once."""

from __future__ import annotations

from typing import Optional

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method


class ReadOnceImporter(RasaFileImporter):
    """Rasa's importer, which otherwise reads and merges every file anew for each who asks."""

    def get_nlu_data(self, language: Optional[str] = None) -> TrainingData:
        """The NLU examples; the files are of one language, whatever Rasa asks for."""
        return self._nlu_data()

    @cached_method
    def _nlu_data(self) -> TrainingData:
        return super().get_nlu_data()

    @cached_method
    def get_domain(self) -> Domain:
        """The domain."""
        return super().get_domain()

    @cached_method
    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        """The rules."""
        return super().get_stories(exclusion_percentage)
