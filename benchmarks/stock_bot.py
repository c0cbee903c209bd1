"""Writes a stock Rasa bot whose form asks as many questions as a round of an application.

Pipeline and policies are those that ``rasa init`` of Rasa 3.6 writes. Everything else is what
Rasa's documentation recommends for a form: mappings from the text, a validation action for the
form in an action server, rules for starting, finishing and interrupting it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FORM = "application_form"
FINISHED = "Ihr Antrag ist vollständig."
GREETED = "Guten Tag!"

# What the product's round asks, with the answers of the same person.
ANSWERS: Mapping[str, str] = {
    "membership_number": "noch keine",
    "club_name": "TSV Musterstadt 1898 e.V.",
    "club_type": "Sportverein",
    "natural_persons_only": "ja",
    "member_count": "250",
    "employee_count": "2",
    "address": "Hauptstr. 7, 50667 Köln",
    "representative_name": "Frau Anna Müller",
    "mobile_phone": "0171 2345678",
    "email": "anna.mueller@example.org",
    "landline_phone": "0221 123456",
    "club_benefits_person": "keine",
    "product": "JURVEREIN",
    "deductible": "fallend",
    "family_membership": "ja",
    "family_member_count": "4",
    "start_date": "01.01.2027",
    "main_due_date": "01.01.2027",
    "criminal_proceedings": "nein",
    "prior_insurance": "ja",
    "prior_insurance_insurer": "Muster Rechtsschutz AG",
    "prior_insurance_policy_number": "RS 123.456-7",
    "prior_insurance_scope": "Vereins-Rechtsschutz",
    "prior_insurance_period": "seit 2022, läuft noch",
    "prior_insurance_more": "nein",
    "prior_cancelled_by_insurer": "nein",
    "claims_last_5_years": "3",
    "claim_free_years": "4",
    "disclosure_confirmed": "ja",
    "payment_frequency": "monatlich",
    "sepa_mandate": "ja",
    "iban": "DE89 3704 0044 0532 0130 00",
    "account_holder": "Karl Huber",
    "account_holder_address": "Gartenweg 3, 80331 München",
    "inkasso_pro": "ja",
    "credit_check_consent": "ja",
    "document_delivery": "online",
}

_INTENTS = {
    "greet": ["hallo", "guten Tag", "hi", "servus", "moin", "guten Morgen", "grüß Gott", "hey"],
    "goodbye": ["tschüss", "auf Wiedersehen", "ciao", "bis bald", "bis später", "ade"],
    "affirm": ["ja", "genau", "stimmt", "richtig", "jawohl", "ja klar", "korrekt", "natürlich"],
    "deny": ["nein", "nee", "stimmt nicht", "falsch", "auf keinen Fall", "nein danke", "niemals"],
    "bot_challenge": ["bist du ein Bot", "bist du ein Mensch", "rede ich mit einem Menschen"],
    "start_application": [
        "ich möchte einen Antrag stellen",
        "Antrag ausfüllen",
        "neuen Antrag beginnen",
        "ich will den Verein versichern",
        "Formular starten",
        "los geht's mit dem Antrag",
        "wo kann ich den Antrag ausfüllen",
    ],
    "cancel": ["abbrechen", "stopp", "ich möchte aufhören", "Vorgang abbrechen", "aufhören bitte"],
    "help": ["Hilfe", "was bedeutet das", "ich verstehe die Frage nicht", "was heißt das"],
    "ask_price": ["was kostet das", "wie teuer ist das", "wie hoch ist der Beitrag", "Preis"],
    "inform": [
        "wir sind 250 Mitglieder",
        "unser Verein heißt TSV Musterstadt",
        "meine Nummer ist 0171 2345678",
        "wir wohnen in der Hauptstraße 5",
        "meine Mail ist a@example.org",
        "monatlich",
        "Sportverein",
        "ab dem 1.1.2027",
    ],
}
_REPLIES = {
    "greet": GREETED,
    "goodbye": "Auf Wiedersehen!",
    "bot_challenge": "Ich bin ein Programm.",
    "help": "Bitte beantworten Sie die Frage.",
    "ask_price": "Das hängt von der Zahl der Mitglieder ab.",
}
_INTERRUPTIONS = ("help", "ask_price", "bot_challenge")

_PIPELINE: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
    {"name": "EntitySynonymMapper"},
    {"name": "ResponseSelector", "epochs": 100, "constrain_similarities": True},
    {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
]
_POLICIES: list[dict[str, Any]] = [
    {"name": "MemoizationPolicy"},
    {"name": "RulePolicy"},
    {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 100},
    {"name": "TEDPolicy", "max_history": 5, "epochs": 100, "constrain_similarities": True},
]


def asks(field: str) -> str:
    """The words in which the bot asks for a field."""
    number = list(ANSWERS).index(field) + 1
    name = field.replace("_", " ")
    return f"Frage {number} von {len(ANSWERS)}: Bitte geben Sie an: {name}. Für Hilfe: „Hilfe“."


def write_bot(folder: Path, action_port: int, *, quick: bool = False) -> None:
    """Write the whole bot; ``quick`` trains its networks as little as will do."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "actions").mkdir(exist_ok=True)
    source = Path(__file__).with_name("stock_actions.py")
    (folder / "actions" / "__init__.py").write_text("")
    (folder / "actions" / "actions.py").write_text(source.read_text(encoding="utf-8"))
    parts = {
        "config.yml": _config(quick),
        "domain.yml": _domain(),
        "data/nlu.yml": _nlu(),
        "data/rules.yml": _rules(),
        "data/stories.yml": _stories(),
        "credentials.yml": {"rest": None},
        "endpoints.yml": {
            "action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"},
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "rasa.db"},
        },
    }
    for name, content in parts.items():
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
        (folder / name).write_text(text, encoding="utf-8")


