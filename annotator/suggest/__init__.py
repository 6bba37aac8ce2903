"""Suggestions: a spaCy pipeline in a process of its own, and one rule that combines what it and others propose.

`service`, `answers`, `requests`, `process`, `resolution` and `combine` belong to the interface's process and load
neither spacy nor numpy; `pipeline`, `components`, `scores` and `chunks` belong to the worker.
"""
