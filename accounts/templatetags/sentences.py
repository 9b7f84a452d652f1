"""Small corrections to our own sentences, where what they stand in needs them."""

from django import template

register = template.Library()

#: Joins what stands on both sides, without a width of its own.
WORD_JOINER = "\u2060"


@register.filter
def before_full_stop(name: str) -> str:
    """Return a name for the end of a sentence: "Anna R." brings the full stop with it."""
    return name.removesuffix(".")


@register.filter
def unbroken(sentence: str) -> str:
    """Keep words with a hyphen on one line: in large letters "e-" and "mail" read as two."""
    return sentence.replace("-", f"-{WORD_JOINER}")
