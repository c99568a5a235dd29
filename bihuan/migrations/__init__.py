"""Schema and frozen policy SQL."""
