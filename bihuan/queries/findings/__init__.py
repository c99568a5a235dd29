"""Findings: lists and counts, one page, the form of a step, facts for the rules, and what waits."""
