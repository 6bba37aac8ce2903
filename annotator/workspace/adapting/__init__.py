"""Copies of the pipeline that learn from finished documents."""
