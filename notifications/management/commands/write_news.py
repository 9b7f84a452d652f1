"""Write the sheets of news for the information points."""

import datetime
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notifications.paper import day_named, latest_day
from notifications.paper_files import FolderMissing, NotAllWritten, write_news


def _day(told: str) -> datetime.date:
    """Return the day that an option names; argparse tells of the error."""
    day = day_named(told)
    if day is None:
        raise ArgumentTypeError(f"{told} is no day. Write it as YYYY-MM-DD.")
    return day


class Command(BaseCommand):
    help = "Write the news of a day as text to print: a file for each area and listed language."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, type=Path, help="A folder that is there.")
        parser.add_argument("--day", type=_day, help="YYYY-MM-DD; yesterday where it is left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        last = latest_day(timezone.now())
        day = options["day"] or last
        if day > last:
            raise CommandError(f"{day} is not over yet. The last day is {last}.")
        try:
            count = write_news(options["to"], day)
        except (FolderMissing, NotAllWritten) as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(f"sheets written: {count}")
