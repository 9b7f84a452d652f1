"""Owns initiatives: posting, support, comments, progress and official answers."""
