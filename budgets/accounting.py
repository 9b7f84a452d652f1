"""What everybody may know of a fund: how much there is, where it went, and what came of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from areas.models import Area
from budgets import by_laws, ledger
from budgets.models import Account, Application, Entry, Fund, GrantReport, Posting, Stage
from budgets.models.application import PUBLIC_STAGES
from contributions.models import Picture, Status


@dataclass(frozen=True)
class Part:
    """A part of a fund's money, in cents, as a piece of a bar from ``start``, in 1/1000."""

    label: str
    cents: int
    key: str
    start: int = 0
    width: int = 0


@dataclass(frozen=True)
class AreaShare:
    """What one area got, in cents, of what it can get at most."""

    name: str
    cents: int
    most: int


def parts_of(fund: Fund) -> list[Part]:
    """Return where all the money of a fund is; the parts add up to what was put in."""
    held = ledger.balances(fund)
    voted = min(by_laws.before_the_council(fund), held[Account.AVAILABLE])
    amounts = [
        (_("Still to give"), held[Account.AVAILABLE] - voted, "free"),
        (_("The council is voting on it"), voted, "voted"),
        (_("Promised"), held[Account.RESERVED], "promised"),
        (_("Paid"), held[Account.PAID], "paid"),
        (
            _("On its way back"),
            held[Account.RETURNED] + held[Account.RECOVERED],
            "back",
        ),
    ]
    whole = sum(cents for _label, cents, _key in amounts)
    parts, start = [], 0
    for label, cents, key in amounts:
        width = round(cents * 1000 / whole) if whole else 0
        parts.append(Part(label, cents, key, start, width))
        start += width
    return parts


def shares_of_areas(fund: Fund) -> list[AreaShare]:
    """Return what each neighbourhood got of a fund, also those that got nothing yet."""
    most = by_laws.put_in(fund) * fund.share_per_area_percent // 100
    got = dict(
        Application.objects.filter(fund=fund, stage__in=PUBLIC_STAGES)
        .order_by()
        .values_list("area")
        .annotate(total=Sum("granted"))
    )
    shares = [
        AreaShare(area.name, got.get(area.pk, 0), most)
        for area in Area.objects.accepting_contributions()
    ]
    return sorted(shares, key=lambda share: (-share.cents, share.name))


@dataclass(frozen=True)
class Counts:
    """How many plans were asked for, and what became of them."""

    asked: int
    granted: int
    unread: int
    declined: int
    reported: int


def counts_of(fund: Fund) -> Counts:
    """Count the applications of a fund that were handed in."""
    found = (
        Application.objects.filter(fund=fund)
        .exclude(stage=Stage.DRAFT)
        .aggregate(
            asked=Count("pk"),
            granted=Count("pk", filter=Q(stage__in=PUBLIC_STAGES)),
            unread=Count("pk", filter=Q(stage__in=PUBLIC_STAGES) & ~Q(status=Status.PUBLISHED)),
            declined=Count("pk", filter=Q(stage=Stage.DECLINED)),
            reported=Count("pk", filter=Q(stage=Stage.CLOSED)),
        )
    )
    return Counts(**found)


@dataclass(frozen=True)
class Given:
    """A plan that got money, with what came of it as far as it is told."""

    application: Application
    report: GrantReport | None
    picture: Picture | None


def given(applications: Iterable[Application]) -> list[Given]:
    """Return plans with the reports and pictures that everybody may see, in two queries."""
    found = list(applications)
    reports = {
        report.application_id: report
        for report in GrantReport.objects.visible_to(AnonymousUser()).filter(application__in=found)
    }
    pictures: dict[int, Picture] = {}
    dossiers = [report.dossier_id for report in reports.values()]
    for picture in Picture.objects.filter(dossier__in=dossiers).shown():
        pictures.setdefault(picture.dossier_id, picture)
    return [
        Given(
            one,
            report := reports.get(one.pk),
            pictures.get(report.dossier_id) if report else None,
        )
        for one in found
    ]


SHEET_HEADING = ("date", "act", "account", "cents", "amount", "posting", "plan", "area", "note")


def entries_of(fund: Fund) -> Iterator[tuple[object, ...]]:
    """Yield every entry of a fund's ledger, oldest first, as the cells of a sheet.

    A plan is named where everybody may read it, and else by its number alone. Notes are told of
    deposits only: others may hold words about people.
    """
    shown = set(
        Application.objects.visible_to(AnonymousUser())
        .filter(fund=fund)
        .values_list("pk", flat=True)
    )
    entries = (
        Entry.objects.filter(posting__fund=fund)
        .select_related("posting__application__area")
        .order_by("posting__made_at", "posting_id", "-cents")
    )
    for entry in entries.iterator(chunk_size=500):
        posting: Posting = entry.posting
        plan = posting.application
        yield (
            timezone.localdate(posting.made_at),
            posting.get_act_display(),
            entry.get_account_display(),
            entry.cents,
            Decimal(entry.cents).scaleb(-2),
            posting.pk,
            (plan.title if plan.pk in shown else plan.pk) if plan else "",
            plan.area.name if plan and plan.area and plan.pk in shown else "",
            posting.note if posting.act == "deposit" else "",
        )
