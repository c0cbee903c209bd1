"""One of several offered choices: by title, synonym, number in the list, or what sets it apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.language.choice_phrases import Known, known_phrases, title, tokens_of
from bot.language.numbers import value_of_words
from bot.language.off_topic import is_not_knowing
from bot.language.reading import Option, Reading, ask_back, ok, reject
from bot.language.wording import FILLERS, folded, forms, lexicon, pattern, phrases, shown

_PLACE_OF = {folded(form): int(place) for form, place in forms("choices.ordinals").items()}
_ALL = lexicon("alles|alle|sämtliche|komplett")
_LAST = lexicon("letzte|letzten|letzter|letztes|letztere|letzteres")
_LIST_WORDS = phrases("choices.list_words")
_NEGATORS = phrases("choices.negators")
_NO_PLACE = _NEGATORS | {"mal"}
_INSTEAD = {"statt", "anstatt"}
_BOTH = {"beide", "beides"}
_CLAUSE_ENDS = lexicon("sondern|aber|dafür|stattdessen|dann|lieber|eher|doch|vielmehr") | {","}
_DOUBTFUL_WORDS = phrases("choices.doubtful_words")
_UNDECIDED = lexicon("oder|vielleicht|eventuell|evtl|entweder|bzw")
_LONGEST_ANSWER = 14
_MOST_TOKENS = 80
_SO_MANY_TIMES = pattern("choices.so_many_times")


@dataclass(frozen=True)
class _Cue:
    """A phrase found in the text and the codes that it stands for."""

    codes: frozenset[str]
    start: int
    end: int
    denied: bool = False


def read_choice(text: str, field: str, codes: tuple[str, ...]) -> Reading:
    """One code; two different ones, or one that is only denied, are asked back."""
    tokens = tokens_of(text)
    by_number = _by_number(tokens, field, codes)
    if by_number is not None:
        return by_number
    cues = _cues(tokens, field, codes)
    denied = frozenset().union(*(cue.codes for cue in cues if cue.denied and len(cue.codes) == 1))
    wanted = [cue for cue in cues if not cue.denied]
    if not wanted:
        if denied:
            left = [code for code in codes if code not in denied]
            return _which(field, left or list(codes), "denied")
        if _BOTH & set(tokens):
            return _which(field, list(codes), "one_only")
        return _unknown(text, field, codes)
    meant = frozenset(codes).intersection(*(cue.codes for cue in wanted)) - denied
    if not meant:
        named = frozenset().union(*(cue.codes for cue in wanted))
        return _which(
            field, [code for code in codes if code in named - denied] or list(codes), "several"
        )
    if len(meant) > 1:
        return _which(field, [code for code in codes if code in meant], "several")
    code = next(iter(meant))
    if _doubtful(tokens, cues):
        return _which(field, [code], "sure")
    name = title(field, code)
    typed_like_that = [token for token in tokens if token not in FILLERS] == tokens_of(name)
    return ok(code, "" if typed_like_that else "choice.understood", title=name)


def read_choices(text: str, field: str, codes: tuple[str, ...]) -> Reading:
    """Several codes in the order offered; the value is a list."""
    tokens = tokens_of(text)
    numbers = [_number_of(token, len(codes)) for token in tokens if token not in _LIST_WORDS]
    listed = [each for each, token in zip(numbers, tokens) if each is not None]
    plain = [token for token in tokens if token not in _LIST_WORDS | {",", "und"}]
    if listed and len(listed) == len(plain):
        return _chosen(field, [code for n, code in enumerate(codes, 1) if n in listed])
    if len(plain) <= 3 and any(token in _ALL for token in plain):
        return ask_back("choices.all", Option(_titles(field, codes), list(codes)))
    cues = _cues(tokens, field, codes)
    named = frozenset().union(*(cue.codes for cue in cues if not cue.denied))
    denied = frozenset().union(*(cue.codes for cue in cues if cue.denied))
    chosen = [code for code in codes if code in named - denied]
    if not chosen:
        return _unknown(text, field, codes)
    if any(len(cue.codes) > 1 for cue in cues) or denied or _UNDECIDED & set(tokens):
        options = [Option(title(field, code), [code]) for code in chosen]
        return ask_back("choices.which", *options)
    return _chosen(field, chosen)


def _chosen(field: str, chosen: list[str]) -> Reading:
    return ok(chosen, "choice.understood", title=_titles(field, chosen))


def _titles(field: str, codes: list[str] | tuple[str, ...]) -> str:
    return ", ".join(title(field, code) for code in codes)


def _number_of(token: str, last: int) -> int | None:
    if token in _PLACE_OF:
        return _PLACE_OF[token] if _PLACE_OF[token] <= last else None
    if token in _LAST:
        return last
    value = int(token) if token.isdigit() and len(token) < 3 else value_of_words(token)
    return value if value is not None and 1 <= value <= last else None


def _by_number(tokens: list[str], field: str, codes: tuple[str, ...]) -> Reading | None:
    """The answer names a place in the list and nothing else."""
    rest = [token for token in tokens if token not in _LIST_WORDS and token not in FILLERS]
    if len(rest) != 1 or any(token in _NO_PLACE for token in tokens):
        return None
    number = _number_of(rest[0], len(codes))
    known = known_phrases(field, codes).codes.get((rest[0],))
    if number is None:
        return None
    code = codes[number - 1]
    if known is not None and known != frozenset({code}):
        named = [each for each in codes if each in known | {code}]
        return _which(field, named, "several")
    return ok(code, "choice.understood", title=title(field, code))


def _cues(tokens: list[str], field: str, codes: tuple[str, ...]) -> list[_Cue]:
    known = known_phrases(field, codes)
    significant = tuple(token for token in tokens if token not in FILLERS and token not in (",",))
    cues: list[_Cue] = []
    index = 0
    while index < min(len(tokens), _MOST_TOKENS):
        cue = _cue_at(tokens, index, known, significant)
        if cue is not None:
            cues.append(cue)
            index = cue.end
        else:
            index += 1
    return _with_denials(tokens, cues)


def _cue_at(
    tokens: list[str], index: int, known: Known, significant: tuple[str, ...]
) -> _Cue | None:
    for size in range(min(known.longest, len(tokens) - index), 0, -1):
        run = tuple(tokens[index : index + size])
        if run in known.alone and run != significant:
            continue
        codes = known.codes.get(run) or (_mistyped(run[0], known) if size == 1 else None)
        if codes:
            return _Cue(codes, index, index + size)
    return None


def _mistyped(token: str, known: Known) -> frozenset[str]:
    kept = token in _DOUBTFUL_WORDS or token in _LIST_WORDS
    return frozenset() if kept else known.mistyped(token)


def _with_denials(tokens: list[str], cues: list[_Cue]) -> list[_Cue]:
    """The cues, each knowing whether the text speaks against it."""
    inside = {position for cue in cues for position in range(cue.start, cue.end)}
    return [replace(cue, denied=_is_denied(tokens, cue, cues, inside)) for cue in cues]


def _is_denied(tokens: list[str], cue: _Cue, cues: list[_Cue], inside: set[int]) -> bool:
    """A negation belongs to what follows it in the same clause, or stands right after it."""
    for position in range(cue.start - 1, max(-1, cue.start - 6), -1):
        token = tokens[position]
        if token in _CLAUSE_ENDS:
            break
        if position in inside:
            continue
        if token in _INSTEAD and any(position < other.start < cue.start for other in cues):
            break
        if token in _NEGATORS or ("weder" in tokens and token in ("noch",)):
            return True
    for position in range(cue.end, min(len(tokens), cue.end + 4)):
        token = tokens[position]
        if token in _CLAUSE_ENDS or position in inside:
            return False
        if token in ("nicht", "ungern"):
            return not _cue_follows(tokens, position, cues)
    return False


def _cue_follows(tokens: list[str], position: int, cues: list[_Cue]) -> bool:
    """Whether another choice is named after this place in the same clause."""
    ends = [place for place in range(position, len(tokens)) if tokens[place] in _CLAUSE_ENDS]
    end = ends[0] if ends else len(tokens)
    return any(position < cue.start < end for cue in cues)


def _doubtful(tokens: list[str], cues: list[_Cue]) -> bool:
    """Something else in the text may take the choice back, or change it."""
    covered = {position for cue in cues for position in range(cue.start, cue.end)}
    rest = [token for position, token in enumerate(tokens) if position not in covered]
    denied = any(cue.denied for cue in cues)
    unknown = [
        token for token in rest if token not in _LIST_WORDS | FILLERS and token not in (",",)
    ]
    if any(_may_change_all(token) for token in rest) or _ends_in_no(tokens, cues):
        return True
    if not denied and any(token in _NEGATORS for token in rest):
        return True
    if len(tokens) > _LONGEST_ANSWER:
        return True
    return any(value_of_words(token) is not None for token in unknown)


def _may_change_all(token: str) -> bool:
    return token[0].isdigit() or token in _DOUBTFUL_WORDS or bool(_SO_MANY_TIMES.fullmatch(token))


def _ends_in_no(tokens: list[str], cues: list[_Cue]) -> bool:
    """As in "jährlich, nein"; "nein, jährlich" only corrects what went before."""
    return any("nein" in tokens[cue.end :] for cue in cues)


def _which(field: str, codes: list[str], key: str) -> Reading:
    options = [Option(title(field, code), code) for code in codes]
    names = ", ".join(f"„{option.title}“" for option in options)
    return ask_back(f"choice.{key}", *options, titles=names)


def _unknown(text: str, field: str, codes: tuple[str, ...]) -> Reading:
    names = ", ".join(f"„{title(field, code)}“" for code in codes)
    key = "not_known" if is_not_knowing(text) else "not_understood"
    return reject(f"choice.{key}", said=shown(text), titles=names)
