"""Pictures, asked each time whether the viewer may see them; and the history of a text."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contributions.drafts import draft_key
from contributions.history import history_of
from contributions.kinds import contribution_of, kind_of
from contributions.models import Dossier, Picture, Revision, Status
from contributions.models.picture import WIDTHS
from contributions.permissions import can_read_history, may_see_unpublished_pictures
from contributions.requests import signed_in


@require_safe
@login_not_required
def picture(request: HttpRequest, key: UUID, width: int) -> HttpResponse | FileResponse:
    """Send a picture in a width, or as it is (0), to whoever may see its contribution.

    Never from a cache without asking again: what is hidden is gone at once.
    """
    if width and width not in WIDTHS:
        raise Http404
    found = Picture.objects.select_related("dossier", "revision").filter(key=key).first()
    if found is None or found.removed_at is not None:
        raise Http404
    contributions = kind_of(found.dossier).model._default_manager
    contribution = (
        contributions.visible_to(request.user).filter(dossier=found.dossier).first()  # type: ignore[attr-defined]
        or contributions.held_by(draft_key(request)).filter(dossier=found.dossier).first()  # type: ignore[attr-defined]
    )
    if contribution is None:
        raise Http404
    waits = found.revision is not None and found.revision.state != Revision.State.ACCEPTED
    hidden = found.hidden_at is not None
    if (waits or hidden) and not may_see_unpublished_pictures(request.user, contribution):
        raise Http404

    response: HttpResponse | FileResponse
    etag = f'"{found.key}-{width}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = _file(found, width)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response


def _file(found: Picture, width: int) -> FileResponse:
    """Open the size that was asked for, or the whole picture while its sizes are being made."""
    original = found.image.name or ""
    path = found.size_path(width) if width in found.widths else original
    if found.sizes_made_at is None or not default_storage.exists(path):
        path = original
    try:
        return FileResponse(default_storage.open(path), content_type="image/webp")
    except FileNotFoundError as missing:
        raise Http404 from missing


@require_safe
@never_cache
def history(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Show its author and moderators what happened to a text; to others it has no such page."""
    person = signed_in(request)
    dossier = get_object_or_404(Dossier.objects.select_related("area"), pk=dossier_pk)
    kind = kind_of(dossier)
    visible = kind.model._default_manager.visible_to(person)  # type: ignore[attr-defined]
    contribution = visible.select_related("dossier").filter(dossier=dossier).first()
    if contribution is None or not can_read_history(person, contribution):
        raise Http404
    return render(
        request,
        "contributions/history.html",
        {
            "contribution": contribution,
            "kind": kind,
            "title": kind.title(contribution),
            "history": history_of(
                contribution, reader=person, before=request.GET.get("before", "")
            ),
            "is_own": contribution.author_id == person.pk,
        },
    )


@require_safe
@never_cache
def where_help_is(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Show who sent a text that reads like a cry for help where help is, and the way on."""
    person = signed_in(request)
    dossier = get_object_or_404(Dossier, pk=dossier_pk)
    contribution = contribution_of(dossier)
    if contribution.author_id != person.pk or contribution.status == Status.DRAFT:
        raise Http404
    own_page = None if contribution.is_published else getattr(contribution, "get_edit_url", None)
    return render(
        request,
        "contributions/where_help_is.html",
        {"next": own_page() if own_page else contribution.get_absolute_url()},
    )
