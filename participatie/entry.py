"""Addresses without a language: the front door, and what machines and habits look for."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from participatie.sitemaps import files_of_initiatives, initiatives, pages, written


def best_language(request: HttpRequest) -> str:
    """Return the listed language a visitor reads best: chosen before, in the profile, or asked for
    by the browser; else the site's own.
    """
    wishes = [
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        getattr(request.user, "language", ""),
        *(
            code
            for code, _weight in parse_accept_lang_header(
                request.headers.get("Accept-Language", "")
            )
        ),
    ]
    for wish in wishes:
        code = wish.partition("-")[0]
        if code in settings.LISTED_LANGUAGES:
            return code
    return settings.LANGUAGE_CODE


@login_not_required
@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Lead from ``/`` to the home page in the best language."""
    with translation.override(best_language(request)):
        response = HttpResponseRedirect(reverse("home"))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Lead from the address where inspectors look to the statement itself."""
    with translation.override(best_language(request)):
        response = HttpResponseRedirect(reverse("page", args=["toegankelijkheid"]))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness in this site (RFC 9116)."""
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {settings.SECURITY_TXT_EXPIRES:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(settings.LISTED_LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Tell search engines where the list of pages is, and what is of no use to them (RFC 9309)."""
    private = [f"Disallow: /*/{part}/" for part in ("account", "beheer", "moderatie")]
    # Codes on paper: visits there are counted.
    lines = [
        "User-agent: *",
        *private,
        "Disallow: /p/",
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Name the files in which all public pages stand."""
    addresses = [reverse("sitemap_pages")]
    for number in range(files_of_initiatives()):
        addresses.append(reverse("sitemap_initiatives", args=[number]))
    files = [{"location": settings.SITE_URL + address} for address in addresses]
    return render(request, "sitemap_index.xml", {"sitemaps": files}, content_type="application/xml")


@login_not_required
@require_safe
def sitemap(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """List the public pages of one file, in each language."""
    if number is not None and number >= files_of_initiatives():
        raise Http404
    places = pages() if number is None else initiatives(number)
    return HttpResponse(written(places), content_type="application/xml")
