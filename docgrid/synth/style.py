"""The look of one document: fonts, colours, paper and margins."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from docgrid.synth.ink import BLACK, COURIER, HELVETICA, TIMES, VERA, Colour, Font, grey

A4 = (595.28, 841.89)
LETTER = (612.0, 792.0)


@dataclass(frozen=True, slots=True)
class Style:
    """Fonts, colours and measures in points."""

    page: tuple[float, float]
    left: float
    right: float  # x of the right margin
    top: float
    bottom: float  # y of the lower margin
    body: Font
    small: Font
    big: Font  # titles
    ink: Colour
    accent: Colour
    tint: Colour  # light fill
    line: float  # width of rules
    leading: float

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.right - self.left

    @property
    def step(self) -> float:
        """From one line of body text to the next."""
        return self.body.size * self.leading


_ACCENTS = (
    (0.10, 0.25, 0.50), (0.60, 0.10, 0.12), (0.05, 0.40, 0.30), (0.85, 0.45, 0.05), (0.30, 0.30, 0.33), (0.15, 0.45, 0.70),
    (0.40, 0.15, 0.45), (0.0, 0.0, 0.0), (0.0, 0.35, 0.40), (0.2, 0.2, 0.2),
)  # fmt: skip


def make_style(rng: Random, *, american: bool, mono: bool = False, compact: bool = False) -> Style:
    """Draw a look; `mono` asks for a typewriter face, `compact` for small print."""
    page = LETTER if american and rng.random() < 0.9 else A4
    face = COURIER if mono else rng.choices([HELVETICA, TIMES, COURIER, VERA], [60, 14, 6, 20])[0]
    size = rng.choice([8, 8.5, 9, 9, 9.5, 10, 10, 10.5, 11])
    if face is VERA:
        size -= 1.2
    if mono or face is COURIER:
        size = rng.choice([7.5, 8, 8.5, 9])
    if compact:
        size = min(size, rng.choice([7, 7.5, 8]))
    stretch = rng.choice([1.0, 1.0, 1.0, 1.0, 0.9, 0.95, 0.86, 1.04]) if face is not COURIER else 1.0
    body = Font(face, size, stretch=stretch)
    left = rng.uniform(32, 72)
    right = page[0] - (left if rng.random() < 0.7 else rng.uniform(30, 64))
    accent = Colour(*rng.choice(_ACCENTS))
    lift = rng.uniform(0.82, 0.93)
    tint = (
        grey(rng.uniform(0.86, 0.95))
        if rng.random() < 0.6
        else Colour(*(lift + (1 - lift) * part for part in (accent.red, accent.green, accent.blue)))
    )
    return Style(
        page=page,
        left=left,
        right=right,
        top=rng.uniform(28, 60),
        bottom=page[1] - rng.uniform(66, 100),
        body=body,
        small=body.scaled(rng.uniform(0.72, 0.88)),
        big=body.scaled(rng.uniform(1.35, 2.4)).heavy(rng.random() < 0.8),
        ink=BLACK if rng.random() < 0.8 else grey(rng.uniform(0.1, 0.3)),
        accent=accent,
        tint=tint,
        line=rng.choice([0.4, 0.5, 0.75, 1.0]),
        leading=rng.uniform(1.12, 1.42),
    )
