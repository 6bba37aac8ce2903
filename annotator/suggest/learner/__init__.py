"""A sequence model that learns from each finished document, in a process of its own."""
