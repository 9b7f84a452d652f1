"""What everybody sees of a council: who sits in it, and what it decided."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contributions.deadlines import today
from ideas.listing import newest_of
from jongerenraad.faces import faces_of
from jongerenraad.kinds import with_subjects
from jongerenraad.listing import closed_matters
from jongerenraad.models import Council, Membership
from jongerenraad.permissions import can_manage_members, membership_of

LATEST_VOTES = 3
IDEAS_SHOWN = 3


def council_at(slug: str) -> Council:
    """Return the council of an address; one that does not exist answers 404."""
    return get_object_or_404(Council, slug=slug)


@require_safe
@login_not_required
def council(request: HttpRequest, council: str) -> HttpResponse:
    """Show a council: faces first, then the seats that are free and what was decided last."""
    found = council_at(council)
    now = timezone.now()
    latest = with_subjects(closed_matters(found).matters[: LATEST_VOTES + 1], request.user)
    return render(
        request,
        "jongerenraad/council.html",
        {
            "council": found,
            "faces": faces_of(found, now),
            "term": found.terms.on(today(now)).first(),
            "matters": latest[:LATEST_VOTES],
            "initiatives": newest_of(found.organisation, count=IDEAS_SHOWN),
            "has_more_matters": len(latest) > LATEST_VOTES,
            "is_member": membership_of(request.user, found, now) is not None,
            "may_manage": can_manage_members(request.user),
        },
    )


@require_safe
@login_not_required
def portrait(request: HttpRequest, council: str, pk: int) -> HttpResponse | FileResponse:
    """Send a member's picture, where the member agreed and is one still.

    Never from a cache without asking again: what is withdrawn is gone at once.
    """
    found = (
        Membership.objects.current(timezone.now())
        .filter(pk=pk, term__council__slug=council)
        .select_related("person")
        .first()
    )
    if found is None or not found.shows_portrait:
        raise Http404
    response: HttpResponse | FileResponse
    etag = f'"{found.portrait_key}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            file = default_storage.open(found.portrait.name or "")
        except FileNotFoundError as missing:
            raise Http404 from missing
        response = FileResponse(file, content_type="image/webp")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response
