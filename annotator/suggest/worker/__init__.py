"""The worker process, and how its parent asks it."""
