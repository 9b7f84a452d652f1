"""Make the first administrator; everybody after that gets the role from one of them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import actions
from accounts.models import Role, User


class Command(BaseCommand):
    help = "Give the person with this e-mail address the administrator's role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="The address they will sign in with, by a code.")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        address = User.objects.normalize_email(email)
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError("This is not an e-mail address.") from error
        user = User.objects.filter(email=address).first()
        if user is None:
            user = User.objects.create_user(address)
        if user.has_role(Role.ADMINISTRATOR):
            self.stdout.write("This person is an administrator already.")
            return
        actions.grant_role(granted_by=None, user=user, role=Role.ADMINISTRATOR)
        self.stdout.write("Done. They sign in with a code that is sent to this address.")
