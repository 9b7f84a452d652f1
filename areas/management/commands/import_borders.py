"""Take the borders of the areas from PDOK, or from files in its format."""

import json
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from areas.actions import import_borders
from areas.borders import NotReadable, pages_at
from areas.models import Area


class Command(BaseCommand):
    help = "Take the borders of the areas from PDOK (PDOK_BORDERS_URL), or from GeoJSON files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--file",
            action="append",
            default=[],
            type=Path,
            help="a GeoJSON file of wijken or buurten; give it more than once for more files",
        )
        parser.add_argument("--url", default=settings.PDOK_BORDERS_URL, help="another address")
        parser.add_argument(
            "--year", type=int, help="the edition of the CBS codes (read from the address)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files, address = options["file"], options["url"]
        named = re.search(r"-(20\d\d)(?:/|$)", address)
        year = options["year"] or (int(named[1]) if named else None)
        if year is None:
            raise CommandError("Say of which year the codes are: --year 2025.")
        try:
            run = import_borders(
                pages=(
                    [_read(path) for path in files]
                    if files
                    else pages_at(address, list(Area.objects.all()))
                ),
                source=", ".join(path.name for path in files) or address,
                year=year,
            )
        except NotReadable as error:
            raise CommandError(str(error)) from error
        for what, reason in run.refused:
            self.stdout.write(f"refused: {what}: {reason}")
        self.stdout.write(
            f"borders: {run.rows_read} rows read, {run.rows_added} added, "
            f"{run.rows_changed} changed, {len(run.refused)} refused"
        )


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(f"{path} cannot be read as GeoJSON: {error}") from error
