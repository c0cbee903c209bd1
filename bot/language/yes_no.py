"""Yes and no, in the many forms people type; anything half-way is asked back."""

from __future__ import annotations

import re

from bot.language.off_topic import is_not_knowing
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.spelling import closest
from bot.language.wording import folded, lexicon, phrase, words
from bot.texts import text as german

FACTS = frozenset({"criminal_proceedings", "prior_insurance", "prior_cancelled_by_insurer"})
"""Disclosures: a word of mere consent ("ok", "gerne") says nothing about a fact."""

_YES = lexicon(
    "ja|j|jo|jou|joa|jep|jepp|jup|jupp|jap|japp|jawohl|jawoll|yes|yep|yeah|yup|y|si|oui|jau|jah|joh|jow",
    "ja ja|jaja|ja doch|doch|doch ja|doch schon|ja klar|na klar|ja klaro|klar|klaro|aber klar|logo",
    "logisch|na logisch|klar doch|ja natürlich|natürlich|aber natürlich|selbstverständlich|freilich",
    "ja selbstverständlich|sicher|ja sicher|aber sicher|sicherlich|ganz sicher|gewiss|aber ja|na ja klar",
    "auf jeden fall|auf alle fälle|jeden fall|auf jedenfall|aufjedenfall|aufjeden|unbedingt|definitiv",
    "absolut|genau|genau so|ganz genau|ja genau|ja richtig|exakt|korrekt|das ist korrekt|ja korrekt",
    "ist korrekt|richtig|das ist richtig|ist richtig|ja das ist richtig|so ist es|ist so|das ist so",
    "stimmt|das stimmt|ja das stimmt|ja stimmt|stimmt so|stimmt genau|trifft zu|das trifft zu",
    "ja trifft zu|zutreffend|wahr|positiv|bestätigt|ich bestätige|bestätige ich|wird bestätigt",
    "ich bestätige das|das bestätige ich|kann ich bestätigen|hiermit bestätige ich|hiermit bestätigt",
    "bestätige|haben wir|gibt es|gab es|hatten wir|das haben wir|wir haben|leider ja|ja leider|leider schon",
    "ja gibt es|ja gab es|ja haben wir|ja hatten wir|ja habe ich|ja hab ich|ja das habe ich|ja das ist so",
    "ist der fall|das ist der fall|ja ist der fall|ja ist so|immer|ja immer|ja sind wir|sind wir",
    "ja so ist es|ja ist richtig|ja ist korrekt|ja wurde sie|wurde sie|wir hatten|true|wahrheitsgemäß ja",
)
_CONSENT = lexicon(
    "gerne|gern|ja gerne|ja gern|ja bitte gerne|sehr gerne|sehr gern|ok|okay|okey|oki|okidoki|o k|k|jut",
    "ja ok|ja okay|ok ja|alles klar|alles gut|alles ok|in ordnung|geht in ordnung|geht klar|passt",
    "passt so|das passt|ja passt|passt schon|passt mir|gut|ist gut|na gut|gut so|einverstanden",
    "bin einverstanden|ich bin einverstanden|ja einverstanden|wir sind einverstanden|zugestimmt",
    "ich stimme zu|stimme zu|stimme ich zu|dem stimme ich zu|wir stimmen zu|zustimmung|akzeptiert",
    "ich willige ein|willige ein|akzeptiere ich|akzeptieren|ich akzeptiere|machen wir|mach das",
    "machen sie das|so machen|so machen wir das|nehmen wir|nehme ich|nehm ich|will ich|wollen wir",
    "möchte ich|möchten wir|ich möchte|wir möchten|ich will|wir wollen|hätte ich gern|hätte ich gerne",
    "hätten wir gern|hätten wir gerne|ja möchte ich|ja möchten wir|ja wollen wir|ja will ich|perfekt",
    "prima|super|top|wunderbar|sehr gut|von mir aus|meinetwegen|gewünscht|ist gewünscht|erwünscht",
    "wird gewünscht|ich erteile|erteile ich|erteilt|ich erteile das mandat|ja ich erteile|mit familie",
    "das möchte ich|das wollen wir|das möchten wir|ja das möchte ich|ja das möchten wir|bin dabei",
    "bitte ja|fein|cool|dafür|sehr wohl",
)
_NO = lexicon(
    "nein|n|nö|noe|nee|ne|nay|na|nah|no|nope|nop|njet|nein nein|nene|nee nee|ne ne|nönö|neinnein|neee",
    "nein nie|auf keinen fall|auf gar keinen fall|keinen fall|aufkeinenfall|keinesfalls|keineswegs",
    "in keinem fall|unter keinen umständen|niemals|nie|noch nie|nie gehabt|bisher nie|bisher nicht",
    "bislang nicht|bisher keine|bislang keine|nicht|noch nicht|gar nicht|überhaupt nicht|bloß nicht|negativ",
    "stimmt nicht|das stimmt nicht|nein stimmt nicht|trifft nicht zu|das trifft nicht zu|nicht zutreffend",
    "nicht richtig|das ist nicht richtig|ist nicht richtig|nicht korrekt|das ist nicht korrekt|falsch",
    "das ist falsch|ist falsch|unzutreffend|nicht wahr|ist nicht so|das ist nicht so|nicht der fall",
    "ist nicht der fall|das ist nicht der fall|keine|keiner|keines|keins|kein|keinen|gar keine|keinerlei",
    "gibt es nicht|gab es nicht|gibts nicht|gabs nicht|das gibt es nicht|das gab es nicht|haben wir nicht",
    "hatten wir nicht|hatten wir nie|hatten wir noch nie|haben wir keine|hatten wir keine|habe ich nicht",
    "hab ich nicht|hatte ich nicht|haben wir noch nie|wir haben keine|wir hatten keine|es gibt keine",
    "es gab keine|gab es keine|gibt es keine|gab es nie|gab es noch nie|nichts dergleichen|nichts|nix|nada",
    "liegt nicht vor|liegt keines vor|liegt keine vor|liegt keins vor|nichts davon|weder noch|null",
    "leider nein|nein leider|leider nicht|nein leider nicht|leider noch nicht|nein noch nie|false",
    "noch keine|nein noch nicht|nein gar nicht|wurde nicht|wurde sie nicht|ist es nicht|sind wir nicht",
    "waren wir nicht|waren wir nie|waren wir noch nie|nein keine|nein nichts|nein gibt es nicht",
    "wir hatten noch nie|wir hatten nie|wir waren noch nie|wir waren nie|wir waren nicht versichert|nie im leben",
    "keine vorversicherung|keine vorversicherungen|wir hatten keine vorversicherung|nicht versichert|nein nicht",
    "wir haben keine vorversicherung|nicht rechtsschutzversichert|es gibt keine vorversicherung",
    "natürlich nicht|klar nicht|sicher nicht|sicherlich nicht|selbstverständlich nicht|gewiss nicht|ganz sicher nicht",
    "es läuft nichts|läuft nichts|läuft keins|läuft keines|nein läuft nicht|negativ nein|wurde sie nie",
)
_REFUSAL = lexicon(
    "nein danke|danke nein|nee danke|nö danke|ne danke|kein bedarf|kein interesse|nicht nötig|unnötig",
    "nicht notwendig|nicht erforderlich|brauche ich nicht|brauchen wir nicht|brauch ich nicht|danke nicht",
    "brauchts nicht|braucht es nicht|will ich nicht|wollen wir nicht|möchte ich nicht|möchten wir nicht",
    "ich möchte nicht|ich möchte das nicht|wir möchten nicht|das möchte ich nicht|das wollen wir nicht",
    "das will ich nicht|ich will nicht|ich will das nicht|lieber nicht|besser nicht|lehne ich ab|dagegen",
    "ich lehne ab|lehnen wir ab|abgelehnt|nicht gewünscht|ist nicht gewünscht|wird nicht gewünscht|ohne",
    "ausdrücklich nicht gewünscht|unerwünscht|nicht erwünscht|stimme nicht zu|ich stimme nicht zu",
    "dem stimme ich nicht zu|nicht einverstanden|ich bin nicht einverstanden|bin nicht einverstanden",
    "wir sind nicht einverstanden|passt nicht|das passt nicht|passt so nicht|nicht in ordnung|nicht ok",
    "nicht okay|kommt nicht in frage|kommt nicht infrage|willige nicht ein|ich willige nicht ein|verzichte",
    "ich verzichte|darauf verzichte ich|wir verzichten|darauf verzichten wir|nehme ich nicht|nicht nehmen",
    "ohne familie|keine familie|kein inkassopro|kein inkasso|ohne inkasso|ohne inkassopro|kein mandat",
    "keine lastschrift|ich bestätige nicht|bestätige ich nicht|kann ich nicht bestätigen|nicht bestätigt",
    "das kann ich nicht bestätigen|kann ich so nicht bestätigen",
)
_UNSURE_WORDS = lexicon(
    "vielleicht|vlt|vllt|jein|eventuell|evtl|möglicherweise|möglich|unsicher|womöglich|teils|teilweise",
    "zum teil|manchmal|glaube|glaub|glauben|denke|denk|vermute|vermutlich|wahrscheinlich|eher|fast",
    "eigentlich|weiß|weiss|wüsste|wüssten|wissens|weis|ahnung|kommt drauf an|kommt darauf an|ka|je nachdem",
    "unentschieden|unschlüssig|überlege|überlegen|hoffe|hoffentlich|schätze|bedingt|überwiegend|meistens",
    "größtenteils|hauptsächlich|im prinzip|prinzipiell|grundsätzlich|scheint|angeblich|soweit|sofern|falls",
    "wenn|bekannt|meines erachtens|mal sehen|mal schauen|abwarten|noch nicht sicher|nicht sicher|theoretisch",
    "bis auf|außer|ausser|aber|jedoch|allerdings|obwohl|ausgenommen|entweder|oder|später|bald|egal|fraglich",
    "unter umständen|kaum|bedenkzeit|erinnern|erinnere|unklar|ungern|nicht ganz|halbwegs|nicht immer",
)
_NEGATIONS = lexicon(
    "nicht|kein|keine|keinen|keiner|keines|keinem|nie|niemals|nichts|ohne|weder|niemand|nix|keinerlei"
)
_OWN_CANCELLATION = lexicon("wir|uns|ich|selbst|selber|eigene|eigener|unsererseits")
_IDIOMS_WITH_ABER = re.compile(r"\baber (ja|klar|sicher|natürlich|naturlich|gerne?|nein)\b")
_DENIALS = re.compile(
    r"\b(?:(?:stimmt|stimme|trifft) (?:das |so |dem )?nicht(?: zu)?|nicht (?:richtig|korrekt|zutreffend|einverstanden)|"
    r"(?:naturlich|klar|sicher|sicherlich|selbstverstandlich) nicht)\b"
)
_THUMBS_UP = re.compile("[👍👌✅✔🆗💯☑]")
_THUMBS_DOWN = re.compile("[👎❌✖🚫🙅⛔]")
_SINGLE_YES = frozenset(each for each in _YES | _CONSENT if " " not in each)
_SINGLE_NO = frozenset(each for each in _NO | _REFUSAL if " " not in each)
_OPENING_YES = lexicon(
    "ja|jo|jep|jepp|jup|jap|jawohl|yes|yep|doch|klar|natürlich|selbstverständlich|genau|richtig|stimmt|freilich"
)
_OPENING_NO = lexicon("nein|nö|nee|ne|no|nope|keinesfalls|keineswegs|niemals")
_TYPOS = {"nien": "nein", "nenin": "nein", "neim": "nein", "nrin": "nein", "nain": "nein"} | {
    "nei": "nein", "nien nien": "nein", "enin": "nein", "aj": "ja", "js": "ja", "jaq": "ja",
    "jha": "ja", "jaa": "ja", "neun": "", "ia": "", "jaein": "jein",
}


