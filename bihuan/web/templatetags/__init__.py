"""Template tags of the pages; no queries, no rules."""
