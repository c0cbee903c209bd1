"""Leaving an optional question out, and handing a document in later."""

from __future__ import annotations

from bot.language.wording import flat, lexicon, phrase, words

_SKIPS = lexicon(
    "keine angabe|keine angaben|ohne angabe|ka|k a|überspringen|frage überspringen|überspring",
    "überspringe|skip|weiter|nächste frage|nächste|nein|nö|nee|ne|nein danke|nö danke|nee danke|nichts",
    "nix|keine|keiner|kein|keins|keines|keinen|gibt es nicht|gibts nicht|gibt es keine|gibt es keinen",
    "habe ich nicht|hab ich nicht|haben wir nicht|habe keine|habe keins|hab keine|hab keins|hab ich keine",
    "habe ich keine|habe ich keins|haben wir keine|haben wir keins|haben wir keinen|wir haben keine",
    "ich habe keine|ich habe keins|nicht vorhanden|entfällt|entfaellt|leer|leer lassen|frei lassen",
    "nicht nötig|nicht notwendig|nicht gewünscht|brauche ich nicht|brauchen wir nicht|kein bedarf",
    "möchte ich nicht angeben|will ich nicht angeben|möchte ich nicht|lieber nicht|ohne|keine angabe dazu",
    "nichts weiter|nichts mehr|sonst nichts|nein nichts|nein keine|das war alles|war alles|passt so",
    "nicht zutreffend|trifft nicht zu|nicht relevant|irrelevant|mache ich keine angabe|na|n a|none",
    "weiß ich nicht|weiß nicht|nicht bekannt|unbekannt|kenne ich nicht|ich habe keine nummer|auslassen",
    "haben wir leider nicht|habe ich leider nicht|leider nicht|leider nein|nein leider nicht|weglassen",
    "nein überspringen|nein weiter|bitte überspringen|ich möchte keine angabe machen|will ich überspringen",
    "möchte ich überspringen|das überspringe ich|gar keine|noch nicht|momentan nicht|derzeit nicht",
    "nein haben wir nicht|nein habe ich nicht|nein hab ich nicht|nein gibt es nicht|nein weiter bitte",
    "fällt weg|keine weiteren|keine weiteren angaben|keine weitere|keine anmerkungen|keine bemerkungen",
    "keine anmerkung|keine bemerkung|nichts hinzuzufügen|nichts zu ergänzen",
)
_BY_FIELD = {
    "mobile_phone": "kein handy|habe kein handy|ich habe kein handy|kein mobiltelefon|keine mobilnummer"
    "|keine handynummer|habe keine handynummer|nur festnetz|kein mobilfunk|haben kein handy",
    "landline_phone": "kein festnetz|keine festnetznummer|habe kein festnetz|nur mobil|nur handy"
    "|haben wir kein festnetz|kein festnetzanschluss|wir haben kein festnetz|kein telefon"
    "|keine telefonnummer|keine weitere nummer|ich habe kein festnetz|haben kein festnetz",
    "email": "keine mail|keine e mail|keine email|habe keine mail|habe keine e mail|kein internet"
    "|ich habe keine e mail|habe keine email|ich habe keine mail|keine mailadresse"
    "|keine e mail adresse|keine emailadresse|keine email adresse",
    "membership_number": "noch kein mitglied|kein mitglied|noch nicht mitglied|wir sind kein mitglied"
    "|nein noch nicht|neu|neukunde|wir sind neu|noch keine|keine nummer|haben wir noch nicht|noch keine nummer"
    "|wir sind noch kein mitglied|bin noch kein mitglied|sind noch kein mitglied|keine mitgliedsnummer"
    "|nein wir sind noch kein mitglied|neumitglied|noch nicht vorhanden|nicht mitglied",
    "main_due_date": "wie beginn|wie der beginn|gleich|identisch|keine abweichende|wie vertragsbeginn|normal"
    "|keine abweichung|nicht abweichend|am beginn|zum beginn|bleibt so|gleich wie beginn|standard|egal"
    "|wie versicherungsbeginn|ohne abweichung|keine abweichende hauptfälligkeit|gleicher tag|dasselbe"
    "|nein wie beginn|nein gleich",
    "club_benefits_person": "ich selbst|ich|selber|ich selber|derselbe|dieselbe|der vertreter|die vertreterin"
    "|der vorsitzende|die vorsitzende|der vorstand|siehe oben|wie oben|wie vertreter|dieselbe person"
    "|gleiche person|die gleiche person|der gleiche|die gleiche|dasselbe|der gesetzliche vertreter"
    "|bin ich|das bin ich|ja ich|antragsteller|der antragsteller|wie gesetzlicher vertreter",
    "account_holder": "der verein|verein|derselbe|nicht abweichend|keine abweichung|wie antragsteller"
    "|antragsteller|der antragsteller|nein der verein|kein abweichender|identisch|gleich|wie oben|siehe oben"
    "|ist der verein|unser verein|der verein selbst|wie verein|dasselbe|nein ist der verein|vereinskonto"
    "|das ist der verein|nein nicht abweichend",
    "account_holder_address": "wie oben|siehe oben|dieselbe|gleiche adresse|gleiche anschrift|identisch"
    "|nicht abweichend|wie verein|vereinsadresse|die gleiche|gleich|wie der verein|wie vereinsadresse",
}
_SKIPS_BY_FIELD = {field: _SKIPS | lexicon(each) for field, each in _BY_FIELD.items()}
_LATER = lexicon(
    "später|reiche ich nach|reiche nach|reichen wir nach|nachreichen|wird nachgereicht|ich reiche nach",
    "wir reichen nach|nachgereicht|ich reiche sie nach|ich reiche es nach|reiche ich später nach",
    "reichen wir später nach|reiche ich noch nach|schicke ich später|schicken wir später|sende ich später",
    "später nachreichen|kommt später|kommt noch|kommt nach|folgt|folgt noch|folgt später|mache ich später",
    "habe ich gerade nicht da|hab ich gerade nicht da|habe ich nicht da|hab ich nicht da|nicht da",
    "habe ich gerade nicht zur hand|nicht zur hand|habe ich nicht zur hand|hab ich nicht zur hand",
    "gerade nicht zur hand|habe ich jetzt nicht|hab ich jetzt nicht|liegt mir nicht vor|jetzt nicht",
    "habe ich im moment nicht|habe ich momentan nicht|habe ich derzeit nicht|noch nicht|nicht jetzt",
    "habe ich nicht|hab ich nicht|haben wir nicht|haben wir gerade nicht|haben wir nicht da|später bitte",
    "ich schicke sie später|ich schicke es später|ich schicke sie nach|schicke ich nach|schicken wir nach",
    "ein andermal|ein anderes mal|per post|schicke ich per post|sende ich per post|kommt per post",
    "per mail später|wird nachgeliefert|liefere ich nach|liefern wir nach|nachliefern|muss ich suchen",
    "muss ich erst suchen|muss ich erst anfordern|ja später|nein später|überspringen|weiter|im moment nicht",
    "gerade nicht|momentan nicht|derzeit nicht|ich habe sie gerade nicht da|nachher|morgen|nächste woche",
    "ich habe sie nicht da|reiche ich gerne nach|erst später|lieber später|sende ich nach|senden wir nach",
    "die reiche ich nach|das reiche ich nach|die reichen wir nach|gebe ich später ab|bringe ich nach",
    "habe ich noch nicht|haben wir noch nicht|hab ich noch nicht|liegt noch nicht vor|später hochladen",
    "lade ich später hoch|laden wir später hoch|ich lade sie später hoch",
)
_TEXT_IS_ENOUGH = lexicon(
    "text genügt|text reicht|der text genügt|der text reicht|siehe text|siehe oben|steht oben|wie oben",
    "die erläuterung genügt|erläuterung genügt|erläuterung reicht|text|per text|als text|habe ich oben",
    "habe ich oben geschrieben|text oben|siehe erläuterung|schon beschrieben|bereits beschrieben",
    "der text oben genügt|der text oben reicht|meine erläuterung genügt|mein text genügt|nur text",
)


def reads_as_skip(text: str, field: str) -> bool:
    """Whether the text leaves an optional question unanswered on purpose."""
    if not words(text):
        return flat(text) in ("-", "--", "---", "/", ".", "...", "x", "∅")
    known = _SKIPS_BY_FIELD.get(field, _SKIPS)
    return phrase(text) in known or " ".join(words(text)) in known


def reads_as_later(text: str) -> bool:
    """Whether the text promises a document for later."""
    if phrase(text) in _LATER:
        return True
    found = set(words(text))
    promise = lexicon("nachreichen|nachreiche|nachgereicht|nachsenden|nachschicken|nachliefern")
    return bool(found & promise) and len(found) <= 12 and not found & lexicon("nicht|kein|nie")


def reads_as_text_is_enough(text: str) -> bool:
    """Whether the text says that what was written before serves instead of a document."""
    return phrase(text) in _TEXT_IS_ENOUGH
