"""Count every closed vote anew, and say where the result differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jongerenraad.actions.votes import recount


class Command(BaseCommand):
    help = "Count every closed vote anew from its ballots. Fails when a result differs."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = recount()
        for difference in differences:
            self.stderr.write(f"matter {difference.matter_pk}: {difference.what}")
        if differences:
            raise CommandError(f"votes with another result: {len(differences)}")
        self.stdout.write("every closed vote is as its ballots say")
