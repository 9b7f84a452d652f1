"""Pictures: one view for all sizes, which asks each time whether the viewer may see it."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from contributions.drafts import draft_key
from contributions.kinds import kind_of
from contributions.models import Picture, Revision
from contributions.models.picture import WIDTHS
from contributions.permissions import may_see_unpublished_pictures


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
    if waits and not may_see_unpublished_pictures(request.user, contribution):
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
