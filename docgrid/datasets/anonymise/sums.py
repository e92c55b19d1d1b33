"""Other amounts in place of the true ones: as many digits, and every sum that added up adds up again.

Amounts are whole numbers of hundredths of a cent (`UNIT` of them make one). Sums are found among the amounts themselves (net +
tax = gross, a column and its total) and among the labels (items and totals, quantity x price). Each sum then gives one amount by
the others; amounts that no sum gives are drawn at random; a draw is taken when all amounts have their digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

UNIT = 10_000  # amounts are counted in its parts: prices are printed with up to four decimals
MOST_AMOUNTS = 60  # of a document, among which sums of two are looked for
_TRIES = 400


@dataclass(frozen=True, slots=True)
class Sum:
    """`total` = the sum of factor x amount over `terms`; amounts are named by their old value."""

    total: int
    terms: tuple[tuple[int, int], ...]  # amount, factor

    @property
    def amounts(self) -> tuple[int, ...]:
        """All amounts that take part."""
        return (self.total, *(amount for amount, _ in self.terms))


def sums_of_two(amounts: Iterable[int]) -> list[Sum]:
    """Every a + b = c among different amounts."""
    known = sorted(set(amounts))
    if len(known) > MOST_AMOUNTS:
        return []
    there = set(known)
    pairs = [(a, b) for row, a in enumerate(known) for b in known[row:] if a + b in there]
    return [Sum(a + b, ((a, 1), (b, 1)) if a != b else ((a, 2),)) for a, b in pairs]


def sum_of(parts: Sequence[int], totals: Iterable[int]) -> list[Sum]:
    """The sum of some amounts, where it is one of the totals."""
    if len(parts) < 2 or sum(parts) not in set(totals):
        return []
    return [Sum(sum(parts), tuple((part, parts.count(part)) for part in dict.fromkeys(parts)))]


def other_amounts(amounts: Mapping[int, int], sums: Sequence[Sum], random: Random) -> dict[int, int]:
    """A new amount for each one.

    Args:
        amounts: Amount -> what the new one must be a multiple of (100 where it is printed with two decimals).
        sums: The more important ones first; those that contradict each other once amounts change are dropped from the end.
        random: Decides.
    """
    free = [amount for amount in sorted(amounts) if amount > 0]
    wanted = [one for one in sums if all(amount in amounts and amount > 0 for amount in one.amounts)]
    while True:
        given = _given_by(wanted)
        for number in range(_TRIES):
            found = _draw(free, given, amounts, random, alike=2 * number < _TRIES)
            if found is not None:
                return found | {amount: amount for amount in amounts if amount <= 0}
        if not wanted:
            return {amount: amount for amount in amounts}
        wanted = wanted[: len(wanted) // 2]


def _given_by(sums: Sequence[Sum]) -> dict[int, Sum]:
    """Which amount each sum gives: mostly its total; no amount by itself, directly or in a circle."""
    given: dict[int, Sum] = {}
    for one in sums:
        for amount in dict.fromkeys((one.total, *sorted((a for a, factor in one.terms if factor == 1), reverse=True))):
            others = [other for other in one.amounts if other != amount]
            if amount not in given and not any(_needs(other, amount, given) for other in others):
                given[amount] = _solved(one, amount)
                break
    return given


def _solved(one: Sum, amount: int) -> Sum:
    if amount == one.total:
        return one
    return Sum(amount, ((one.total, 1), *((other, -factor) for other, factor in one.terms if other != amount)))


def _needs(amount: int, wanted: int, given: Mapping[int, Sum]) -> bool:
    """Whether an amount is given, over however many sums, by the wanted one."""
    seen, open_amounts = set(), [amount]
    while open_amounts:
        one = open_amounts.pop()
        if one == wanted:
            return True
        if one in given and one not in seen:
            seen.add(one)
            open_amounts += [other for other, _ in given[one].terms]
    return False


def _draw(
    free: Sequence[int], given: Mapping[int, Sum], steps: Mapping[int, int], random: Random, *, alike: bool
) -> dict[int, int] | None:
    """One draw; None when an amount has other digits than it should, or is what it was.

    With `alike` all amounts are scaled by about the same, by which all of them keep their digits; so do rates, nearly.
    """
    least = max((_limits(amount)[0] / amount for amount in free), default=0.55) if alike else 0.55
    most = min((_limits(amount)[1] / amount for amount in free), default=1.8) if alike else 1.8
    scale = random.uniform(least, most)
    found: dict[int, int] = {}

    def value(amount: int) -> int:
        if amount not in found:
            if amount in given:
                found[amount] = sum(factor * value(other) for other, factor in given[amount].terms)
            else:
                found[amount] = _near(amount, scale * random.uniform(0.97, 1.03), steps[amount], random)
        return found[amount]

    for amount in free:
        new = value(amount)
        if not _fits(amount, new, steps[amount]):
            return None
    return found


def _near(amount: int, scale: float, step: int, random: Random) -> int:
    """An amount of as many digits, near a multiple of the old one where that has them."""
    low, high = _limits(amount)
    wanted = round(amount * scale / step) * step
    if low <= wanted < high:
        return wanted
    return random.randrange(low // step + (low % step > 0), max(high // step, low // step + 1)) * step


def _limits(amount: int) -> tuple[int, int]:
    """From and up to where an amount has as many digits before the decimal separator."""
    return (1, UNIT) if amount < UNIT else (10 ** (len(str(amount)) - 1), 10 ** len(str(amount)))


def _fits(old: int, new: int, step: int) -> bool:
    low, high = _limits(old)
    return low <= new < high and new % step == 0 and (new != old or high - low <= 10 * step)
