"""Dates as people say them, for the texts of participants and all above them."""

from areas.dates import in_words, in_words_with_year, with_weekday

__all__ = ["in_words", "in_words_with_year", "with_weekday"]
