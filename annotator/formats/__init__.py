"""Files that others write and read: one module a format, one registry.

A reader turns a source into annotated documents, a writer does the reverse; both stream. Tokens come in as
arguments, and nothing that a format cannot hold is dropped in silence: it is refused or reported.
"""