def _config(quick: bool) -> dict[str, Any]:
    # Thirty epochs are enough to tell a greeting from an answer.
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "de",
        "pipeline": [_trained_for(each, 30 if quick else 100) for each in _PIPELINE],
        "policies": [_trained_for(each, 1 if quick else 100) for each in _POLICIES],
    }


def _trained_for(component: dict[str, Any], epochs: int) -> dict[str, Any]:
    return {**component, "epochs": epochs} if "epochs" in component else component


def _domain() -> dict[str, Any]:
    def slot(field: str) -> dict[str, Any]:
        condition = {"active_loop": FORM, "requested_slot": field}
        ignored = ["cancel", *_INTERRUPTIONS]
        mapping = {"type": "from_text", "not_intent": ignored, "conditions": [condition]}
        return {"type": "text", "influence_conversation": True, "mappings": [mapping]}

    return {
        "version": "3.1",
        "intents": list(_INTENTS),
        "slots": {field: slot(field) for field in ANSWERS},
        "forms": {
            FORM: {
                "ignored_intents": ["cancel", *_INTERRUPTIONS],
                "required_slots": list(ANSWERS),
            }
        },
        "responses": {
            **{f"utter_ask_{FORM}_{field}": [{"text": asks(field)}] for field in ANSWERS},
            **{f"utter_{intent}": [{"text": words}] for intent, words in _REPLIES.items()},
            "utter_cancelled": [{"text": "Der Antrag wurde abgebrochen."}],
            "utter_default": [{"text": "Das habe ich nicht verstanden."}],
        },
        "actions": [f"validate_{FORM}", "action_submit_application"],
        "session_config": {
            "session_expiration_time": 60,
            "carry_over_slots_to_new_session": True,
        },
    }


def _nlu() -> dict[str, Any]:
    def examples(lines: list[str]) -> str:
        return "".join(f"- {line}\n" for line in lines)

    # Without these, some answer or other is taken for "cancel".
    answers = [each for each in ANSWERS.values() if each not in ("ja", "nein")]
    intents = {**_INTENTS, "inform": [*_INTENTS["inform"], *dict.fromkeys(answers)]}
    blocks = [{"intent": name, "examples": examples(lines)} for name, lines in intents.items()]
    return {"version": "3.1", "nlu": blocks}


def _rules() -> dict[str, Any]:
    inside = [{"active_loop": FORM}]
    rules: list[dict[str, Any]] = [
        {
            "rule": "start the form",
            "steps": [{"intent": "start_application"}, {"action": FORM}, {"active_loop": FORM}],
        },
        {
            "rule": "submit the form",
            "condition": inside,
            "steps": [
                {"action": FORM},
                {"active_loop": None},
                {"slot_was_set": [{"requested_slot": None}]},
                {"action": "action_submit_application"},
            ],
        },
        {
            "rule": "cancel",
            "condition": inside,
            "steps": [
                {"intent": "cancel"},
                {"action": "action_deactivate_loop"},
                {"active_loop": None},
                {"action": "utter_cancelled"},
            ],
        },
        {
            "rule": "not understood",
            "steps": [{"intent": "nlu_fallback"}, {"action": "utter_default"}],
        },
    ]
    rules += [
        {
            "rule": f"{intent} inside the form",
            "condition": inside,
            "steps": [
                {"intent": intent},
                {"action": f"utter_{intent}"},
                {"action": FORM},
                {"active_loop": FORM},
            ],
        }
        for intent in _INTERRUPTIONS
    ]
    rules += [
        {"rule": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]}
        for intent in ("goodbye", "bot_challenge")
    ]
    return {"version": "3.1", "rules": rules}


def _stories() -> dict[str, Any]:
    form = [
        {"intent": "start_application"},
        {"action": FORM},
        {"active_loop": FORM},
        {"active_loop": None},
        {"action": "action_submit_application"},
    ]
    greeting = [{"intent": "greet"}, {"action": "utter_greet"}]
    price = [{"intent": "ask_price"}, {"action": "utter_ask_price"}]
    ending = [{"intent": "goodbye"}, {"action": "utter_goodbye"}]
    return {
        "version": "3.1",
        "stories": [
            {"story": "straight", "steps": [*greeting, *form, *ending]},
            {"story": "a question first", "steps": [*greeting, *price, *form]},
            {"story": "questions only", "steps": [*greeting, *price, *ending]},
        ],
    }
