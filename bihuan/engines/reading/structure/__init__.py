"""Text to lines, clauses, numbers and the tree of headings; nothing is decided about findings here."""
