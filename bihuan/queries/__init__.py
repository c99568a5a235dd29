"""What may be seen: every read starts at visible_to and returns frozen dataclasses."""
