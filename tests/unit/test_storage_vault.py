"""What is stored can be opened with its key only, in the format of today and the one before."""

from __future__ import annotations

from typing import get_args

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import DataFormat
from bot.storage import UnreadablePayload, Vault

KEY, OLD_KEY = (Fernet.generate_key().decode() for _ in range(2))
FORMATS = get_args(DataFormat)

formats = pytest.mark.parametrize("seals_as", FORMATS)


@given(content=st.binary(max_size=5000), seals_as=st.sampled_from(FORMATS))
def test_what_is_sealed_is_opened_as_it_was(content: bytes, seals_as: DataFormat) -> None:
    assert Vault([KEY]).open(Vault([KEY], seals_as).seal(content)) == content


@formats
def test_nothing_is_sealed_to_the_same_bytes_twice(seals_as: DataFormat) -> None:
    vault = Vault([KEY], seals_as)
    assert len({vault.seal(b"ja") for _ in range(1000)}) == 1000


@formats
def test_any_key_opens_and_the_first_one_seals(seals_as: DataFormat) -> None:
    sealed = Vault([OLD_KEY], seals_as).seal_json({"iban": "DE02"})
    both = Vault([KEY, OLD_KEY])
    assert both.open_json(sealed) == {"iban": "DE02"}
    assert Vault([KEY]).open_json(both.reseal(sealed)) == {"iban": "DE02"}
    for unreadable in (sealed, both.reseal(sealed)):
        with pytest.raises(UnreadablePayload):
            Vault([Fernet.generate_key().decode()]).open(unreadable)


@formats
def test_sealing_anew_changes_to_the_format_that_is_set(seals_as: DataFormat) -> None:
    [other] = set(FORMATS) - {seals_as}
    anew = Vault([KEY], seals_as).reseal(Vault([KEY], other).seal(b"ja"))
    assert is_fernet(anew) == (seals_as == "fernet")
    assert Vault([KEY]).open(anew) == b"ja"


def is_fernet(sealed: bytes) -> bool:
    """Whether a server that knows nothing else can read it."""
    return sealed.startswith(b"gAAAA")


@formats
def test_altered_data_is_not_opened(seals_as: DataFormat) -> None:
    vault = Vault([KEY], seals_as)
    sealed = vault.seal(b"ja")
    for place in range(len(sealed) - 2):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(UnreadablePayload):
            vault.open(bytes(altered))


@formats
def test_data_that_was_cut_off_is_not_opened(seals_as: DataFormat) -> None:
    vault = Vault([KEY], seals_as)
    sealed = vault.seal(b"ja")
    for length in range(len(sealed)):
        with pytest.raises(UnreadablePayload):
            vault.open(sealed[:length])


@pytest.mark.parametrize("keys", [[], ["zu kurz"]])
def test_unusable_keys_are_refused_without_being_shown(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="BOT_DATA_KEYS") as caught:
        Vault(keys)
    assert "zu kurz" not in str(caught.value)
