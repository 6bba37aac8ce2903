"""The feedback screen."""
