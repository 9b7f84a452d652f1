"""manage.py rebuild_search: makes what search looks through anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contributions.models import SearchDocument
from contributions.search.documents import catch_up
from contributions.search.vocabulary import forget_unused_words

AT_ONCE = 1_000


class Command(BaseCommand):
    help = (
        "Writes the documents of search that are missing, drops those whose text is not on the "
        "site, and forgets words that stand nowhere any more. Searches go on meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="write those that are there too")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            # An edition that no document has from now on, so that each is written once more.
            SearchDocument.objects.update(edition=0)
        total = 0
        while done := catch_up(at_most=AT_ONCE):
            total += done
        forget_unused_words()
        self.stdout.write(f"documents of search: {total} written or dropped")
