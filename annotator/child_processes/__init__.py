"""Child processes of this program, which exchange JSON with their parent over pipes, one value a line."""
