"""Steps over many documents: a label renamed, a correction for all mentions."""
