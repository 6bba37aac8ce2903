"""The command line: thin commands over the rooms below; each imports what it needs when it runs."""
