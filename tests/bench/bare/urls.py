"""A page with one query by primary key, and a POST with a session and one INSERT."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from tests.bench.bare.models import Mark, Row


def row(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(f"<!doctype html><title>Bare</title><p>{Row.objects.get(pk=pk)}")


@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    person = int(request.session["_auth_user_id"])
    Mark.objects.create(row_id=pk, person=person)
    return HttpResponse(status=302, headers={"Location": f"/rows/{pk}/"})


urlpatterns = [path("rows/<int:pk>/", row), path("rows/<int:pk>/mark/", mark)]
