"""Every address of the site starts here."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

import areas.converters  # noqa: F401  (registers <number:…>)
import jongerenraad.converters  # noqa: F401  (registers <council:…>)
from accounts.openid.views import back as openid_back
from notifications.hook_views import mail_webhook
from notifications.push_views import service_worker
from participatie import entry, health, home_screen, metrics, short
from participatie.posters.views import paper

handler400 = "participatie.errors.bad_request"
handler403 = "participatie.errors.permission_denied"
handler404 = "participatie.errors.page_not_found"
handler500 = "participatie.errors.server_error"


def admin_urls() -> tuple[list[URLPattern | URLResolver], str, str]:
    """Return the admin's addresses without the one that leads from any row to its page.

    That one asks nothing about who may see the row, and its answer holds the title of hidden texts.
    """
    patterns, app_name, namespace = admin.site.urls
    kept = [pattern for pattern in patterns if getattr(pattern, "name", "") != "view_on_site"]
    return kept, app_name, namespace


urlpatterns: list[URLPattern | URLResolver] = [
    path("", entry.front_door, name="front_door"),
    path("toegankelijkheid/", entry.accessibility, name="accessibility"),
    path(".well-known/security.txt", entry.security_txt, name="security_txt"),
    path("robots.txt", entry.robots_txt, name="robots_txt"),
    path("sitemap.xml", entry.sitemap_index, name="sitemap_index"),
    path("sitemap-paginas.xml", entry.sitemap, name="sitemap_pages"),
    path("sitemap-initiatieven-<int:number>.xml", entry.sitemap, name="sitemap_initiatives"),
    # At the root, so that it may show messages for every page.
    path("sw.js", service_worker, name="service_worker"),
    path("site.webmanifest", home_screen.manifest, name="home_screen"),
    path("icoon-<number:size>.png", home_screen.icon, name="home_screen_icon"),
    path("gezond/", health.live, name="health_live"),
    path("gezond/klaar/", health.ready, name="health_ready"),
    path("metrics", metrics.metrics, name="metrics"),
    # The service that sends our mail knows it by heart.
    path("mail/webhook/", mail_webhook, name="mail_webhook"),
    # One for all languages: the provider knows it by heart.
    path("openid/terug/", openid_back, name="openid_back"),
    path("i/<number:pk>/", short.short, name="short"),
    path("i/<number:pk>/code.svg", short.code, name="code"),
    path("p/<str:code>/", paper, name="paper"),
    path("", include("contributions.urls")),
    *i18n_patterns(
        path("", include("participatie.page_urls")),
        path("bericht/", include("contributions.page_urls")),
        path("melding/", include("contributions.report_urls")),
        path("vertaling/", include("contributions.translation_urls")),
        path("beslissingen/", include("contributions.decision_urls")),
        path("bewijsje/", include("contributions.slip_urls")),
        path("gedeeld/", include("participatie.shared_devices.urls")),
        path("initiatieven/", include("ideas.urls")),
        path("gesprekken/", include("ideas.telling_urls")),
        path("", include("ideas.together_urls")),
        path("", include("ideas.promise_urls")),
        path("", include("feedback.urls")),
        path("cijfers/", include("indicators.urls")),
        path("moderatie/", include("moderation.urls")),
        path("hoe-we-modereren/", include("moderation.open_urls")),
        path("voor-jou/", include("notifications.urls")),
        path("account/op-dit-toestel/", include("notifications.push_urls")),
        path("account/", include("accounts.urls")),
        path("contactpersoon/", include("participatie.messenger_urls")),
        path("beheer/handelingen/", include("participatie.act_urls")),
        path("beheer/seintjes/", include("notifications.staff_urls")),
        path("beheer/", admin_urls()),
        # Last: any word that is no other address may be a council's.
        path("<council:council>/werkbudget/", include("budgets.urls")),
        path("<council:council>/", include("jongerenraad.urls")),
        prefix_default_language=True,
    ),
]
