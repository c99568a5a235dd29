"""The API: the same reads and deeds as on the pages and in the command, as JSON, for programs with a person's token."""
