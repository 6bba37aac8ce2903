"""Agreement between annotators: matching, coefficients, aggregation.

Everything here is pure: documents, their tokens and the annotators' finished sets come in as plain values. numpy is
imported inside the functions that need it, so that importing this room loads nothing of weight.
"""
