"""Whether somebody may write now: the one check of every act that puts words on the site."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import User
from contributions.actions.refusals import MeasureHolds
from contributions.dates import in_words
from contributions.permissions import measure_on


def check_may_write(person: User | AnonymousUser, now: datetime.datetime) -> None:
    """Refuse what a measure keeps somebody from: handing in, changing what is read, inviting.

    Reading, appealing, reporting, supporting, answering with one tap, taking texts away, taking
    data out and leaving go on (docs/adr/0034).

    Raises:
        MeasureHolds: the account is paused, or the person's taking part was ended.
    """
    measure = measure_on(person, now)
    if measure is None:
        return
    if measure.last_date is None:
        raise MeasureHolds
    raise MeasureHolds(
        _(
            "Your account is paused until the end of %(date)s, so this can't be done now. My page "
            "says why, and how to ask for another look."
        )
        % {"date": in_words(measure.last_date)}
    )
