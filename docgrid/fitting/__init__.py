"""Training as a whole: dataset folders in, a model folder out."""

from __future__ import annotations

from docgrid.fitting.run import FitReport, fit
from docgrid.fitting.settings import DoneReport, FitSettings, LoadReport, StartReport

__all__ = ["DoneReport", "FitReport", "FitSettings", "LoadReport", "StartReport", "fit"]
