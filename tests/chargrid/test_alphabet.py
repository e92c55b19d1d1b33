from __future__ import annotations

import numpy as np
import pytest

from docgrid.chargrid.alphabet import BACKGROUND_INDEX, DEFAULT_ALPHABET, UNKNOWN_INDEX, Alphabet
from docgrid.errors import UsageError


def indices(alphabet: Alphabet, text: str) -> list[int]:
    return [int(index) for index in alphabet.indices(np.array([ord(c) for c in text], np.uint32))]


def test_the_first_character_has_index_two_since_zero_is_empty_and_one_is_unknown() -> None:
    assert (BACKGROUND_INDEX, UNKNOWN_INDEX) == (0, 1)
    assert indices(Alphabet("ab"), "abc") == [2, 3, 1]


def test_the_size_counts_background_and_unknown() -> None:
    assert Alphabet("abc").size == 5
    assert 54 <= DEFAULT_ALPHABET.size <= 96


def test_case_is_folded() -> None:
    assert indices(Alphabet("aäoø"), "AaÄØ") == [2, 2, 3, 5]


def test_an_alphabet_that_lists_upper_case_keeps_it_apart() -> None:
    assert indices(Alphabet("aA"), "aA") == [2, 3]


def test_an_accent_is_dropped_only_when_the_accented_letter_is_absent() -> None:
    assert indices(Alphabet("eé"), "éè") == [3, 2]


def test_dashes_quotes_ligatures_and_full_width_forms_become_the_plain_sign() -> None:
    alphabet = Alphabet("-'\"f8a")
    assert indices(alphabet, "–—−") == [2, 2, 2]  # noqa: RUF001  # the dashes are the point
    assert indices(alphabet, "’“") == [3, 4]
    assert indices(alphabet, "ﬁ８ａ") == [5, 6, 7]  # noqa: RUF001


def test_code_points_beyond_the_table_and_beyond_unicode_are_unknown() -> None:
    codes = np.array([0x4E00, 0xD800, 0x10FFFF, 0x110000, 0xFFFFFFFF, ord("a")], np.uint32)
    assert Alphabet("a").indices(codes).tolist() == [1, 1, 1, 1, 1, 2]


def test_a_character_beyond_the_table_can_be_in_an_alphabet() -> None:
    assert indices(Alphabet("a漢"), "漢字a") == [3, 1, 2]


def test_no_characters_give_no_indices() -> None:
    result = DEFAULT_ALPHABET.indices(np.zeros(0, np.uint32))
    assert result.shape == (0,)
    assert result.dtype == np.uint8


@pytest.mark.parametrize("text", ["total 12.50 €", "straße", "a@b.de", "£$¥", "10% (net)"])
def test_the_default_alphabet_knows_every_sign_of_an_invoice(text: str) -> None:
    assert UNKNOWN_INDEX not in indices(DEFAULT_ALPHABET, text.replace(" ", ""))


def test_the_identifier_tells_alphabets_apart_and_stays_the_same() -> None:
    assert Alphabet("ab").identifier == Alphabet("ab").identifier != Alphabet("ba").identifier
    assert len(Alphabet("ab").identifier) == 12


@pytest.mark.parametrize("characters", ["", "aa", "a b", "".join(map(chr, range(0x4E00, 0x4E00 + 255)))])
def test_an_alphabet_that_cannot_be_indexed_is_refused(characters: str) -> None:
    with pytest.raises(UsageError):
        Alphabet(characters)
