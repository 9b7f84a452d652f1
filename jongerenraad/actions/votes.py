"""Votes: opened by the chair, cast by the electorate of that moment, counted once and for good."""

import datetime
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from contributions.actions import Refused, check_may_write
from jongerenraad.actions.members import lock_council
from jongerenraad.ballots import handle_of
from jongerenraad.kinds import MatterKind, kind_named, kind_of
from jongerenraad.models import (
    Choice,
    Council,
    Elector,
    Matter,
    MatterKey,
    Membership,
    MinorityView,
    Office,
    Outcome,
    SecretVote,
    Vote,
)
from jongerenraad.permissions import can_write_minority_view, membership_of
from jongerenraad.rules import outcome, quorum_of
from notifications.actions import notify

log = structlog.get_logger(__name__)

LONGEST_OPEN = datetime.timedelta(days=60)
#: Letters and digits of a receipt, without those that look like another one.
_RECEIPT_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class NotTheChair(Refused):
    message = _(
        "The chair opens a vote. If there is no chair, or the chair steps aside, the secretary "
        "does."
    )


class ClosingTimeWrong(Refused):
    message = _("Choose a closing time in the future, at most 60 days from now.")


class QuestionMissing(Refused):
    message = _("Write the question to vote on.")


class NobodyVotes(Refused):
    message = _("Nobody is left to vote. Look again at who steps aside.")


class NoMemberAside(Refused):
    message = _("Somebody who steps aside has no vote in this council. Look at the list again.")


class ReasonMissing(Refused):
    message = _("Write for everybody who steps aside why.")


class NoSecondVote(Refused):
    message = _(
        "A second vote can be opened once, after a vote without enough votes, and within the days "
        "that the by-laws give."
    )


class VoteClosed(Refused):
    message = _("This vote is closed. Your vote was not changed.")


class NotAnElector(Refused):
    message = _("You had no vote in the council when this was opened, so you can't vote on it.")


class SteppedAside(Refused):
    message = _("You step aside for this, so you can't vote on it.")


class NoMemberAnyMore(Refused):
    message = _("Your time as a member of the council is over, so you can't vote any more.")


class NothingChosen(Refused):
    message = _("First choose: agree, disagree or no opinion.")


class BallotOutOfReach(Refused):
    message = _("Your vote counts as you gave it. It can't be changed any more.")


class StillOpen(Refused):
    message = _("This vote is still open.")


class NoMinorityView(Refused):
    message = _("The chair or the secretary writes this, once, after a vote that is decided.")


