"""Repair: every kind of damage that a check finds, mended after a backup or put aside."""
