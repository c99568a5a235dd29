"""The bihuan command; Django is loaded only when a command needs it."""
