"""The start page: what the program is for, and the ways to begin."""
