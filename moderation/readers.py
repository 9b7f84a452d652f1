"""Who comes into these pages, and what of a text they find there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from contributions.actions import claim_next
from contributions.models import Dossier
from contributions.requests import signed_in
from moderation.choices import choices_of


def reader_of(request: HttpRequest) -> User:
    """Return who reviews: a moderator, or the programme office, to which texts are passed on.

    To anyone else these pages do not exist.
    """
    person = signed_in(request)
    if not (person.has_role(Role.MODERATOR) or person.has_role(Role.PROGRAMME_OFFICE)):
        raise Http404
    return person


def dossier_for(reader: User, pk: int) -> Dossier:
    """Return a dossier that a reader may decide about; another one does not exist."""
    return get_object_or_404(
        Dossier.objects.reviewable_by(reader).select_related("area", "claimed_by", "passed_to"),
        pk=pk,
    )


def to_next(request: HttpRequest, reader: User, after: Dossier | None = None) -> HttpResponse:
    """Begin with the next text of what the reader chose to see, or lead to the queue."""
    now = timezone.now()
    among = choices_of(request).of(Dossier.objects.reviewable_by(reader), reader, now)
    found = claim_next(by=reader, among=among, after=after, now=now)
    if found is None:
        return redirect(reverse("moderation:queue"))
    return redirect("moderation:item", found.pk)
