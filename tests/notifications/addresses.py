"""The site's addresses, with those that mails lead to where the pages are not there yet."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path

from participatie.urls import *  # noqa: F403
from participatie.urls import urlpatterns as of_the_site


@login_not_required
def page(request, **kwargs):
    return HttpResponse()


urlpatterns = [
    *of_the_site,
    *i18n_patterns(
        path(
            "voor-jou/",
            include(
                (
                    [
                        path("", page, name="inbox"),
                        path("stop/<str:token>/", page, name="stop"),
                        path("keuzes/<str:token>/", page, name="preferences_by_mail"),
                    ],
                    "notifications",
                )
            ),
        )
    ),
]
