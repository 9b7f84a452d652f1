"""Lets somebody leave who asked the office for it: by letter, by phone, at the desk."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from participatie.privacy.forms import GO, STAY
from participatie.privacy.leaving import CannotLeaveYet, leave


class Command(BaseCommand):
    help = "Lets a person leave, by their number; first make sure who asks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="the person's number (in the admin's address)")
        parser.add_argument(
            "--texts", choices=[STAY, GO], required=True, help="what becomes of published texts"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(pk=options["number"]).first()
        if person is None:
            raise CommandError("Nobody has this number.")
        try:
            departure = leave(person=person, texts_stay=options["texts"] == STAY)
        except CannotLeaveYet as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Person {person.pk} left; a worker empties the rest ({departure}).")
