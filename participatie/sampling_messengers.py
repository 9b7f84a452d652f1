"""Sample questions of the programme office to contact persons, and what one of them heard."""

import datetime
from collections.abc import Mapping

from accounts.models import User
from areas.models import Area
from contributions.deadlines import today
from indicators.models import TargetGroup
from participatie import messengers


def load(*, staff: Mapping[str, User], now: datetime.datetime) -> None:
    """Ask two things; the contact person for Polish told what they heard about one."""
    office = staff["programmabureau"]
    day = today(now)
    asked = messengers.ask_messengers(
        by=office,
        text="Waar lopen mensen met nachtdienst hier tegenaan? We horen ze bijna nooit.",
        language="nl",
        languages=["pl", "bg", "ro"],
        areas=[],
        target_group=TargetGroup.objects.filter(slug="arbeidsmigranten").first(),
        starts_date=day - datetime.timedelta(days=9),
        ends_date=day + datetime.timedelta(days=50),
        now=now - datetime.timedelta(days=9),
    )
    messengers.tell_office(
        request=asked,
        by=staff["contactpersoon"],
        text="Po nocnej zmianie nie jeździ żaden autobus. Ludzie wracają pieszo przez ciemny park.",
        language="pl",
        is_done=False,
        now=now - datetime.timedelta(days=2),
    )
    messengers.ask_messengers(
        by=office,
        text="We hoorden nog geen jonge Polen in Laak. Hoe zoeken zij een kamer?",
        language="nl",
        languages=["pl"],
        areas=list(Area.objects.filter(slug="laak")),
        target_group=None,
        starts_date=day - datetime.timedelta(days=1),
        ends_date=day + datetime.timedelta(days=40),
        now=now - datetime.timedelta(days=1),
    )
