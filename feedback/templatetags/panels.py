"""Drawings of figures in templates."""

from django import template
from django.utils.safestring import SafeString

from areas.models import Area
from feedback import drawing
from feedback.dashboard import Panel

register = template.Library()


@register.simple_tag
def panel_now(panel: Panel, area: Area, problem: str = "") -> SafeString:
    """Draw one figure for the person who just answered."""
    return drawing.draw(panel, area, problem=problem)
