"""Suggestions: a spaCy pipeline in a process of its own, plug-ins, memory, patterns, and the rule that combines them.

`service`, `pool`, `answers`, `requests`, `process`, `resolution`, `plugins`, `patterns`, `memory` and what it is made of, `recall`,
`corrections` and `combine` belong to the interface's process and load neither spacy nor numpy; `pipeline`, `plugin_calls`,
`rules`, `components`, `scores` and `chunks` belong to the worker.
"""
