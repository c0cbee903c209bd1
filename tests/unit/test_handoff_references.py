"""References are short, hard to mistake, and a slip of the pen is noticed."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.references import ALPHABET, is_reference, new_reference, read_reference

REFERENCES = st.builds(lambda _: new_reference(), st.integers())
PLACES = [3, 4, 5, 6, 8, 9, 10, 11]


def test_references_look_as_promised_and_differ() -> None:
    made = {new_reference() for _ in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch(r"KS-[A-Z0-9]{4}-[A-Z0-9]{4}", each) for each in made)
    assert all(map(is_reference, made))


def test_no_characters_that_look_alike_and_no_vowels() -> None:
    for alike in ("0OD", "1IL", "2Z", "5S", "6G", "8B", "UV"):
        assert len(set(alike) & set(ALPHABET)) <= 1
    assert not set("AEIOU") & set(ALPHABET)


@given(REFERENCES, st.sampled_from(PLACES), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(reference: str, place: int, other: str) -> None:
    changed = reference[:place] + other + reference[place + 1 :]
    assert is_reference(changed) == (changed == reference)


@given(REFERENCES, st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_two_characters_that_changed_places_are_noticed(
    reference: str, one: int, other: int
) -> None:
    characters = list(reference)
    characters[one], characters[other] = characters[other], characters[one]
    changed = "".join(characters)
    assert is_reference(changed) == (changed == reference)


@given(REFERENCES)
def test_a_reference_is_read_however_it_is_typed(reference: str) -> None:
    bare = reference.removeprefix("KS-")
    for typed in (
        reference.lower(),
        reference.replace("-", " "),
        reference.replace("-", ""),
        f" {bare} ",
        bare.replace("-", "–"),
    ):
        assert read_reference(typed) == reference


@given(st.text(max_size=30))
def test_anything_else_is_no_reference(typed: str) -> None:
    found = read_reference(typed)
    assert found is None or is_reference(found)


def test_what_cannot_be_one_is_none() -> None:
    assert read_reference("") is None
    assert read_reference("KS-0000-0000") is None
    assert read_reference("3f1c2d7e-conversation") is None
