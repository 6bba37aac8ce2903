"""Learning from decisions while somebody annotates: memory, and the suggestions that follow it."""
