"""Findings and what is said of each: measures, results, states, who answers and by when, each with its place."""
