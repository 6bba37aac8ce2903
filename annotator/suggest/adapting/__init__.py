"""Adapting a copy of the pipeline to finished documents."""
