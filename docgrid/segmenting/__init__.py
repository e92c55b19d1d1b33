"""Pictures of pages segmented into regions: the networks at their first trade, without characters.

A folder in the layout of Pascal VOC is trained on and measured; a model answers a picture with a mask and the boxes of regions.
"""

from __future__ import annotations

from docgrid.segmenting.folder import PictureFolder, is_picture_folder, open_picture_folder
from docgrid.segmenting.measuring import SegmentationFigures, measure_folder
from docgrid.segmenting.prediction import PictureAnswer, Region, Segmenter
from docgrid.segmenting.run import fit_pictures

__all__ = [
    "PictureAnswer",
    "PictureFolder",
    "Region",
    "SegmentationFigures",
    "Segmenter",
    "fit_pictures",
    "is_picture_folder",
    "measure_folder",
    "open_picture_folder",
]
