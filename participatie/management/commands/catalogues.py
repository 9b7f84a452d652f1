"""manage.py catalogues {update,check}: the sentences of the site and their translations."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from participatie.catalogues import faults, sentences, translated_languages, update


class Command(BaseCommand):
    help = "Bring the catalogues in locale/ in step with the code, or check that they are complete."

    # Reads files alone: it must run where there is no database.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["update", "check"])
        parser.add_argument(
            "languages", nargs="*", help="listed languages, unless others are named"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source = sentences()
        languages = options["languages"] or translated_languages()
        if options["verb"] == "update":
            for code in languages:
                catalogue = update(code, source)
                missing = sum(1 for message in catalogue if message.id and not message.string)
                fuzzy = sum(1 for message in catalogue if message.id and message.fuzzy)
                self.stdout.write(
                    f"{code}: {len(catalogue)} sentences, {missing} missing, {fuzzy} fuzzy"
                )
            return
        found = [fault for code in languages for fault in faults(code, source)]
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(
                f"{len(found)} faults in the catalogues (manage.py catalogues update)"
            )
        self.stdout.write(f"{len(source)} sentences, complete in {', '.join(languages)}")
