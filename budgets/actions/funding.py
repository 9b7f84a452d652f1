"""Money that comes into a fund."""

import datetime

from django.db import transaction

from accounts.models import User
from accounts.record import on_the_record
from budgets import ledger
from budgets.models import Act, Fund, Posting
from budgets.permissions import is_office
from contributions.actions import NotAllowed


@on_the_record
@transaction.atomic
def put_in(
    *,
    fund: Fund,
    cents: int,
    key: str,
    by: User,
    note: str = "",
    now: datetime.datetime | None = None,
) -> Posting:
    """Put money into a fund, as the programme office; the same ``key`` puts it in once.

    Raises:
        NotAllowed: it is not the programme office.
    """
    if not is_office(by):
        raise NotAllowed
    return ledger.post(
        fund=fund, act=Act.DEPOSIT, cents=cents, key=f"deposit:{key}", by=by, note=note, now=now
    )
