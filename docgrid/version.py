"""The version of docgrid."""

__version__ = "0.1.0"
