"""Official documents and spreadsheets written from plain values; nothing is read here."""

from bihuan.engines.writing.sheets import Column, TooManyRows, write_sheet

__all__ = ["Column", "TooManyRows", "write_sheet"]
