"""Reviewing: what several annotators marked in a document becomes one gold set, conflict by conflict.

Everything here is pure. The gold set is an ordinary annotation set: what the annotators marked are suggestions on it,
and taking a version, "no entity" or an edit are steps of decisions on these. So undo, redo, log and history are those of
annotating, and where each gold span comes from follows from its decisions.
"""
