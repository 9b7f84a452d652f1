"""Load the sample data, for one's own machine."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from participatie import sampling


class Command(BaseCommand):
    help = "Load the sample data. Only with DEMO=1: its accounts have passwords that all can read."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Sample data is loaded with DEMO=1 only, on your own machine.")
        if sampling.is_loaded():
            self.stdout.write("sample data: already there")
            return
        count = sampling.load(now=timezone.now())
        sampling.make_all_sizes()
        self.stdout.write(f"sample data: {count} initiatives")