def read_yes_no(text: str, field: str = "", *, disclosure: bool = False) -> Reading:
    """Whether the text says yes or no; the value is a bool.

    ``field`` is the question's field. With ``disclosure`` only a plain yes or no counts.
    """
    decision = _decide(text, facts=disclosure or field in FACTS)
    if decision is True and field == "prior_cancelled_by_insurer" and _by_themselves(text):
        decision = None
    if decision is None:
        return ask_back(german(_unclear_key(text)), *_options())
    if decision == "":
        return reject(german("reading.yes_no.not_understood"))
    return ok(decision)


def _by_themselves(text: str) -> bool:
    return any(word in _OWN_CANCELLATION for word in words(text))


def _unclear_key(text: str) -> str:
    return f"reading.yes_no.{'not_known' if is_not_knowing(text) else 'unclear'}"


def _options() -> tuple[Option, Option]:
    return (
        Option(german("reading.yes_no.yes"), True),
        Option(german("reading.yes_no.no"), False),
    )


def _decide(text: str, *, facts: bool) -> bool | None | str:
    """Yes, no, ``None`` for undecided, or "" for no answer at all."""
    sign = _by_sign(text)
    if sign is not None and not words(text):
        return sign
    line = _corrected(phrase(text))
    if not line:
        return None if sign is None and re.search("[🤷🤔😐]", text) else ""
    decision = _by_phrase(phrase(text), facts=facts)
    if decision == "":
        decision = _by_phrase(line, facts=facts)
    if decision == "":
        decision = _by_words(_IDIOMS_WITH_ABER.sub(r"\1", folded(text)), line, facts=facts)
    if isinstance(decision, bool) and sign is not None and sign is not decision:
        return None
    if isinstance(decision, bool) and text.rstrip().endswith("?"):
        return None
    return decision