@on_the_record
def open_vote(
    *,
    council: Council,
    kind: str,
    question: str,
    text: str,
    language: str,
    closes_at: datetime.datetime,
    by: User,
    aside: Mapping[int, str],
    second_of: Matter | None = None,
    now: datetime.datetime | None = None,
) -> Matter:
    """Let a council vote on a question; who may vote is settled at this moment.

    A second vote asks the first one's question again, in its words, and who stepped aside then
    does so again.

    Args:
        kind: the name under which the kind of matter is declared (``jongerenraad.kinds``).
        aside: for the key of each membership that steps aside, the reason.
        second_of: the vote that had too few votes.

    Raises:
        NotTheChair: neither the chair, nor the secretary in the chair's place.
        QuestionMissing, ClosingTimeWrong: it cannot be asked like this.
        NoMemberAside, ReasonMissing: somebody cannot step aside like this.
        NobodyVotes: everybody steps aside.
        NoSecondVote: there is nothing to vote on a second time, or not any more.
        contributions.actions.Refused: what the kind refuses of a second vote (``again``).
    """
    declared = kind_named(kind)
    with transaction.atomic():
        council = lock_council(council)
        now = now or timezone.now()
        members = _with_a_vote(council, now)
        reasons = _reasons(members, aside)
        percent = council.quorum_percent
        if second_of is not None:
            second_of = _first_vote(council, declared, second_of, now)
            question, text, language = second_of.question, second_of.text, second_of.language
            again = _reasons(members, declared.again(second_of, closes_at, now))
            reasons = _reasons_before(members, second_of) | again | reasons
            percent = council.second_quorum_percent
        _check_opener(members, by, reasons)
        if not question.strip():
            raise QuestionMissing
        if not now < closes_at <= now + LONGEST_OPEN:
            raise ClosingTimeWrong
        electorate = len(members) - len(reasons)
        if electorate < 1:
            raise NobodyVotes
        matter = Matter.objects.create(
            council=council,
            kind=kind,
            is_secret=declared.is_secret,
            question=question,
            text=text,
            language=language,
            second_of=second_of,
            opened_by=by,
            opened_at=now,
            closes_at=closes_at,
            electorate=electorate,
            quorum=quorum_of(percent, electorate),
        )
        Elector.objects.bulk_create(
            Elector(
                matter=matter,
                membership=member,
                stepped_aside=member.pk in reasons,
                reason=reasons.get(member.pk, ""),
            )
            for member in members
        )
        if declared.is_secret:
            MatterKey.objects.create(matter=matter, secret=secrets.token_hex(32))
        voters = [member.person_id for member in members if member.pk not in reasons]
        notify("vote_opened", matter.pk, to=voters, by=by, now=now)
    log.info("vote_opened", matter=matter.pk, kind=kind)
    return matter


def _with_a_vote(council: Council, now: datetime.datetime) -> list[Membership]:
    """Return the members who may vote now: each person once, whatever the terms say."""
    found = Membership.objects.current(now).voting().filter(term__council=council)
    return list({member.person_id: member for member in found.order_by("-pk")}.values())[::-1]


def _reasons(members: list[Membership], aside: Mapping[int, str]) -> dict[int, str]:
    if not aside.keys() <= {member.pk for member in members}:
        raise NoMemberAside
    reasons = {pk: reason.strip() for pk, reason in aside.items()}
    if not all(reasons.values()):
        raise ReasonMissing
    return reasons


def _reasons_before(members: list[Membership], first: Matter) -> dict[int, str]:
    """Return why those stepped aside who did so in the first vote and are members still."""
    before = dict(
        first.electors.filter(stepped_aside=True).values_list("membership__person", "reason")
    )
    return {member.pk: before[member.person_id] for member in members if member.person_id in before}


def _check_opener(members: list[Membership], by: User, reasons: dict[int, str]) -> None:
    holders = {member.office: member for member in members}
    chair = holders.get(Office.CHAIR)
    stands_in = chair is None or chair.pk in reasons
    opener = holders.get(Office.SECRETARY) if stands_in else chair
    if opener is None or opener.person_id != by.pk:
        raise NotTheChair


def _first_vote(
    council: Council, kind: MatterKind, first: Matter, now: datetime.datetime
) -> Matter:
    """Return the vote that may be held a second time, as it stands now."""
    found = Matter.objects.filter(pk=first.pk, council=council, kind=kind.name).first()
    if found is None or not can_be_voted_again(found, council, now):
        raise NoSecondVote
    return found


def can_be_voted_again(matter: Matter, council: Council, now: datetime.datetime) -> bool:
    """Say whether a second vote can be opened about a matter (one query)."""
    return (
        matter.closed_at is not None
        and matter.outcome == Outcome.NO_QUORUM
        and matter.second_of_id is None
        and now <= matter.closed_at + datetime.timedelta(days=council.second_vote_days)
        and not Matter.objects.filter(second_of=matter).exists()
    )


