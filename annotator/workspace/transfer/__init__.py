"""What enters and leaves a store: import, export, convert, merge, backup."""
