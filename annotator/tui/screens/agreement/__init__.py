"""The agreement screen, and that of the cases behind a figure."""
