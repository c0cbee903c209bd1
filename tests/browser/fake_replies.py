"""Replies of every kind that the widget API can send, for looking at the widget alone."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]

GREETING: list[Message] = [
    {
        "choices": [
            {"title": "Datenschutz", "payload": "topic:privacy"},
            {"title": "Mit einem Menschen sprechen", "payload": "topic:human"},
        ],
        "text": "Guten Tag! Ich bin der automatische Assistent für den Vereins-Rechtsschutz und "
        "begleite Sie vom Beitrag bis zum Antrag. Einen Menschen erreichen Sie unter "
        "089 539 81-0.\n\nWie wir mit Ihren Angaben umgehen: https://example.org/datenschutz",
    },
    {
        "text": "Was möchten Sie tun?",
        "choices": [
            {"title": "Antrag stellen", "payload": "answer:request_type:application"},
            {"title": "Angebot anfordern", "payload": "answer:request_type:quote"},
            {"title": "Vertrag ändern", "payload": "answer:request_type:change"},
        ],
        "question": {
            "field": "request_type",
            "type": "choice",
            "section": "request",
            "label": "Antragsart",
            "constraints": {"codes": ["application", "quote", "change"]},
        },
    },
]

QUOTE: dict[str, Any] = {
    "tariff": "vereine-2021-01",
    "frequency": "monthly",
    "instalments_per_year": 12,
    "lines": [
        {
            "item": "membership",
            "title": "KS-Mitgliedschaft",
            "annual": "27.00",
            "per_instalment": "2.39",
        },
        {
            "item": "jurverein",
            "title": "JURVEREIN, 350 € fest",
            "annual": "690.00",
            "per_instalment": "60.00",
        },
    ],
    "total_per_instalment": "62.39",
    "sum_of_instalments": "748.68",
    "provisional": True,
    "trace": [
        "KS-Mitgliedschaft: 27,00 € im Jahr, monatlich 2,39 €",
        "JURVEREIN ab 201 Mitgliedern: 250 Mitglieder × 0,24 € = 60,00 €",
        "Zusammen monatlich 62,39 €",
    ],
}

LEGAL = """Hinweis zur Anzeigepflicht

Damit wir Ihren Antrag ordnungsgemäß prüfen können, ist es notwendig, dass Sie die Fragen \
wahrheitsgemäß und vollständig beantworten.

Im Fall des Rücktritts besteht kein Versicherungsschutz, es sei denn:
– weder für den Eintritt oder die Feststellung des Rechtsschutzfalles
– noch für die Feststellung oder den Umfang unserer Leistungspflicht ursächlich war.

