"""Recognising what is no answer: questions, commands, insults, payloads, small talk.

What to do about them is the dialogue's business; the readers only keep them from becoming a value.
"""

from __future__ import annotations

import re

from bot.language.wording import flat, folded, lexicon, phrase, words

_PAYLOAD = re.compile(r"^\s*/\S|^\s*(answer|command|pick|confirm|topic):\S|\{\{|\{%", re.IGNORECASE)
_MARKUP = re.compile(r"<\s*[/!]?\s*[a-zA-Z][^>]*>|<\s*script|javascript:|&#?\w+;", re.IGNORECASE)

_QUESTION_WORDS = lexicon(
    "was|wie|wieso|warum|weshalb|weswegen|wer|wem|wen|wessen|wo|wohin|woher|wann|welche|welcher",
    "welches|welchen|welchem|wieviel|wieviele|wofür|wozu|womit|worin|wodurch|woran|inwiefern|wat",
    "inwieweit|wovon|worum|wobei|wonach|wohingegen",
)
_VERBS_AFTER_QUESTION_WORD = lexicon(
    "ist|sind|war|waren|heißt|heissen|bedeutet|bedeuten|meinen|meinst|meint|soll|sollen|muss",
    "müssen|kann|kannst|können|geht|gehts|gilt|gelten|kostet|kosten|passiert|mache|machen|machst",
    "tun|tue|willst|wollen|wollt|will|wird|werden|würde|haben|habe|hat|hast|finde|finden|steht",
    "stehen|brauche|brauchen|braucht|gehört|zählt|zählen|genau|denn|für|soll|sollte|darf|dürfen",
    "möchten|möchte|wissen|weiß|lange|viel|viele|oft|teuer|hoch|heute|jetzt|bitte|noch|das",
    "unterschied|bekomme|bekommen|wollen|fragen|fragst|geben|gibt|kommt|läuft|schreibe|ich|sie|du",
)
_QUESTION_OPENINGS = lexicon(
    "können sie|könnten sie|kannst du|könntest du|haben sie|hast du|bist du|sind sie|meinen sie|meinst du",
    "muss ich|müssen wir|darf ich|dürfen wir|soll ich|sollen wir|zählen auch|werden auch|zählt das",
    "was kostet|was kosten|in welchem|in welcher|auf welche|für was|zu welchem|seit wann|bis wann",
    "ab wann|von wem|mit wem|auf was|um was|aus welchem|an wen|bei wem|und was|und wie|und warum",
    "aber was|aber wie|aber wieso|aber warum|hä was|hä wie|und wieso",
)
_OPENINGS_OF_EITHER = lexicon(
    "kann ich|können wir|gibt es|ist das|ist es|sind das|brauche ich|brauchen wir|wird das|gilt das"
    "|ist damit|ist hier|und wenn"
)
_COMMANDS = lexicon(
    "abbrechen|abbruch|abbrechen bitte|cancel|stop|stopp|stoppen|halt|aufhören|beenden|ende|exit",
    "quit|tschüss|tschüß|ciao|auf wiedersehen|zurück|zurueck|back|vorherige frage|eine frage zurück",
    "einen schritt zurück|schritt zurück|geh zurück|gehe zurück|hilfe|help|hilf mir|ich brauche hilfe",
    "helfen sie mir|können sie mir helfen|neustart|neu starten|neu anfangen|von vorne|von vorn",
    "nochmal von vorne|noch mal von vorne|restart|reset|start|starten|löschen|alles löschen",
    "daten löschen|menü|menu|übersicht|zusammenfassung|weiter|nächste|nächste frage|überspringen",
    "skip|frage überspringen|korrigieren|korrektur|ändern|angabe ändern|bearbeiten|speichern",
    "pause|pausieren|später weitermachen|ich mache später weiter|mensch|einen menschen|mitarbeiter",
    "ich möchte mit einem menschen sprechen|mit einem menschen sprechen|ansprechpartner",
    "ich will mit einem menschen sprechen|berater|einen berater|kundenservice|rückruf|beschwerde",
    "wiederholen|nochmal|noch mal|noch einmal|bitte wiederholen|prüfen|review|ich will abbrechen",
    "ich möchte abbrechen|ich breche ab|lassen wir das|vergiss es|vergessen sie es|preis|beitrag",
    "beitrag berechnen|vergleich|vergleichen|was kostet das|absenden|abschicken|los|los gehts",
    "ich will zurück|ich möchte zurück|ich möchte aufhören|schluss|schluss jetzt|undo|rückgängig",
    "bitte abbrechen|antrag abbrechen|vorgang abbrechen|nicht mehr|keine lust|keine lust mehr",
)
_INSULTS = lexicon(
    "arschloch|arsch|idiot|idioten|vollidiot|depp|trottel|fresse|fick|ficken|fuck|scheiße|scheiß",
    "scheiss|kacke|kack|wichser|hurensohn|bastard|dummkopf|blödmann|dreckig|verarschen|verarscht",
    "schwachsinn|blödsinn|bullshit|shit|saftladen|drecksladen|scheißbot|scheissladen|spinner",
    "schlampe|missgeburt|penner|mistkerl|leck",
)
_INSULT_PHRASES = lexicon(
    "du bist dumm|bist du dumm|du bist doof|halt die klappe|halts maul|halt dein maul|blöder bot",
    "dummer bot|doofer bot|du nervst|das nervt|sie nerven|so ein mist|so ein quatsch|du spinnst",
    "leck mich|verpiss dich|dumme frage|blöde frage|was für ein mist|geht dich nichts an",
    "das geht sie nichts an|geht sie nichts an|nerv nicht",
)
_SMALL_TALK = lexicon(
    "hallo|hallo zusammen|hi|hey|hei|moin|moin moin|servus|grüß gott|grüß dich|guten tag|tag",
    "guten morgen|guten abend|gute nacht|grüezi|hello|danke|danke schön|dankeschön|vielen dank",
    "dank|merci|bitte|bitte schön|ok|okay|oki|o k|ja|nein|jo|jep|nö|nee|doch|klar|gerne|genau",
    "richtig|falsch|stimmt|passt|vielleicht|jein|egal|mir egal|alles klar|gut|super|toll|prima",
    "perfekt|cool|na gut|na ja|naja|hm|hmm|äh|ähm|test|testen|asdf|qwertz|blabla|bla|lol|haha",
    "ha|aha|achso|ach so|verstanden|verstehe|moment|moment mal|einen moment|warte|warten sie",
    "sekunde|augenblick|ich bin da|bin ich|sorry|entschuldigung|tut mir leid|upps|ups|hä|häh",
    "ja bitte|ja gerne|nein danke|nichts|nix|nichts davon|weder noch|beides|beide|alle|alles|keine",
    "keiner|kein|keins|keinen|unbekannt|leer|xxx|xx|x|abc|so|das|dies|dasselbe|wie oben|siehe oben",
    "steht oben|habe ich schon gesagt|hab ich schon gesagt|hatte ich schon|schon gesagt|guten",
)
_NOT_KNOWING = lexicon(
    "weiß nicht|weiss nicht|weiß ich nicht|ich weiß nicht|ich weiß es nicht|weiß ich grad nicht",
    "weiß ich gerade nicht|weiß ich noch nicht|noch nicht bekannt|keine ahnung|ka|k a|kein plan",
    "keinen plan|keine idee|ahnung|nicht bekannt|unbekannt|mir nicht bekannt|nicht sicher",
    "bin mir nicht sicher|bin nicht sicher|ich bin mir nicht sicher|unsicher|unklar|noch unklar",
    "noch offen|offen|muss ich nachsehen|muss ich nachschauen|muss nachsehen|muss nachschauen",
    "muss ich erst nachsehen|muss ich fragen|muss ich erst fragen|das weiß ich nicht|wissen wir nicht",
    "das wissen wir nicht|keine angabe möglich|kann ich nicht sagen|kann ich nicht beantworten",
    "weiß der vorstand|da muss ich nachfragen|schwer zu sagen|verstehe ich nicht|versteh ich nicht",
    "ich verstehe nicht|ich verstehe die frage nicht|das verstehe ich nicht|verstehe nicht|idk",
    "weiß ich leider nicht|leider keine ahnung|habe keine ahnung|hab keine ahnung|woher soll ich das wissen",
    "ich habe keine ahnung|gute frage|gar keine ahnung|weis nicht|weis ich nicht|ich weis nicht",
)
_NAME_MARKERS = lexicon(
    "e v|ev|verein|gmbh|ggmbh|club|klub|ag|stiftung|verband|gesellschaft|initiative|freunde|bund"
)


