"""What opens over another screen, each imported when it is wanted."""
