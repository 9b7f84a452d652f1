"""Cards of initiatives, drawn once per version and language and kept in the cache."""

import hashlib
from collections.abc import Sequence

from django import template
from django.core.cache import caches
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ideas.models import Initiative

register = template.Library()

KEPT_SECONDS = 24 * 3600
#: Raise it when the card's template changes, so that no old drawing is shown.
DESIGN = 3


def card_key(initiative: Initiative) -> str:
    """Return a key that differs whenever anything that the card shows differs.

    Nothing on a card depends on who looks. Whether it may be seen is asked of the queryset each
    time, so a card of something hidden stays in the cache unseen until it is forgotten.
    """
    shown = (
        DESIGN,
        get_language(),
        initiative.pk,
        initiative.title,
        initiative.language,
        initiative.published_at,
        initiative.progress,
        initiative.support_count,
        initiative.threshold,
        initiative.closes_on,
        initiative.answer_due_date,
        initiative.area and initiative.area.name,
        initiative.on_behalf_of and (initiative.on_behalf_of.name, initiative.on_behalf_of.kind),
        initiative.theme and (initiative.theme.short_name, initiative.theme.colour_key),
        getattr(initiative, "lead_picture", None),
    )
    return "card:" + hashlib.sha256(repr(shown).encode()).hexdigest()


@register.simple_tag
def cards(initiatives: Sequence[Initiative]) -> SafeString:
    """Draw the cards of a list, asking the cache once for all of them."""
    keys = {initiative.pk: card_key(initiative) for initiative in initiatives}
    cache = caches["drawings"]
    known: dict[str, str] = cache.get_many(keys.values())
    drawn: dict[str, str] = {}
    card = get_template("ideas/_card.html")
    for initiative in initiatives:
        key = keys[initiative.pk]
        if key not in known:
            drawn[key] = known[key] = card.render({"initiative": initiative})
    if drawn:
        cache.set_many(drawn, KEPT_SECONDS)
    # Each part was drawn, and escaped, by the template.
    return mark_safe("".join(known[keys[initiative.pk]] for initiative in initiatives))  # noqa: S308
