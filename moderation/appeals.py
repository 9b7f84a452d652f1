"""Appeals: for who can judge them, the oldest first; the programme office sees what waits."""

import datetime
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role, User
from contributions import actions
from contributions.actions.appealing import is_with_another
from contributions.appeals import (
    can_judge,
    contribution_about,
    covers,
    held_back,
    without_a_judge,
)
from contributions.deadlines import today
from contributions.history import change_of
from contributions.kinds import kind_of
from contributions.models import Appeal, Decision, Measure, Picture, Revision
from contributions.models.appeal import AppealQuerySet
from contributions.requests import signed_in
from contributions.scope import within_grants
from contributions.statements import title_of
from moderation.decisions import recordings_judged
from moderation.forms import JudgementForm
from moderation.marks import marks_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One appeal in the list."""

    appeal: Appeal
    title: str
    is_late: bool
    is_with_another: bool
    has_no_judge: bool
    can_open: bool


def _reader(request: HttpRequest) -> User:
    """Return a moderator, or somebody of the office, who sees what waits and judges nothing."""
    person = signed_in(request)
    if not (person.has_role(Role.MODERATOR) or person.has_role(Role.PROGRAMME_OFFICE)):
        raise Http404
    return person


def _reachable(person: User) -> AppealQuerySet:
    """Return the appeals in somebody's areas and languages; of their own, the outcome is enough."""
    scope = within_grants(person, Role.MODERATOR) | within_grants(person, Role.PROGRAMME_OFFICE)
    return (
        Appeal.objects.filter(scope)
        .exclude(Q(filed_by=person))
        .select_related(
            "decision__dossier",
            "decision__rule",
            "decision__picture",
            "measure__dossier",
            "measure__rule",
            "area",
            "claimed_by",
            "judged_by",
        )
    )


@require_safe
@never_cache
def appeals(request: HttpRequest) -> HttpResponse:
    """List the appeals that wait, the oldest first; what is late says so."""
    person, now = _reader(request), timezone.now()
    waiting = list(_reachable(person).waiting()[: PAGE_SIZE + 1])
    shown = waiting[:PAGE_SIZE]
    return render(
        request,
        "moderation/appeals.html",
        {
            "rows": _rows(shown, person, now),
            "has_more": len(waiting) > PAGE_SIZE,
            "judges": person.has_role(Role.MODERATOR),
        },
    )


def _rows(shown: list[Appeal], person: User, now: datetime.datetime) -> list[Row]:
    back = held_back(shown, person)
    alone = without_a_judge(shown, now)
    return [
        Row(
            appeal=one,
            title=title_of(_about(one)),
            is_late=one.is_late(today(now)),
            is_with_another=is_with_another(one, person, now),
            has_no_judge=one.pk in alone,
            can_open=one.pk not in back and covers(person, one),
        )
        for one in shown
    ]


def _about(appeal: Appeal) -> Decision | Measure:
    about = appeal.decision or appeal.measure
    assert about is not None
    return about


def _judged_by(request: HttpRequest, pk: int) -> tuple[User, Appeal]:
    """Return a moderator and an appeal that they can judge; any other does not exist for them."""
    person = _reader(request)
    found = get_object_or_404(_reachable(person), pk=pk)
    if not can_judge(person, found):
        raise Http404
    return person, found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one appeal beside what was decided and the text as it stands, and judge it."""
    person, found = _judged_by(request, pk)
    contribution = contribution_about(found)
    if contribution is None:
        raise Http404
    # Before the text that is shown is loaded: what changes in between makes it refused.
    seen = actions.version_of(contribution)
    initial = {"seen": seen, "words_language": get_language()}
    form = JudgementForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.judge(
                    appeal=found,
                    by=person,
                    granted=form.cleaned_data["outcome"] == "granted",
                    reason=form.cleaned_data["reason"],
                    reason_language=form.cleaned_data["words_language"],
                    seen=form.cleaned_data["seen"],
                )
            except actions.Refused as refused:
                status = 409
                form.add_error(None, str(refused))
                form.read_again(seen)
                found = get_object_or_404(_reachable(person), pk=pk)
            else:
                messages.success(request, _("Done. The author reads your judgement on their page."))
                return redirect("moderation:appeals")
    return _show(request, person, found, form, status)


def _show(
    request: HttpRequest, person: User, found: Appeal, form: JudgementForm, status: int
) -> HttpResponse:
    now = timezone.now()
    contribution = contribution_about(found)
    assert contribution is not None
    kind = kind_of(contribution)
    about = _about(found)
    change = None
    if found.decision and found.decision.outcome == Decision.Outcome.REVISION_RETURNED:
        revision = Revision.objects.filter(
            dossier=contribution.dossier, closed_at=found.decision.decided_at
        ).first()
        change = change_of(contribution, revision) if revision else None
    return render(
        request,
        "moderation/appeal.html",
        {
            "appeal": found,
            "about": about,
            "what": title_of(about),
            "contribution": contribution,
            "title": kind.title(contribution),
            "parts": kind.parts(contribution),
            "change": change,
            "pictures": list(Picture.objects.filter(dossier=contribution.dossier).current()),
            "recordings": list(recordings_judged(contribution.dossier)),
            "marks": marks_of(contribution.dossier, person),
            "has_changed": contribution.changed_at > found.filed_at
            or (isinstance(about, Decision) and contribution.changed_at > about.decided_at),
            "form": form,
            "is_late": found.is_late(today(now)),
            "is_with_another": is_with_another(found, person, now),
            "is_mine": found.claimed_by_id == person.pk
            and found.claimed_until is not None
            and found.claimed_until > now,
        },
        status=status,
    )


@require_POST
@never_cache
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an appeal for half an hour, so that no colleague looks at the same one."""
    person, found = _judged_by(request, pk)
    try:
        actions.claim_appeal(appeal=found, by=person)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("moderation:appeals")
    return redirect("moderation:appeal", pk)
