"""The chargrid of a page: a grid of alphabet indices, drawn from characters and their boxes."""

from docgrid.chargrid.alphabet import BACKGROUND_INDEX, DEFAULT_ALPHABET, UNKNOWN_INDEX, Alphabet
from docgrid.chargrid.grid import Frame, GridSize, GridTransform, PageGrid, fit_transform, grid_of_page, rasterise

__all__ = [
    "BACKGROUND_INDEX",
    "DEFAULT_ALPHABET",
    "UNKNOWN_INDEX",
    "Alphabet",
    "Frame",
    "GridSize",
    "GridTransform",
    "PageGrid",
    "fit_transform",
    "grid_of_page",
    "rasterise",
]
