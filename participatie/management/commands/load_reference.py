"""Load what the platform starts from: areas, themes, interventions, house rules and pages."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from areas.loading import load_areas
from contributions.loading import load_house_rules
from indicators.loading import load_interventions, load_target_groups, load_themes
from participatie.loading import load_pages


class Command(BaseCommand):
    help = (
        "Load areas, themes, target groups, interventions, house rules and pages. Safe to run "
        "again: it adds what is missing and never overwrites what staff wrote."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for label, load in (
            ("areas", load_areas),
            ("themes", load_themes),
            ("target groups", load_target_groups),
            ("interventions", load_interventions),
            ("house rules", load_house_rules),
            ("pages", load_pages),
        ):
            self.stdout.write(f"{label}: {load()} added")
