"""What about a reader changes the page of an initiative."""

import re
from collections.abc import Hashable

from django.db import connection
from django.http import HttpRequest

from contributions.requests import signed_in
from ideas.together import is_known_young
from indicators.models import Theme
from notifications.models import Follow

_SLUG = re.compile(r"[-\w]{1,100}", re.ASCII)

#: Asked with each page that is kept, so it is written out: putting it together anew takes ten times
#: as long as answering it.
_FACTS = """
    SELECT
        EXISTS (
            SELECT 1 FROM ideas_support
            WHERE initiative_id = initiative.id AND person_id = %(reader)s
        ),
        EXISTS (
            SELECT 1 FROM notifications_follow
            WHERE kind = 'initiative' AND subject_id = initiative.id AND person_id = %(reader)s
        ),
        initiative.author_id = %(reader)s OR EXISTS (
            SELECT 1 FROM ideas_comment
            WHERE initiative_id = initiative.id AND author_id = %(reader)s
        ) OR EXISTS (
            SELECT 1 FROM ideas_coinitiator
            WHERE initiative_id = initiative.id AND user_id = %(reader)s
        ) OR EXISTS (
            SELECT 1 FROM contributions_spokentext WHERE made_by_id = %(reader)s
        )
    FROM ideas_initiative AS initiative WHERE initiative.id = %(initiative)s
"""


def facts_of_reader(request: HttpRequest, pk: int, slug: str) -> Hashable | None:
    """Return what the page tells a signed-in reader without a role (one query).

    None for whoever wrote on the page, reads texts aloud or leads the initiative: they find more
    there than others do.
    Nobody under 16 finds the way to offer help.
    """
    reader = signed_in(request)
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"reader": reader.pk, "initiative": pk})
        supports, follows, writes = cursor.fetchone() or (False, False, True)
    return None if writes else (bool(supports), bool(follows), is_known_young(reader))


def facts_of_list(request: HttpRequest) -> Hashable:
    """Return what the list tells a signed-in reader: whether they follow its theme."""
    theme = request.GET.get("theme", "")
    if not _SLUG.fullmatch(theme):
        return ()
    chosen = Theme.objects.filter(slug=theme).values("pk")
    own = Follow.objects.filter(person=signed_in(request), kind="theme", subject_id__in=chosen)
    return own.exists()
