"""The believable county that make demo serves."""
