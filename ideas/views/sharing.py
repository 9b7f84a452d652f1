"""Where posters of an initiative were made before there were more kinds of them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from ideas.models import Initiative


@require_safe
@login_not_required
def poster(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Lead to where posters and cards are made now."""
    found = get_object_or_404(Initiative.objects.visible_to(request.user).published(), pk=pk)
    return redirect("posters:ask", word="initiatief", pk=found.pk, permanent=True)
