"""The thresholds of decoding; they travel on a model's card as plain scalars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum

from docgrid.errors import ModelError

_FIELD_PREFIX = "minimum_score:"


class ItemGrouping(StrEnum):
    """What splits the rows of a table into line items."""

    AUTO = "auto"  # the first of the others, in this order, that fits the page
    STARTS = "starts"  # the network's probability that a row begins an item
    BOXES = "boxes"  # the network's item boxes
    RULE = "rule"  # a new item begins where a column that occurs once an item occurs again


@dataclass(frozen=True)
class DecodingSettings:
    """How word probabilities become fields. Scores and thresholds are probabilities, 0..1."""

    minimum_score: float = 0.3  # a field below it is missing
    minimum_scores: Mapping[str, float] = field(default_factory=dict)  # by field name, where another one fits better
    seed: float = 0.5  # a text needs one word of at least this probability
    grow: float = 0.3  # words above it speak for a text, words below against it
    turn_cost: float = 2.0  # log odds that a beginning or an end of a text inside a line costs
    short_turn_cost: float = 0.5  # the same for fields of one line, such as identifiers
    line_cost: float = 0.0  # log odds that a line of a text must have together
    bridge_words: int = 1  # so many other words between two words of a line item's text are part of it
    line_gap: float = 1.5  # the next line of a text stands at most this many line heights below
    equal_value_weight: float = 0.0  # how much other places with the same value add to a place when places are ranked
    mark_score: float = 0.75  # a currency mark that stands apart belongs to the amount from this probability on
    bare_number_factor: float = 0.8  # weight of a whole number without mark where an amount of money is looked for
    repeated_score: float = 0.5  # further values of a repeated field need this score
    alternatives: int = 3  # so many other values of a field are kept
    alternative_score: float = 0.05  # and need this score
    arithmetic: bool = True  # prefer amounts for which net + tax = gross, among candidates of similar score
    accept_confidence: float = 0.9  # a field of this confidence needs no review, if its checks pass
    accept_ocr: float = 0.3  # and if its least certain character has this confidence of the OCR
    item_word: float = 0.3  # a word of a line item needs this probability
    item_score: float = 0.5  # mean score that makes a group of words a line item
    item_box_score: float = 0.5
    item_start: float = 0.5
    item_grouping: ItemGrouping = ItemGrouping.AUTO

    def minimum_of(self, name: str) -> float:
        """The score below which a field is missing."""
        return self.minimum_scores.get(name, self.minimum_score)

    def to_dict(self) -> dict[str, float | bool | str]:
        """Plain scalars for a model card."""
        values: dict[str, float | bool | str] = asdict(self)
        del values["minimum_scores"]
        values["item_grouping"] = self.item_grouping.value
        return values | {_FIELD_PREFIX + name: score for name, score in sorted(self.minimum_scores.items())}

    @classmethod
    def from_dict(cls, data: Mapping[str, float | bool | str]) -> DecodingSettings:
        """Rebuild settings from a card; names that are left out keep their defaults.

        Raises:
            ModelError: A name is unknown, or a value has the wrong kind or lies out of range.
        """
        kinds = {entry.name: type(entry.default) for entry in fields(cls) if entry.name != "minimum_scores"}
        values: dict[str, object] = {}
        minimum_scores: dict[str, float] = {}
        for name, value in data.items():
            if name.startswith(_FIELD_PREFIX):
                minimum_scores[name.removeprefix(_FIELD_PREFIX)] = float(_checked(name, value, float))
            elif name in kinds:
                values[name] = _checked(name, value, kinds[name])
            else:
                raise ModelError(f"unknown decoding setting {name!r} on the card", hint=f"Known: {', '.join(kinds)}.")
        return cls(**values, minimum_scores=minimum_scores)  # type: ignore[arg-type]  # the kinds were checked above


def _checked(name: str, value: float | bool | str, kind: type) -> float | bool | str:
    hint = "Use a card that docgrid wrote, or take the entry out to get the default."
    if kind is ItemGrouping:
        if value not in set(ItemGrouping):
            raise ModelError(f"decoding setting {name!r} is {value!r}, not one of {', '.join(ItemGrouping)}", hint=hint)
        return ItemGrouping(value)
    if kind is bool:
        if not isinstance(value, bool):
            raise ModelError(f"decoding setting {name!r} is {value!r}, neither true nor false", hint=hint)
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1000:  # also refuses NaN
        raise ModelError(f"decoding setting {name!r} is {value!r}, not a number from 0 to 1000", hint=hint)
    return int(value) if kind is int else float(value)