def cast_vote(
    *, matter: Matter, by: User, choice: str, word: str = "", now: datetime.datetime | None = None
) -> str:
    """Give one's vote, or change it; return the receipt, which proves that one voted.

    The matter's row is locked until the end: a vote is cast before the counting or not at all.

    Raises:
        NothingChosen: it is none of the three.
        VoteClosed: its time is over, or it is counted.
        NotAnElector: the person was no member when it was opened.
        SteppedAside: the person stepped aside.
        NoMemberAnyMore: the person is no member any more.
        BallotOutOfReach: the site's secret changed since, so the ballot cannot be found.
    """
    if choice not in Choice.values:
        raise NothingChosen
    with transaction.atomic():
        locked = _locked(matter)
        now = now or timezone.now()
        if not locked.is_open_at(now):
            raise VoteClosed
        elector = _elector(locked, by, now)
        if locked.is_secret:
            _cast_secretly(locked, elector, choice, word)
        else:
            _cast_openly(elector, choice, word, now)
        if not elector.has_voted:
            elector.receipt = _new_receipt()
            _write_down(locked, elector)
        return elector.receipt


def _locked(matter: Matter) -> Matter:
    return Matter.objects.select_for_update(no_key=True).get(pk=matter.pk)


def _elector(matter: Matter, person: User, now: datetime.datetime) -> Elector:
    """Return who votes, locked; somebody who may not is refused with the reason."""
    still = Membership.objects.current(now).voting().filter(term__council=matter.council_id)
    elector = (
        Elector.objects.select_for_update(no_key=True, of=("self",))
        .filter(matter=matter, membership__person=person)
        .annotate(is_member=Exists(still.filter(person=OuterRef("membership__person"))))
        .first()
    )
    if elector is None:
        raise NotAnElector
    if elector.stepped_aside:
        raise SteppedAside
    if not elector.is_member:
        raise NoMemberAnyMore
    return elector


def _cast_openly(elector: Elector, choice: str, word: str, now: datetime.datetime) -> None:
    told = {"choice": choice, "word": word, "cast_at": now}
    if elector.has_voted:
        Vote.objects.filter(elector=elector).update(**told)
    else:
        Vote.objects.create(elector=elector, **told)


def _cast_secretly(matter: Matter, elector: Elector, choice: str, word: str) -> None:
    told = {"choice": choice, "word": word}
    handle = handle_of(elector, MatterKey.objects.get(matter=matter))
    if not elector.has_voted:
        SecretVote.objects.create(matter=matter, handle=handle, **told)
    elif not SecretVote.objects.filter(matter=matter, handle=handle).update(**told):
        # A second ballot beside the one that cannot be found would count twice.
        raise BallotOutOfReach


def _write_down(matter: Matter, elector: Elector) -> None:
    """Write down who voted, with the receipt.

    Of a secret vote every elector's row is written anew, in the order in which they stand: else the
    one that the same transaction wrote as a ballot would tell whose that is.
    """
    written = Elector.objects.filter(matter=matter)
    if not matter.is_secret:
        written = written.filter(pk=elector.pk)
    its_own = Q(pk=elector.pk)
    written.update(
        has_voted=Case(When(its_own, then=True), default=F("has_voted")),
        receipt=Case(When(its_own, then=Value(elector.receipt)), default=F("receipt")),
    )


def _new_receipt() -> str:
    signs = "".join(secrets.choice(_RECEIPT_SIGNS) for _sign in range(12))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def close_vote(*, matter: Matter, now: datetime.datetime | None = None) -> Matter:
    """Count a vote whose time is over and write its result; doing it again changes nothing.

    What follows from the result (``MatterKind.on_closed``) happens in the same transaction.

    Raises:
        StillOpen: its time is not over.
    """
    with transaction.atomic():
        locked = _locked(matter)
        now = now or timezone.now()
        if locked.is_closed:
            return locked
        if now < locked.closes_at:
            raise StillOpen
        kind = kind_of(locked)
        counts = _shuffle(locked) if locked.is_secret else _count(locked)
        locked.agree = counts[Choice.AGREE]
        locked.disagree = counts[Choice.DISAGREE]
        locked.abstain = counts[Choice.ABSTAIN]
        locked.outcome = outcome(
            kind.majority, locked.agree, locked.disagree, locked.abstain, locked.quorum
        )
        locked.closed_at = now
        locked.save(update_fields=["agree", "disagree", "abstain", "outcome", "closed_at"])
        kind.on_closed(locked, now)
        voters = locked.electors.filter(stepped_aside=False)
        people = list(voters.values_list("membership__person", flat=True))
        notify("vote_counted", locked.pk, to=people, now=now)
    log.info("vote_closed", matter=locked.pk, outcome=locked.outcome)
    return locked


