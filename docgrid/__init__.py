"""docgrid turns PDFs and scans into labelled, typed, traceable fields.

Importing the package loads neither torch nor an OCR engine; the library's doors are `docgrid.pipeline` (extraction),
`docgrid.training` and `docgrid.reading`.
"""

from docgrid.errors import DocgridError, DocumentStatus, ExitCode
from docgrid.version import __version__

__all__ = ["DocgridError", "DocumentStatus", "ExitCode", "__version__"]
