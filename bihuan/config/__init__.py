"""Settings and root URLs: no logic."""