def _count(matter: Matter) -> Counter[str]:
    return Counter(
        Vote.objects.filter(elector__matter=matter).order_by().values_list("choice", flat=True)
    )


def _shuffle(matter: Matter) -> Counter[str]:
    """Write the ballots of a secret vote anew, in an order drawn by lot, and destroy its key.

    Whatever a row tells besides its choice (its place in the table, its id, the transaction that
    wrote it) is of the counting, and the same for all: docs/adr/0019.
    """
    ballots = list(SecretVote.objects.filter(matter=matter).values_list("choice", "word"))
    secrets.SystemRandom().shuffle(ballots)
    SecretVote.objects.filter(matter=matter).delete()
    SecretVote.objects.bulk_create(
        SecretVote(matter=matter, choice=choice, word=word) for choice, word in ballots
    )
    MatterKey.objects.filter(matter=matter).delete()
    return Counter(choice for choice, _word in ballots)


def write_minority_view(
    *,
    matter: Matter,
    text: str,
    language: str,
    by: User,
    now: datetime.datetime | None = None,
) -> MinorityView:
    """Put beside a result what those think who were outvoted; once, and never changed.

    Raises:
        MeasureHolds: a measure keeps the person from writing.
        NoMinorityView: it is not decided, the person is neither chair nor secretary, or it has one.
    """
    now = now or timezone.now()
    check_may_write(by, now)
    with transaction.atomic():
        locked = _locked(matter)
        writer = membership_of(by, locked.council, now)
        decided = locked.outcome in (Outcome.ADOPTED, Outcome.REJECTED)
        if not (decided and text.strip() and can_write_minority_view(writer)):
            raise NoMinorityView
        try:
            with transaction.atomic():
                return MinorityView.objects.create(
                    matter=locked, text=text, language=language, written_by=by, written_at=now
                )
        except IntegrityError:
            raise NoMinorityView from None


@dataclass(frozen=True)
class Difference:
    """A closed vote whose result is not what its ballots say."""

    matter_pk: int
    what: str


def recount() -> list[Difference]:
    """Count every closed vote anew from its ballots, and return what differs."""
    found = []
    for matter in Matter.objects.closed().order_by("pk").iterator():
        if problems := _problems(matter):
            found.append(Difference(matter.pk, ", ".join(problems)))
    return found


def _problems(matter: Matter) -> list[str]:
    ballots = (
        SecretVote.objects.filter(matter=matter)
        if matter.is_secret
        else Vote.objects.filter(elector__matter=matter)
    )
    counts = Counter(ballots.order_by().values_list("choice", flat=True))
    numbers = [counts[choice] for choice in (Choice.AGREE, Choice.DISAGREE, Choice.ABSTAIN)]
    electors = Elector.objects.filter(matter=matter)
    checks = {
        "counts": numbers == [matter.agree, matter.disagree, matter.abstain],
        "outcome": outcome(
            kind_of(matter).majority, numbers[0], numbers[1], numbers[2], matter.quorum
        )
        == matter.outcome,
        "electorate": electors.filter(stepped_aside=False).count() == matter.electorate,
        "turn-out": electors.filter(has_voted=True).count() == sum(numbers),
        "key": not MatterKey.objects.filter(matter=matter).exists(),
    }
    return [name for name, is_right in checks.items() if not is_right]
