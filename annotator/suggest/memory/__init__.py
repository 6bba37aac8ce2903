"""Memory: what people decided before, counted, and what follows from it."""
