"""The panel beside a text of staff, told anew while somebody writes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from contributions.permissions import can_write_for_office
from contributions.plain.forms import WHY_HARD, HintForm
from contributions.plain.reading import one_text
from contributions.requests import signed_in

#: No form has more texts of staff than this.
PARTS_AT_MOST = 5


@require_POST
@never_cache
def hint(request: HttpRequest) -> HttpResponse:
    """Tell how hard a text is to read; nothing of it is kept.

    To whoever writes nothing in the name of an office, this page does not exist.
    """
    if not can_write_for_office(signed_in(request)):
        raise Http404
    names = request.POST.getlist("staff_text")[:PARTS_AT_MOST]
    form = HintForm(
        initial={
            "words": one_text(*(request.POST.get(name, "") for name in names)),
            "language": request.POST.get("language", ""),
            WHY_HARD: request.POST.get(WHY_HARD, ""),
        },
        language=request.POST.get("text_language", ""),
    )
    return render(
        request,
        "contributions/plain/hint.html",
        {"field": form[WHY_HARD], "said": request.POST.get("said", "")},
    )
