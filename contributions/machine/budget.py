"""How many characters may go to a machine in a month: counted in the database, before they go."""

import datetime

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest

from contributions.deadlines import today
from contributions.models import MachineMonth


def _month(now: datetime.datetime) -> datetime.date:
    return today(now).replace(day=1)


def spend(characters: int, *, now: datetime.datetime) -> bool:
    """Take characters from the month's budget, if as many are left; say whether they were.

    One statement looks and takes: two workers never take the same ones.
    """
    month = _month(now)
    limit = settings.TRANSLATION_CHARACTERS_A_MONTH
    MachineMonth.objects.get_or_create(month=month)
    left = MachineMonth.objects.filter(month=month, characters__lte=limit - characters)
    return left.update(characters=F("characters") + characters) == 1


def give_back(characters: int, *, now: datetime.datetime) -> None:
    """Put characters back that no machine worked on."""
    MachineMonth.objects.filter(month=_month(now)).update(
        characters=Greatest(F("characters") - characters, 0)
    )


def begins_again(now: datetime.datetime) -> datetime.datetime:
    """Return when the next month's budget begins."""
    first = _month(now)
    following = (first + datetime.timedelta(days=32)).replace(day=1)
    return now + datetime.timedelta(days=(following - today(now)).days)
