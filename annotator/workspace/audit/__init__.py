"""The consistency audit of a store: findings, and the step that harmonises them."""
