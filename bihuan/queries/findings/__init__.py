"""Findings as lists and counts (lists), as one page (page), as facts for the rules (facts), and what waits (waiting)."""
