"""Quarters in templates."""

import datetime

from django import template

from feedback import quarters

register = template.Library()


@register.filter
def quarter_in_words(quarter: datetime.date) -> str:
    return quarters.in_words(quarter)
