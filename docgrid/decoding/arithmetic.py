"""Amounts that must add up: among candidates of similar score, those for which net + tax = gross are taken."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from docgrid.decoding.settings import DecodingSettings
from docgrid.decoding.typed import Place

_SUMS = (("amount_total_net", "amount_total_tax", "amount_total_gross"),)  # net + tax = gross
_TRIED = 5  # candidates of each field
_SLACK = 0.3  # a combination that adds up may be this much less likely, as a factor of the best one
_CENT = Decimal("0.01")


def consistent_amounts(ranked: dict[str, list[Place]], settings: DecodingSettings) -> dict[str, list[Place]]:
    """Move to the front the candidates that add up, where the best ones do not and others are nearly as likely.

    Only fields that are found at all take part; nothing is changed where one of the three is missing.
    """
    result = dict(ranked)
    for names in _SUMS:
        lists = [[place for place in ranked.get(name, [])[:_TRIED] if place.score >= settings.minimum_of(name)] for name in names]
        if not all(lists) or _adds_up([places[0] for places in lists]):
            continue
        best = max(
            (combination for combination in product(*lists) if _adds_up(list(combination))),
            key=lambda combination: combination[0].weight * combination[1].weight * combination[2].weight,
            default=None,
        )
        if best is None:
            continue
        likelihood = lists[0][0].weight * lists[1][0].weight * lists[2][0].weight
        if best[0].weight * best[1].weight * best[2].weight < _SLACK * likelihood:
            continue
        for name, place in zip(names, best, strict=True):
            result[name] = [place, *(other for other in ranked[name] if other is not place)]
    return result


def _adds_up(places: list[Place]) -> bool:
    net, tax, gross = (Decimal(place.value.value or "NaN") for place in places)
    return abs(net + tax - gross) <= _CENT
