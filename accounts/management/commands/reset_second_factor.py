"""Take the second factors away from somebody who lost them, where no administrator can."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import factors, notices
from accounts.models import User


class Command(BaseCommand):
    help = "Take away the second factors of the person with this e-mail address, and sign them out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="The address they sign in with.")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=User.objects.normalize_email(email)).first()
        if user is None:
            raise CommandError("Nobody with this address has an account.")
        factors.reset(user=user, by=None)
        notices.send("safety_changed", user.email, user, what="reset")
        self.stdout.write("Done, and recorded. They set up a second factor when they sign in.")
