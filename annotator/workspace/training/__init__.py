"""Training spaCy pipelines on a store."""
