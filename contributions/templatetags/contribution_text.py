"""Filters that show participants' texts."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from contributions import dates
from contributions.text import markdown_to_html, markdown_to_text

register = template.Library()

register.filter("in_words", dates.in_words)
register.filter("in_words_with_year", dates.in_words_with_year)
register.filter("with_weekday", dates.with_weekday)


@register.filter
def markdown(text: str) -> SafeString:
    """Render a participant's Markdown below the headings of the page."""
    return markdown_to_html(text)


@register.filter
def page_markdown(text: str) -> SafeString:
    """Render a staff text's Markdown: its headings start at level two, under the page's title."""
    return markdown_to_html(text, heading_shift=0)


@register.filter
def plain(text: str) -> str:
    """Return the words of a Markdown text."""
    return markdown_to_text(text)


@register.filter
def own_language_name(code: str) -> str:
    """Return a language's own name."""
    return str(dict(settings.CONTENT_LANGUAGES).get(code, code))


@register.filter
def language_direction(code: str) -> str:
    """Return the direction a language is written in: ``rtl`` or ``ltr``."""
    return "rtl" if code in settings.LANGUAGES_BIDI else "ltr"
