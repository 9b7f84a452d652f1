"""What an applicant does: ask, change, hand in, agree, and take back."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from budgets import documents, ledger
from budgets.by_laws import AgainstTheByLaws
from budgets.models import Act, Application, CostLine, Document, Fund, Stage
from budgets.models.application import EDITED_IN
from budgets.money import in_euros
from budgets.stages import changing, move, note
from contributions.actions import AgeUnknown, NotAllowed, NotPossibleNow, Refused, submit, withdraw
from contributions.deadlines import today
from contributions.drafts import MAX_DRAFTS_PER_ACCOUNT
from contributions.models import Dossier, Status
from ideas.actions import DraftsToFinish
from ideas.models import Initiative
from jongerenraad.models import Council

MAX_LINES = 20
MAX_QUOTES = 10

#: Bands in which somebody may not receive money for others.
MINORS = ("", User.AgeBand.FROM_12, User.AgeBand.FROM_16)


class NoFund(Refused):
    message = _("There is no money to apply for at the moment. Look again later.")


class RoundsAreOver(Refused):
    message = _("The last day to apply this year is over. You can apply again next year.")


class Unfinished(Refused):
    message = _("Something is still missing: say what, where, when, what it costs and who gets it.")


class DaysAreOver(Refused):
    message = _("Your first day is over already. Choose days that still have to come.")


class NotByAMinor(Refused):
    message = _(
        "You are under 18. Choose an adult or an organisation that receives the money for you."
    )


class TooManyQuotes(Refused):
    message = _("You can add ten quotes at most.")


@dataclass(frozen=True)
class Cost:
    """One line of what something costs, in cents."""

    description: str
    cents: int


def fund_to_apply_to(council: Council, now: datetime.datetime) -> Fund:
    """Return the fund of this year that takes applications.

    Raises:
        NoFund: the council has none this year.
        RoundsAreOver: its last closing date is over.
    """
    day = today(now)
    fund = council.funds.of_year(day.year).first()
    if fund is None:
        raise NoFund
    if not fund.gives_on(day) or fund.next_closing_date(day) is None:
        raise RoundsAreOver
    return fund


@transaction.atomic
def start(
    *,
    council: Council,
    by: User,
    language: str,
    initiative: Initiative | None = None,
    now: datetime.datetime | None = None,
) -> Application:
    """Begin an application, by itself or for an idea; what the idea says is filled in.

    Raises:
        NoFund, RoundsAreOver: there is nothing to apply for.
        DraftsToFinish: the person has thirty drafts.
    """
    now = now or timezone.now()
    fund = fund_to_apply_to(council, now)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    own = Application.objects.filter(author=by, status=Status.DRAFT)
    if own.count() >= MAX_DRAFTS_PER_ACCOUNT:
        raise DraftsToFinish
    return Application.objects.create(
        dossier=Dossier.objects.create(kind=Application.kind),
        fund=fund,
        initiative=initiative,
        title=initiative.title if initiative else "",
        what=initiative.text[: Application._meta.get_field("what").max_length]
        if initiative
        else "",
        area=initiative.area if initiative else by.area,
        author=by,
        entered_by=by,
        language=initiative.language if initiative else language,
        created_at=now,
        changed_at=now,
        stage_since=now,
    )


def _own_and_open(application: Application, by: User) -> None:
    if application.author_id != by.pk:
        raise NotAllowed
    if application.stage not in EDITED_IN:
        raise NotPossibleNow


def write(
    *,
    application: Application,
    by: User,
    values: dict[str, Any],
    costs: Iterable[Cost] | None = None,
    now: datetime.datetime | None = None,
) -> Application:
    """Save fields, and with ``costs`` all lines, of an application that was not handed in.

    Raises:
        NotAllowed: it is someone else's.
        NotPossibleNow: it was handed in.
    """
    with changing(application) as locked:
        _own_and_open(locked, by)
        for name, value in values.items():
            setattr(locked, name, value)
        if costs is not None:
            locked.lines.all().delete()
            CostLine.objects.bulk_create(
                CostLine(
                    application=locked,
                    position=position,
                    description=cost.description,
                    cents=cost.cents,
                )
                for position, cost in enumerate(costs)
            )
        locked.changed_at = now or timezone.now()
        locked.save()
        if locked.status == Status.SUBMITTED:
            # The moderators' queue goes by the dossier.
            locked.dossier.area = locked.area
            locked.dossier.language = locked.language
            locked.dossier.save(update_fields=["area", "language"])
        return locked


def add_quote(*, application: Application, by: User, drawn: documents.Drawn) -> Document:
    """Add a quote to an application that was not handed in; the same file twice is one.

    Raises:
        TooManyQuotes: there are ten already.
    """
    with changing(application) as locked:
        _own_and_open(locked, by)
        quotes = locked.documents.filter(kind=Document.Kind.QUOTE)
        if found := quotes.filter(digest=drawn.digest).first():
            return found
        if quotes.count() >= MAX_QUOTES:
            raise TooManyQuotes
        return documents.keep(locked, Document.Kind.QUOTE, drawn)


def take_quote_away(*, quote: Document, by: User) -> None:
    """Take a quote away from an application that was not handed in."""
    with changing(quote.application) as locked:
        _own_and_open(locked, by)
        quote.delete()
        transaction.on_commit(partial(documents.forget, quote))


def cost_of(application: Application) -> int:
    """Return what an application costs by its lines, in cents."""
    return application.lines.aggregate(total=Sum("cents"))["total"] or 0


def hand_in(
    *, application: Application, by: User, now: datetime.datetime | None = None
) -> Application:
    """Hand in an application, for the first time or after it came back.

    What came back may come again after the closing date: it was in time before.

    Raises:
        NotAllowed, NotPossibleNow, AgeUnknown, AddressNotConfirmed: who it is, or where it stands.
        Unfinished, DaysAreOver, NotByAMinor, AgainstTheByLaws: what it says.
        NoFund, RoundsAreOver: there is no round to hand it in for.
    """
    now = now or timezone.now()
    with changing(application) as locked:
        _own_and_open(locked, by)
        if by.needs_age(now):
            raise AgeUnknown
        if locked.stage == Stage.DRAFT or not locked.fund.gives_on(today(now)):
            # What was begun last year asks for money of this year.
            locked.fund = fund_to_apply_to(locked.fund.council, now)
        # What was approved was another text; that somebody did stays on the record.
        locked.approvals.all().delete()
        locked.requested = cost_of(locked) or None
        _check_whole(locked, by, now)
        locked.save()
        _let_read(locked, by, now)
        move(locked, Stage.SUBMITTED, act="hand_in", by=by, now=now)
        return locked


def _let_read(application: Application, by: User, now: datetime.datetime) -> None:
    """Hand the text of a locked application to the moderators, again where it may have changed."""
    if application.status == Status.PUBLISHED:
        withdraw(contribution=application, by=by, now=now)
        application.refresh_from_db(fields=["status"])
    if application.status in (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN):
        submit(contribution=application, by=by, now=now)
    application.refresh_from_db(fields=["status", "submitted_at", "published_at"])


def reword(
    *,
    application: Application,
    by: User,
    values: dict[str, str],
    now: datetime.datetime | None = None,
) -> Application:
    """Change the words that a moderator sent back, while the council goes on with the rest.

    Raises:
        NotAllowed: it is someone else's.
        NotPossibleNow: no moderator sent it back, or it can be changed as a whole.
        contributions.actions.Refused: what ``submit`` refuses.
    """
    now = now or timezone.now()
    with changing(application) as locked:
        if locked.author_id != by.pk:
            raise NotAllowed
        if not can_be_reworded(locked):
            raise NotPossibleNow
        for name, value in values.items():
            setattr(locked, name, value)
        locked.changed_at = now
        locked.save()
        note(locked, act="reword", by=by, now=now)
        _let_read(locked, by, now)
        return locked


def can_be_reworded(application: Application) -> bool:
    """Say whether its words, and only they, can be changed: a moderator sent them back."""
    return (
        application.status == Status.RETURNED
        and application.stage not in EDITED_IN
        and application.stage not in (Stage.WITHDRAWN, Stage.DECLINED)
    )


def _check_whole(application: Application, by: User, now: datetime.datetime) -> None:
    whole = (
        application.title
        and application.what
        and application.area_id
        and application.starts_date
        and application.ends_date
        and application.ends_date >= application.starts_date
        and application.recipient
        and application.requested
    )
    if not whole:
        raise Unfinished
    assert application.starts_date is not None
    assert application.requested is not None
    if application.starts_date < today(now) and application.stage == Stage.DRAFT:
        raise DaysAreOver
    if application.recipient == Application.Recipient.APPLICANT:
        if by.age_band in MINORS:
            raise NotByAMinor
    elif not application.recipient_name:
        raise Unfinished
    if application.requested > application.fund.largest_grant:
        raise AgainstTheByLaws(
            _("You ask %(asked)s. The council gives at most %(most)s for one plan.")
            % {
                "asked": in_euros(application.requested),
                "most": in_euros(application.fund.largest_grant),
            }
        )


def agree(
    *, application: Application, by: User, now: datetime.datetime | None = None
) -> Application:
    """Agree with what was granted: do it for that amount, and report before a date.

    Raises:
        NotAllowed: it is someone else's.
        NotPossibleNow: nothing was granted, or it was agreed upon before.
    """
    with changing(application) as locked:
        if locked.author_id != by.pk:
            raise NotAllowed
        move(locked, Stage.AGREED, act="agree", by=by, now=now or timezone.now())
        return locked


def take_back(
    *, application: Application, by: User, reason: str = "", now: datetime.datetime | None = None
) -> Application:
    """Withdraw an application, as its applicant; money that was promised is free again.

    Raises:
        NotAllowed: it is someone else's.
        NotPossibleNow: the payment was ordered, or it is over.
    """
    now = now or timezone.now()
    with changing(application, money=True) as locked:
        if locked.author_id != by.pk:
            raise NotAllowed
        promised = locked.granted or 0
        move(locked, Stage.WITHDRAWN, act="take_back", by=by, reason=reason, now=now)
        if promised:
            ledger.post(
                fund=locked.fund,
                act=Act.RELEASE,
                cents=promised,
                key=f"release:{locked.pk}",
                application=locked,
                by=by,
                now=now,
            )
        if locked.status in (Status.SUBMITTED, Status.PUBLISHED, Status.RETURNED):
            withdraw(contribution=locked, by=by, now=now)
            locked.refresh_from_db(fields=["status"])
        return locked
