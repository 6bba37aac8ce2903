"""Measurements against the budgets; `python -m tests.benchmarks.NAME` runs one. Each compares within one run."""
