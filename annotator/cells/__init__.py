"""Terminal cells: widths, graphemes, directions, and fitting a text into cells; for the screen and the command line."""