def is_payload(text: str) -> bool:
    """Whether the text looks like something only a channel may send."""
    return bool(_PAYLOAD.search(text))


def is_markup(text: str) -> bool:
    """Whether the text holds HTML or script."""
    return bool(_MARKUP.search(text))


def is_command(text: str) -> bool:
    """Whether the whole text asks the assistant to do something instead of answering."""
    return phrase(text) in _COMMANDS or " ".join(words(text)) in _COMMANDS


def is_insult(text: str) -> bool:
    """Whether a short text is an insult or a curse."""
    found = words(text)
    if not found or len(found) > 8:
        return False
    line = " ".join(found)
    return any(word in _INSULTS for word in found) or any(
        f" {each} " in f" {line} " for each in _INSULT_PHRASES
    )


def is_small_talk(text: str) -> bool:
    """Whether the whole text is a greeting, thanks or a bare yes or no."""
    return " ".join(words(text)) in _SMALL_TALK or phrase(text) in _SMALL_TALK


def is_not_knowing(text: str) -> bool:
    """Whether the whole text says that the answer is not known, or the question not understood."""
    return phrase(text) in _NOT_KNOWING or " ".join(words(text)) in _NOT_KNOWING


def opens_like_question(text: str) -> bool:
    """Whether the text begins as a question does, with or without a question mark."""
    found = words(text)
    if not found:
        return False
    if found[0] in _QUESTION_WORDS:
        return True
    return " ".join(found[:2]) in _QUESTION_OPENINGS


def is_question(text: str) -> bool:
    """Whether the text is surely a question: not "Wie im Himmel e.V.", but "was heißt das"."""
    found = words(text)
    if not found:
        return "?" in text
    line = flat(text)
    opening = " ".join(found[:2])
    if line.endswith("?"):
        return len(found) >= 3 or opens_like_question(text) or opening in _OPENINGS_OF_EITHER
    if opening in _QUESTION_OPENINGS and len(found) >= 3:
        return True
    if found[0] not in _QUESTION_WORDS:
        return False
    return len(found) == 1 or found[1] in _VERBS_AFTER_QUESTION_WORD


def names_an_organisation(text: str) -> bool:
    """Whether the text carries a word that only names of organisations have."""
    line = f" {' '.join(words(text))} "
    return any(f" {marker} " in line for marker in _NAME_MARKERS) or bool(
        re.search(r"(verein|verband|club|klub|gesellschaft|bund)\b", folded(text))
    )
