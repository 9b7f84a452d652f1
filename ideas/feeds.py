"""The list of initiatives as an Atom feed."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from ideas.models import Initiative


class Feed(Atom1Feed):
    """An Atom feed in which each entry says which language it is in."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add(self, initiative: Initiative, *, summary: str) -> None:
        """Add an initiative that everybody may read. Its writer stays out: the list has no names.

        Args:
            summary: the first words of its story, without marks.
        """
        published = initiative.published_at
        self.add_item(
            title=initiative.title,
            link=settings.SITE_URL + initiative.get_absolute_url(),
            description=summary,
            # The same in every language and for ever (RFC 4151).
            unique_id=f"tag:{urlsplit(settings.SITE_URL).hostname},2026:initiatief/{initiative.pk}",
            pubdate=published,
            updateddate=max(published, initiative.changed_at) if published else None,
            categories=[
                named
                for named in (
                    initiative.theme and initiative.theme.short_name,
                    initiative.area and initiative.area.name,
                )
                if named
            ],
            language=initiative.language,
        )
