"""Damaged text made readable: certain changes made, uncertain ones proposed, gaps told, each traceable to its place."""

from bihuan.engines.reading.restore.likely import likely
from bihuan.engines.reading.restore.sequence import Restored, restore_bytes, restore_file, restore_text

__all__ = ["Restored", "likely", "restore_bytes", "restore_file", "restore_text"]
