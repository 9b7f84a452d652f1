"""Applications in templates."""

from django import template

from budgets.standing import ACT_WORDS

register = template.Library()


@register.filter
def in_act_words(act: str) -> str:
    """Return what was done with an application, in words."""
    return str(ACT_WORDS.get(act, act))
