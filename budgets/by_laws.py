"""What a grant must keep to: the by-laws of its fund, and the money that is there."""

import datetime

from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from budgets import ledger
from budgets.models import Account, Application, Deliberation, Fund, Stage
from budgets.models.application import PUBLIC_STAGES
from budgets.money import in_euros
from contributions.actions import Refused
from contributions.deadlines import today


class AgainstTheByLaws(Refused):
    """A grant that the by-laws do not allow; its message says which rule."""


class Shortage(Refused):
    """There is less money than this asks for."""

    def __init__(self, free: int) -> None:
        super().__init__(
            _("There is not enough money: %(free)s is left to give.") % {"free": in_euros(free)}
        )
        self.free = free


def put_in(fund: Fund) -> int:
    """Return what was put into a fund, in cents."""
    return -ledger.balances(fund)[Account.SOURCE]


def before_the_council(
    fund: Fund, *, area_id: int | None = None, besides: Application | None = None
) -> int:
    """Return what the council is voting about, in cents: spoken for until the vote is over.

    Args:
        area_id: of one area only.
    """
    latest = (
        Deliberation.objects.filter(
            application__fund=fund, application__stage=Stage.IN_DELIBERATION
        )
        .exclude(application=besides)
        .values("application")
        .annotate(latest=Max("pk"))
        .values("latest")
    )
    found = Deliberation.objects.filter(pk__in=latest)
    if area_id is not None:
        found = found.filter(application__area=area_id)
    return found.aggregate(total=Sum("cents"))["total"] or 0


def free(fund: Fund, *, besides: Application | None = None) -> int:
    """Return what can still be put to a vote, in cents."""
    return ledger.balances(fund)[Account.AVAILABLE] - before_the_council(fund, besides=besides)


def left_for_area(fund: Fund, area_id: int | None, *, besides: Application | None = None) -> int:
    """Return what an area can still get of a fund, in cents."""
    most = put_in(fund) * fund.share_per_area_percent // 100
    others = Application.objects.filter(fund=fund, area=area_id, stage__in=PUBLIC_STAGES)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    got = others.aggregate(total=Sum("granted"))["total"] or 0
    return max(0, most - got)


def free_for_area(fund: Fund, area_id: int | None, *, besides: Application | None = None) -> int:
    """Return what of an area's share can still be put to a vote, in cents."""
    claimed = before_the_council(fund, area_id=area_id, besides=besides)
    return max(0, left_for_area(fund, area_id, besides=besides) - claimed)


def check_grant(application: Application, cents: int, now: datetime.datetime) -> None:
    """Raise ``AgainstTheByLaws`` where an amount in cents cannot be given, whatever was voted."""
    fund = application.fund
    if cents < 1 or application.requested is None or cents > application.requested:
        raise AgainstTheByLaws(
            _("Give at least one cent, and at most what is asked: %(amount)s.")
            % {"amount": in_euros(application.requested or 0)}
        )
    if cents > fund.largest_grant:
        raise AgainstTheByLaws(
            _("The by-laws allow at most %(amount)s for one application.")
            % {"amount": in_euros(fund.largest_grant)}
        )
    if not fund.gives_on(today(now)):
        raise AgainstTheByLaws(
            _("The fund of %(year)s is closed: no money of it can be given any more.")
            % {"year": fund.year}
        )
    _check_share(cents, left_for_area(fund, application.area_id, besides=application))


def _check_share(cents: int, left: int) -> None:
    if cents > left:
        raise AgainstTheByLaws(
            _("This neighbourhood can get %(amount)s more this year, so that others get some too.")
            % {"amount": in_euros(left)}
        )


def check_free(application: Application, cents: int) -> None:
    """Raise where an amount is more than is left beside what is being voted on.

    Raises:
        Shortage: in the fund.
        AgainstTheByLaws: of the area's share.
    """
    left = free(application.fund, besides=application)
    if cents > left:
        raise Shortage(max(0, left))
    _check_share(cents, free_for_area(application.fund, application.area_id, besides=application))
