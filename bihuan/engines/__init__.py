"""Heavy work without Django, each engine usable alone."""
