"""The store: a folder of small plain TinyDB files, one for each document and one for each annotation set.

```
<store>/
  store.json                            schema version, label set, pipeline and tokenizer
  documents/3f/<name>.json              text, metadata and what the source brought; written once
  annotations/<annotator>/3f/<name>.json  spans, decisions and status
  .cache/                               disposable: the catalogue, tokens, suggestions
  .tmp/                                 files on their way to their place
```

A save costs the size of one document and is durable when it returns; a failed one leaves the old file whole.
"""
