"""The words of the field as values: documents, spans, labels, decisions and what they fold to.

Everything here is pure. Offsets are half-open and count Unicode code points; the only place that turns
tokens into offsets and back is `tokens`.
"""
