"""Load what the platform starts from: areas, figures, house rules, words, pages, councils."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from areas.loading import load_areas
from contributions.loading import (
    load_house_rules,
    load_policy_words,
    load_saved_replies,
    load_word_lists,
)
from indicators.loading import (
    load_budget_lines,
    load_indicators,
    load_interventions,
    load_measurements,
    load_target_groups,
    load_targets,
    load_themes,
)
from jongerenraad.loading import load_councils
from participatie.loading import load_pages


class Command(BaseCommand):
    help = (
        "Load areas, themes, target groups, interventions, budget, figures, house rules, lists of "
        "words, words of policy, pages and councils. "
        "Safe to run again: it adds what is missing and never overwrites what staff wrote."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for label, load in (
            ("areas", load_areas),
            ("themes", load_themes),
            ("target groups", load_target_groups),
            ("interventions", load_interventions),
            ("budget lines", load_budget_lines),
            ("figures", load_indicators),
            ("measurements", load_measurements),
            ("targets", load_targets),
            ("house rules", load_house_rules),
            ("saved replies", load_saved_replies),
            ("lists of words", load_word_lists),
            ("words of policy", load_policy_words),
            ("pages", load_pages),
            ("councils", load_councils),
        ):
            self.stdout.write(f"{label}: {load()} added")
