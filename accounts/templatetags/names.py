"""Names of people inside our own sentences."""

from django import template

register = template.Library()


@register.filter
def before_full_stop(name: str) -> str:
    """Return a name for the end of a sentence: "Anna R." brings the full stop with it."""
    return name.removesuffix(".")
