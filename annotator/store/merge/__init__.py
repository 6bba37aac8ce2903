"""Merging: two histories of a set, two versions of a file, two stores."""
