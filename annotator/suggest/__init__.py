"""Suggestions: a spaCy pipeline in a process of its own, memory, patterns, and the rule that combines what they propose.

`service`, `answers`, `requests`, `process`, `resolution`, `patterns`, `memory` and what it is made of, `recall`,
`corrections` and `combine` belong to the interface's process and load neither spacy nor numpy; `pipeline`, `rules`,
`components`, `scores` and `chunks` belong to the worker.
"""
