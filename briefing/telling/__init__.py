"""Tells people: which occasions there are, what is said of each, and the way it goes out."""
