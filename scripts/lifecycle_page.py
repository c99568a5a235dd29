"""Writes docs/lifecycle.md from the tables of rules/lifecycle.py; part of `make fix`."""

from pathlib import Path

from bihuan.rules.lifecycle import lifecycle_page

if __name__ == "__main__":
    page = Path(__file__).resolve().parents[1] / "docs" / "lifecycle.md"
    page.write_text(lifecycle_page(), encoding="utf-8")
