"""The stock bot's custom actions, copied into it: a form's validation and its end."""

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

YES_OR_NO = ("natural_persons_only", "family_membership", "criminal_proceedings")
NUMBERS = ("member_count", "employee_count", "family_member_count", "claims_last_5_years")
TEXTS = ("club_name", "address", "representative_name", "account_holder", "iban", "email")


class ValidateApplicationForm(FormValidationAction):
    """Checks what can be checked without a library."""

    def name(self) -> str:
        return "validate_application_form"


def _validator(field: str) -> Any:
    def validate(
        self: Any,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Dict[str, Any],
    ) -> Dict[str, Any]:
        text = str(value or "").strip()
        if field in YES_OR_NO:
            accepted = text in ("ja", "nein")
        elif field in NUMBERS:
            accepted = text.isdigit()
        else:
            accepted = 1 < len(text) < 200
        if not accepted:
            dispatcher.utter_message(text="Diese Angabe passt nicht. Bitte noch einmal.")
        return {field: text if accepted else None}

    return validate


for _field in (*YES_OR_NO, *NUMBERS, *TEXTS):
    setattr(ValidateApplicationForm, f"validate_{_field}", _validator(_field))


class ActionSubmitApplication(Action):
    """Confirms, and forgets the answers so that another application can begin."""

    def name(self) -> str:
        return "action_submit_application"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        dispatcher.utter_message(text="Ihr Antrag ist vollständig.")
        return [AllSlotsReset()]
