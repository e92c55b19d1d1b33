"""Which words are put right, and which stay as they were read."""

from __future__ import annotations

import numpy as np
import pytest

from docgrid.reading.ocr.lookalikes import LOOKALIKES, repair

POSSIBLE = 0.05  # what the recogniser gives the other character where it took one for another


def repaired(line: str, rival: float = POSSIBLE, *, sure: str = "") -> str:
    """A line, each character of which the recogniser gave every look-alike with probability `rival`; none for those in `sure`."""
    letters = line.replace(" ", "")
    breaks = np.zeros(len(letters), np.bool_)
    for place in [place - line[:place].count(" ") for place in range(1, len(line)) if line[place - 1] == " "]:
        breaks[place] = True
    rivals = np.full((len(letters), len(LOOKALIKES)), rival, np.float32)
    rivals[[letter in sure for letter in letters]] = 0
    given = np.array([ord(letter) for letter in letters], np.uint32)
    result = iter("".join(map(chr, repair(given, breaks, rivals))))
    assert "".join(map(chr, given)) == letters  # the input is left alone
    return "".join(" " if letter == " " else next(result) for letter in line)


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("Tota1 Bi1l Ma11", "Total Bill Mall"),
        ("7,J1n Burung", "7,Jln Burung"),
        ("BIk G, JIn PJU 1A/3,", "Blk G, Jln PJU 1A/3,"),
        ("Jalan lpoh Batu 5", "Jalan Ipoh Batu 5"),
        ("(lnvoice", "(Invoice"),
        ("FO0D 0lio T0tal Kaunt0r", "FOOD Olio Total Kauntor"),
        ("NO 29O, G3O 475O0", "NO 290, G30 47500"),
        ("99 SPEED MART 5/B", "99 SPEED MART S/B"),
    ],
)
def test_an_odd_character_among_others_of_one_kind_is_put_right(read: str, right: str) -> None:
    assert repaired(read, sure="" if "lnvoice" not in read else "oice") == right


@pytest.mark.parametrize(
    "line",
    [
        "Invoice INV-A2O1B8-01A",
        "PO1234O6X A1B2 C3PO",
        "DE89 3704 0044 0532 0130 00 GB29NWBK60161331926819",
        "SOLADES1KNZ COBADE0X MARKDEF0XXX",
        "pay1pal@bank1.com www.Tota1.com b1og.example.de/Tota1",
        "1.234,50 0.00 10/11/2018 15:01",
        "H2O O2 ATU12345678 5/12 5B c1",
        "APIs KPIs",
        "lfd. Nr. lbs ltd ltrs lang lieb",
        "1UNIT 1x 2pcs",
    ],
)
def test_codes_amounts_dates_and_addresses_of_the_web_stay(line: str) -> None:
    assert repaired(line) == line


@pytest.mark.parametrize("line", ["TaxInvNo. McIntyre MyInvois", "Level1 pos1N", "B0X", "Obrus lniany", "5/B"])
def test_a_character_that_the_recogniser_is_sure_of_stays_whatever_the_word(line: str) -> None:
    assert repaired(line, 0.01) == line
    assert repaired(line) != line


def test_only_the_doubtful_one_of_several_is_replaced() -> None:
    given = np.array([ord(letter) for letter in "lnclude"], np.uint32)
    rivals = np.zeros((7, len(LOOKALIKES)), np.float32)
    rivals[0, LOOKALIKES.index("I")] = 0.3
    assert "".join(map(chr, repair(given, np.zeros(7, np.bool_), rivals))) == "Include"


def test_a_line_without_characters_has_nothing_to_repair() -> None:
    nothing = repair(np.zeros(0, np.uint32), np.zeros(0, np.bool_), np.zeros((0, len(LOOKALIKES)), np.float32))
    assert nothing.tolist() == []
