"""The audit's screens: findings and their places, and a look at a place in its text."""
