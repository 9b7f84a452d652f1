"""Amounts in templates."""

from django import template

from budgets.money import in_euros

register = template.Library()


@register.filter
def euros(cents: int | None) -> str:
    """Return an amount of cents in euros, exact; nothing where there is none."""
    return "" if cents is None else in_euros(cents)
