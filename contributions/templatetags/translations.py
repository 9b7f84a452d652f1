"""Texts in the language of the page."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from contributions.models import Contribution
from contributions.translations import Shown
from contributions.translations import shown_words as shown_in

register = template.Library()


@register.simple_tag
def shown_words(contribution: Contribution) -> Shown:
    """Return what a reader of this page gets of a text that came ``in_language``."""
    return shown_in(contribution, get_language() or settings.LANGUAGE_CODE)
