"""The screens. None imports another; `app` puts them together."""
