"""What the files for a spreadsheet share: why one is not given."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ideas.limits import may_fetch


def refusal(request: HttpRequest, problems: Sequence[str]) -> HttpResponse | None:
    """Return the answer in place of a file, in words: what was wrong with what was asked for.

    A file that quietly has more in it than was asked for would go unnoticed. None where there is
    nothing wrong.
    """
    words, status = "\n".join(problems), 400
    if not problems:
        if may_fetch(request):
            return None
        words = _("You fetched lists often in the last hour. Wait a while, then try again.")
        status = 429
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