def _by_sign(text: str) -> bool | None:
    up, down = _THUMBS_UP.search(text), _THUMBS_DOWN.search(text)
    if bool(up) == bool(down):
        return None
    return up is not None


def _by_phrase(line: str, *, facts: bool) -> bool | None | str:
    if line in _YES:
        return True
    if line in _CONSENT:
        return None if facts and "ja" not in line.split() else True
    if line in _NO or line in _REFUSAL:
        return False
    return ""


def _corrected(line: str) -> str:
    """The words with typing errors mended as far as each is unmistakable."""
    return " ".join(_mended(word) for word in line.split()).strip()


def _mended(word: str) -> str:
    if word in _SINGLE_YES or word in _SINGLE_NO or word in _UNSURE_WORDS or word in _NEGATIONS:
        return word
    if word in _TYPOS:
        return _TYPOS[word] or word
    short = re.sub(r"(.)\1+", r"\1", word)
    if short in ("ja", "jo", "jep", "jup", "ne", "no", "nein", "klar", "genau", "ok", "jap"):
        return short
    near = closest(word, _SINGLE_YES | _SINGLE_NO | _UNSURE_WORDS)
    return next(iter(near)) if len(near) == 1 else word


def _by_words(line: str, mended: str, *, facts: bool) -> bool | None | str:
    found = [_mended(word) for word in words(_DENIALS.sub(" nein ", line))]
    spaced = f" {' '.join(found)} "
    hedged = any(f" {each} " in spaced for each in _UNSURE_WORDS)
    says_yes = any(word in _OPENING_YES for word in found)
    says_no = any(word in _OPENING_NO for word in found)
    if hedged or (says_yes and says_no):
        return None if hedged or says_yes or says_no else ""
    if says_no:
        return False
    negated = any(word in _NEGATIONS for word in found)
    if says_yes:
        return None if negated else True
    return _by_opening(found, mended, facts=facts, negated=negated)


def _by_opening(found: list[str], mended: str, *, facts: bool, negated: bool) -> bool | None | str:
    """A text without yes or no that begins with a known phrase, or that denies something."""
    for size in range(min(5, len(found) - 1), 1, -1):
        decision = _by_phrase(" ".join(found[:size]), facts=facts)
        if decision is True:
            return None if negated else True
        if decision is False:
            return False if size >= 3 else None
    if negated or found[0] in _SINGLE_YES or len(mended.split()) >= 4:
        return None
    return ""
