"""Following something with one tap, and following it no more."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.pages import person_of
from accounts.targets import is_own_path
from notifications import actions
from notifications.following import follows
from notifications.kinds import Followed, followable_named


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def follow(request: HttpRequest, kind: str, subject_id: int) -> HttpResponse:
    """Ask once more, and follow something; who is not signed in does that first."""
    if request.method == "POST":
        return _change(request, kind, subject_id, follow_it=True)
    thing = followable_named(kind)
    found = _found(request, kind, subject_id)
    if thing is None or found is None:
        raise Http404
    person = request.user
    return render(
        request,
        "notifications/follow.html",
        {
            "kind": kind,
            "subject_id": subject_id,
            "word": thing.label,
            "label": found.label,
            "path": found.path if is_own_path(found.path) else "",
            "follows": person.is_authenticated and follows(person, kind, subject_id),
        },
    )


@require_POST
@login_not_required
def unfollow(request: HttpRequest, kind: str, subject_id: int) -> HttpResponse:
    """Follow something no more."""
    return _change(request, kind, subject_id, follow_it=False)


def _change(request: HttpRequest, kind: str, subject_id: int, *, follow_it: bool) -> HttpResponse:
    is_htmx = request.htmx  # type: ignore[attr-defined]
    if not request.user.is_authenticated:
        # The page that asks once more; htmx would put the sign-in page where the button stood.
        sign_in = redirect_to_login(reverse("notifications:follow", args=[kind, subject_id]))
        return HttpResponseClientRedirect(sign_in.url) if is_htmx else sign_in
    person = person_of(request)
    if followable_named(kind) is None:
        raise Http404
    if follow_it:
        try:
            actions.follow(person=person, kind=kind, subject_id=subject_id)
        except actions.NotThere:
            raise Http404 from None
    else:
        actions.unfollow(person=person, kind=kind, subject_id=subject_id)
    if is_htmx:
        return render(
            request,
            "notifications/_follow.html",
            {
                "kind": kind,
                "subject_id": subject_id,
                "follows": follow_it,
                "is_known": True,
                "just_changed": True,
            },
        )
    if follow_it:
        messages.success(request, _("You follow this now. We tell you when something happens."))
    else:
        messages.success(request, _("You follow this no more."))
    if "from_preferences" in request.POST:
        return redirect(reverse("notifications:preferences") + "#follow")
    found = _found(request, kind, subject_id)
    own = found is not None and is_own_path(found.path)
    return redirect(found.path if found and own else reverse("notifications:preferences"))


def _found(request: HttpRequest, kind: str, subject_id: int) -> Followed | None:
    thing = followable_named(kind)
    if thing is None:
        return None
    # Whoever is not signed in sees what everybody does.
    return thing.load([subject_id], request.user).get(subject_id)  # type: ignore[arg-type]
