"""What about a reader changes the page of an initiative."""

from collections.abc import Hashable

from django.db import connection
from django.http import HttpRequest

from contributions.requests import signed_in
from ideas.together import is_known_young

#: Asked with each page that is kept, so it is written out: putting it together anew takes ten times
#: as long as answering it.
_FACTS = """
    SELECT
        EXISTS (
            SELECT 1 FROM ideas_support
            WHERE initiative_id = initiative.id AND person_id = %(reader)s
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
        supports, writes = cursor.fetchone() or (False, True)
    return None if writes else (bool(supports), is_known_young(reader))
