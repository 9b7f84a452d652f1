"""Filters that say dates, for the rooms below the texts."""

from django import template

from areas import dates

register = template.Library()

register.filter("in_words_with_year", dates.in_words_with_year)
