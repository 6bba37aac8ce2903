"""Agreement of a store's annotators: what is compared, the figures, and the reports."""
