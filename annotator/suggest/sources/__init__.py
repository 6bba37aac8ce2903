"""Sources of suggestions: pipelines, patterns, plug-ins, blank tokenizers."""
