"""What machines fetch about initiatives: the list as a feed, and the picture beside a link."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from contributions.kept_pages import kept_for_a_second, nothing_about
from contributions.text import markdown_to_text
from ideas.feeds import Feed
from ideas.listing import NEWEST, list_initiatives, on_the_site
from ideas.previews import Preview


@require_safe
@login_not_required
@conditional_page
@kept_for_a_second(nothing_about)
def atom(request: HttpRequest) -> HttpResponse:
    """Give the newest of the list as an Atom feed (RFC 4287), with the filters of the address."""
    wanted = request.GET.copy()
    wanted["sort"] = NEWEST.name
    wanted.pop("after", None)
    listing = list_initiatives(wanted, correcting=False)
    if listing.problems:
        # A feed that quietly has more in it than was asked for would go unnoticed.
        words = "\n".join(listing.problems) + "\n"
        return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    feed = Feed(
        title=_("Initiatives") + f" · {settings.SITE_NAME}",
        description=_("What your neighbours want to do or see done."),
        link=settings.SITE_URL + reverse("ideas:list") + query,
        feed_url=settings.SITE_URL + reverse("ideas:atom") + query,
        language=get_language(),
        author_name=settings.SITE_NAME,
    )
    for initiative in listing.initiatives:
        feed.add(initiative, summary=markdown_to_text(initiative.text)[:500])
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@require_safe
@login_not_required
def preview(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Send the picture that is shown beside a link to an initiative on the site."""
    initiative = get_object_or_404(on_the_site().for_cards(), pk=pk)
    theme, area = initiative.theme, initiative.area
    places = [area.name] if area else []
    themes = [theme.short_name] if theme else []
    return preview_response(
        request,
        Preview(
            title=initiative.title,
            below=" · ".join(places + themes),
            colour=theme.colour_key if theme else "",
        ),
    )


def preview_response(request: HttpRequest, drawn: Preview) -> HttpResponse:
    """Send a preview; never from a cache without asking again: what is hidden is gone at once."""
    etag = f'"{drawn.key}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(drawn.png(), content_type="image/png")
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response
