"""What the screens with one document on them are composed of; each is a part with one job."""
