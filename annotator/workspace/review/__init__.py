"""Reviews of a store: the annotators' sets, the gold set, and feedback."""
