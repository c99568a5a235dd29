"""Figures as of a day: counted from flows, by round, kind, class, top category or unit, and coverage of the term."""
