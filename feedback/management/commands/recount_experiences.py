"""Make the counts of experiences anew from the answers."""

from typing import Any

from django.core.management.base import BaseCommand

from feedback.actions import recount


class Command(BaseCommand):
    help = "Make the counts of experiences anew from the answers. Safe while people answer."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"counts put right: {recount()}")
