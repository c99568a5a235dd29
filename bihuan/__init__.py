"""Bihuan (闭环): inspection and rectification, one record from finding to closing."""

__version__ = "0.1.0"