""" + "\n\n".join(
    f"{number}. Absatz über die Folgen. " + "Wir können vom Vertrag zurücktreten. " * 8
    for number in range(1, 6)
)


def _asked(kind: str, label: str, text: str, **more: Any) -> list[Message]:
    constraints = more.pop("constraints", {})
    choices = more.pop("choices", [])
    question = {
        "field": more.pop("field", kind),
        "type": kind,
        "section": "club",
        "label": label,
        "required": True,
        "constraints": constraints,
        **more,
    }
    return [{"text": text, "question": question, **({"choices": choices} if choices else {})}]


_SKIP = {"title": "Überspringen", "payload": "answer:x:skip"}
_SECTIONS = {"club": "Verein", "cover": "Versicherungsschutz", "payment": "Zahlung"}
_ROWS = [
    (product, deductible, title, total)
    for product, name, totals in (
        ("jurverein", "JURVEREIN", ("47.39", "49.89", "62.39", "62.39")),
        ("vereins_rechtsschutz", "Vereins-Rechtsschutz", ("12.39", "14.89", "14.89", "17.39")),
    )
    for (deductible, title), total in zip(
        (
            ("falling_1000_300", f"{name}, 1.000 – 300 € fallend"),
            ("flex_800_400", f"{name}, 800 / 400 € flex"),
            ("flex_600_300", f"{name}, 600 / 300 € flex"),
            ("fixed_350", f"{name}, 350 € fest"),
        ),
        totals,
    )
]

REPLIES: dict[str, list[Message]] = {
    "text": _asked(
        "text",
        "Vereinsname",
        "Wie heißt der Verein genau, so wie er im Register steht?",
        constraints={"minlength": 3, "maxlength": 120},
    ),
    "long_text": _asked(
        "long_text",
        "Sonstiges",
        "Möchten Sie uns noch etwas mitteilen?",
        constraints={"maxlength": 2000},
        choices=[_SKIP],
    ),
    "number": _asked(
        "number",
        "Mitgliederzahl",
        "Wie viele Mitglieder hat der Verein, aktive und passive zusammen?",
        constraints={"min": 1},
    ),
    "phone": _asked(
        "phone",
        "Mobilnummer",
        "Unter welcher Mobilnummer ist der Verein erreichbar?",
        choices=[_SKIP],
    ),
    "email": _asked("email", "E-Mail", "An welche E-Mail-Adresse dürfen wir schreiben?"),
    "iban": _asked("iban", "IBAN", "Von welchem Konto dürfen die Beiträge eingezogen werden?"),
    "date": _asked(
        "date",
        "Beginn",
        "Wann soll der Schutz beginnen? Frühestens morgen, am Samstag, 21. November 2026.",
        field="start_date",
        constraints={"earliest": "2026-11-21"},
    ),
    "day_month": _asked(
        "day_month",
        "Abweichende Hauptfälligkeit",
        "Soll die Hauptfälligkeit an einem anderen Tag liegen?",
        choices=[_SKIP],
    ),
    "address": _asked("address", "Anschrift", "Wie lautet die Anschrift des Vereins?"),
    "person_name": _asked("person_name", "Name, Vorname", "Wer vertritt den Verein gesetzlich?"),
    "period": _asked("period", "Beginn und Ende", "Von wann bis wann bestand diese Versicherung?"),
    "yes_no": _asked(
        "yes_no",
        "Familienmitgliedschaft",
        "Soll die KS-Mitgliedschaft für alle Familienangehörigen gelten?",
        choices=[
            {"title": "Ja", "payload": "answer:family_membership:true"},
            {"title": "Nein", "payload": "answer:family_membership:false"},
        ],
    ),
    "choice": _asked(
        "choice",
        "Selbstbeteiligung",
        "Welche Selbstbeteiligung passt zu Ihrem Verein?",
        choices=[
            {"title": "1.000 – 300 € fallend", "payload": "answer:deductible:falling_1000_300"},
            {"title": "800 / 400 € flex", "payload": "answer:deductible:flex_800_400"},
            {"title": "600 / 300 € flex", "payload": "answer:deductible:flex_600_300"},
            {"title": "350 € fest", "payload": "answer:deductible:fixed_350"},
        ],
    ),
    "choices": _asked(
        "choices",
        "Was soll sich ändern?",
        "Was soll sich an Ihrem Vertrag ändern?",
        constraints={
            "choices": [{"value": code, "title": title} for code, title in _SECTIONS.items()]
        },
        choices=[
            {"title": title, "payload": f"answer:change_topics:{code}"}
            for code, title in _SECTIONS.items()
        ],
    ),
    "upload": _asked(
        "upload",
        "Vereinssatzung",
        "Bitte fügen Sie die aktuell gültige Vereinssatzung bei.",
        field="statutes",
        constraints={
            "accept": ["application/pdf", "image/jpeg", "image/png", "image/heic"],
            "max_bytes": 1_048_576,
        },
        choices=[{"title": "Reiche ich nach", "payload": "answer:statutes:later"}],
    ),
    "legal": [
        {"text": LEGAL},
        *_asked(
            "yes_no",
            "Ermittlungsverfahren",
            "Läuft ein strafrechtliches Ermittlungsverfahren gegen "
            "Sie oder eine mitversicherte Person oder sind Umstände bekannt, die zu einem solchen "
            "führen können?",
            choices=[
                {"title": "Ja", "payload": "answer:criminal_proceedings:true"},
                {"title": "Nein", "payload": "answer:criminal_proceedings:false"},
            ],
        ),
    ],
    "quote": [
        {
            "text": "Der Beitrag in Worten",
            "card": {
                "type": "quote",
                "title": "Ihr Beitrag bei monatlicher Zahlung",
                "quote": QUOTE,
                "notes": ["Monatlich ist nur mit einem SEPA-Lastschriftmandat möglich."],
            },
        }
    ],
    "comparison": [
        {
            "text": "Der Vergleich in Worten",
            "card": {
                "type": "comparison",
                "frequency": "monthly",
                "rows": [
                    {
                        "product": product,
                        "deductible": deductible,
                        "title": title,
                        "total": total,
                        "payload": f"answer:cover:{product}:{deductible}",
                        "current": (product, deductible) == ("jurverein", "fixed_350"),
                    }
                    for product, deductible, title, total in _ROWS
                ]
                + [
                    {
                        "product": "membership_only",
                        "deductible": None,
                        "title": "Nur Mitgliedschaft",
                        "total": "2.39",
                        "payload": "answer:cover:membership_only",
                        "current": False,
                    }
                ],
            },
        }
    ],
    "review": [
        {
            "text": "Der Überblick in Worten",
            "card": {
                "type": "review",
                "quote": QUOTE,
                "sections": [
                    {
                        "section": "club",
                        "title": "Verein",
                        "rows": [
                            {
                                "field": "club_name",
                                "label": "Vereinsname",
                                "value": "Schützengilde Waldeck 1888 e. V.",
                                "change": "change:club_name",
                            },
                            {
                                "field": "member_count",
                                "label": "Mitgliederzahl",
                                "value": "250",
                                "change": "change:member_count",
                            },
                            {
                                "field": "address",
                                "label": "Anschrift",
                                "value": "Hauptstraße 7\n50667 Köln",
                                "change": "change:address",
                            },
                        ],
                    },
                    {
                        "section": "payment",
                        "title": "Zahlung",
                        "rows": [
                            {
                                "field": "iban",
                                "label": "IBAN",
                                "value": "DE89 3704 0044 0532 0130 00",
                                "change": "change:iban",
                            },
                            {
                                "field": "account_holder",
                                "label": "Kontoinhaber",
                                "value": "",
                                "change": "change:account_holder",
                            },
                        ],
                    },
                ],
            },
        },
        *_asked(
            "yes_no",
            "Prüfung",
            "Ist alles richtig?",
            choices=[
                {"title": "Ja, alles richtig", "payload": "answer:review:true"},
                {"title": "Etwas ändern", "payload": "answer:review:false"},
            ],
        ),
    ],
    "documents": [
        {
            "text": "Die Unterlagen in Worten",
            "card": {
                "type": "documents",
                "rows": [
                    {"kind": "statutes", "label": "Vereinssatzung", "state": "received"},
                    {
                        "kind": "claims_overview",
                        "label": "Schadenübersicht",
                        "state": "outstanding",
                    },
                    {"kind": "criminal_proceedings_annex", "label": "Beiblatt", "state": "missing"},
                ],
            },
        }
    ],
    "answers": [
        {"text": "Ihr Verein\n\nWie heißt Ihr Verein?\n→ Chor 47"},
        {
            "text": "Dasselbe als PDF",
            "card": {"type": "answers", "title": "Alle Fragen und Ihre Antworten", "pdf": True},
        },
    ],
    "done": [
        {
            "text": "Alles Weitere in Worten",
            "card": {
                "type": "done",
                "reference": "VR-7K3M-9XQ4",
                "pdf": True,
                "next_steps": [
                    "Die Bezirksdirektion prüft den Antrag und stellt den Versicherungsschein aus.",
                    "Sie erhalten eine E-Mail mit dem Zugang zum Kunden-Portal.",
                    "Den Zugangs-Code senden wir an die Mobilnummer des Vereins.",
                ],
            },
        }
    ],
    "html": [
        {
            "text": "<img src=x onerror=alert(1)> <b>fett</b> javascript:alert(1) "
            'https://example.org/a"onmouseover=alert(1)',
            "choices": [{"title": "<i>Ja</i>", "payload": "answer:x:true"}],
        }
    ],
}

REPLIES["quote_and_date"] = [*REPLIES["quote"], {"text": LEGAL}, *REPLIES["date"]]
