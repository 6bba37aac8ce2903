"""Actions and keys: one registry behind keymap, footer, help and palette."""
