"""The house rules in force."""

import datetime

from django.db import transaction
from django.utils import timezone

from contributions.actions.refusals import NotPossibleNow
from contributions.models import (
    HouseRule,
)


def replace_house_rule(*, rule: HouseRule, now: datetime.datetime | None = None) -> HouseRule:
    """Put a changed rule in force as a new version; the old one keeps its words.

    Args:
        rule: a rule in force, with its new words set and not saved.
    """
    now = now or timezone.now()
    with transaction.atomic():
        old = HouseRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
        if old.valid_until is not None:
            raise NotPossibleNow
        old.valid_until = now
        old.save(update_fields=["valid_until"])
        rule.pk = None
        rule._state.adding = True
        rule.version = old.version + 1
        rule.valid_from = now
        rule.valid_until = None
        rule.save()
        return rule
