"""The measures in force, for moderators in their areas; administrators see all of them."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role, User
from contributions import actions
from contributions.kinds import contribution_of, kind_of
from contributions.models import Dossier, Measure
from contributions.models.measure import MeasureQuerySet
from contributions.requests import signed_in
from moderation.forms import LiftForm

AT_MOST = 200


def _reader(request: HttpRequest) -> User:
    person = signed_in(request)
    if not (person.has_role(Role.MODERATOR) or person.has_role(Role.ADMINISTRATOR)):
        raise Http404
    return person


def _reachable(person: User) -> MeasureQuerySet:
    """Return the measures that somebody may read; never those about themselves."""
    rows = Measure.objects.exclude(person=person)
    if not person.has_role(Role.ADMINISTRATOR):
        rows = rows.filter(dossier__in=Dossier.objects.reviewable_by(person))
    return rows.select_related("person", "rule", "decided_by", "dossier__area")


@require_safe
@never_cache
def measures(request: HttpRequest) -> HttpResponse:
    """List the measures that hold, and the ends that wait for a second yes."""
    person, now = _reader(request), timezone.now()
    rows = _reachable(person)
    holds = Q(pk__in=Measure.objects.in_force(now).values("pk"))
    return render(
        request,
        "moderation/measures.html",
        {
            "asked": list(rows.asked().order_by("starts_at", "pk")[:AT_MOST]),
            "in_force": list(rows.filter(holds)[:AT_MOST]),
        },
    )


def _show(
    request: HttpRequest, found: Measure, form: LiftForm, *, status: int = 200
) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    contribution = contribution_of(found.dossier) if found.dossier else None
    # An administrator without a moderator's grant there reads the measure, and not the text.
    if not Dossier.objects.reviewable_by(person).filter(pk=found.dossier_id or 0).exists():
        contribution = None
    return render(
        request,
        "moderation/measure.html",
        {
            "measure": found,
            "contribution": contribution,
            "title": kind_of(contribution).title(contribution) if contribution else "",
            "form": form,
            "holds": found.is_in_force(now),
            "may_agree": actions.can_agree(person, found),
            "may_lift": (found.is_in_force(now) or found.is_asked)
            and actions.can_manage(person, found),
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one measure with its reason; lift it, or say no to an end, with a reason."""
    person = _reader(request)
    found = get_object_or_404(_reachable(person), pk=pk)
    if request.method != "POST":
        return _show(request, found, LiftForm())
    form = LiftForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    try:
        actions.lift(measure=found, by=person, reason=form.cleaned_data["reason"])
    except actions.NotAllowed as refused:
        form.add_error(None, str(refused))
        return _show(request, found, form, status=403)
    except actions.Refused as refused:
        form.add_error(None, str(refused))
        return _show(request, get_object_or_404(_reachable(person), pk=pk), form, status=409)
    messages.success(request, _("Done. The person reads why on their page."))
    return redirect("moderation:measures")


@require_POST
@never_cache
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the second yes to the end of somebody's taking part."""
    person = _reader(request)
    found = get_object_or_404(_reachable(person), pk=pk)
    try:
        actions.agree(measure=found, by=person)
    except actions.NotAllowed as refused:
        form = LiftForm({})
        form.errors.clear()
        form.add_error(None, str(refused))
        return _show(request, found, form, status=403)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return redirect("moderation:measure", pk)
    messages.success(request, _("Done. From now on this person can't take part in writing."))
    return redirect("moderation:measures")
