"""What the regulations say: plain Python, standard library only."""
