"""Owns initiatives: posting, support, comments, progress, official answers and promises."""
