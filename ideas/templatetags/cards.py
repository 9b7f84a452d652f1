"""Cards of initiatives, drawn once per version and language and kept in the cache."""

import hashlib
from collections.abc import Mapping, Sequence

from django import template
from django.core.cache import caches
from django.template.loader import get_template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from contributions.translations import Shown, shown_words
from ideas.models import Initiative
from ideas.searching import Found

register = template.Library()

KEPT_SECONDS = 24 * 3600
#: Raise it when the card's template changes, so that no old drawing is shown.
DESIGN = 4


def card_key(initiative: Initiative, told: Shown) -> str:
    """Return a key that differs whenever anything that the card shows differs.

    Nothing on a card depends on who looks. Whether it may be seen is asked of the queryset each
    time, so a card of something hidden stays in the cache unseen until it is forgotten.
    """
    shown = (
        DESIGN,
        get_language(),
        initiative.pk,
        told.words.get("title"),
        told.label,
        told.is_outdated,
        initiative.language,
        initiative.channel,
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
def cards(
    initiatives: Sequence[Initiative], marks: Mapping[int, Found] | None = None
) -> SafeString:
    """Draw the cards of a list, asking the cache once for all of them.

    Args:
        marks: what a search found in each: it is marked in the drawing afterwards.
    """
    told = {one.pk: shown_words(one, get_language() or "") for one in initiatives}
    keys = {one.pk: card_key(one, told[one.pk]) for one in initiatives}
    cache = caches["drawings"]
    known: dict[str, str] = cache.get_many(keys.values())
    drawn: dict[str, str] = {}
    card = get_template("ideas/_card.html")
    for initiative in initiatives:
        key = keys[initiative.pk]
        if key not in known:
            drawn[key] = known[key] = card.render(
                {"initiative": initiative, "shown": told[initiative.pk]}
            )
    if drawn:
        cache.set_many(drawn, KEPT_SECONDS)
    drawings = [
        _marked(known[keys[one.pk]], one, told[one.pk], marks[one.pk])
        if marks
        else known[keys[one.pk]]
        for one in initiatives
    ]
    # Each part was drawn, and escaped, by the template.
    return mark_safe("".join(drawings))  # noqa: S308


def _marked(drawing: str, initiative: Initiative, told: Shown, found: Found) -> str:
    """Mark what was found in a card; under a translated title stands what was found as written."""
    end = "</a></h3>"
    excerpt = found.excerpt and format_html(
        '<p class="card__found" lang="{}" dir="auto">{}</p>', initiative.language, found.excerpt
    )
    if told.is_translated:
        written = format_html(
            '<p class="card__found" lang="{}" dir="auto">{}</p>', initiative.language, found.title
        )
        return drawing.replace(end, f"{end}{written}{excerpt}", 1)
    title = escape(initiative.title)
    return drawing.replace(f">{title}{end}", f">{found.title}{end}{excerpt}", 1)
