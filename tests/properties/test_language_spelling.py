"""Typing errors are recognised as far as a word stays unmistakable, however words are looked up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.language.spelling import Vocabulary, distance, tolerance

short_words = st.text(alphabet="abcd", max_size=10)


@given(known=st.lists(short_words, max_size=30), typed=short_words)
def test_nearest_words_are_found_without_comparing_all(known: list[str], typed: str) -> None:
    errors = {
        each: distance(typed, each)
        for each in known
        if distance(typed, each) <= min(tolerance(typed), tolerance(each)) and tolerance(each)
    }
    nearest = {each for each, count in errors.items() if count == min(errors.values())}
    assert Vocabulary(known).closest(typed) == nearest


@given(word=st.text(alphabet="abcdefgh", min_size=8, max_size=20), data=st.data())
def test_two_errors_in_a_long_word_are_forgiven(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    lost = data.draw(st.integers(0, len(word) - 1))
    assert Vocabulary([word]).closest(swapped) == {word}
    assert Vocabulary([word]).closest(word[:lost] + word[lost + 1 :]) == {word}
    assert Vocabulary([word]).closest(word + "yx") == {word}
    assert Vocabulary([word]).closest("xyz" + word) == set()
