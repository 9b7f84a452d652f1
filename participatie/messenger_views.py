"""The start page of contact persons, and what the programme office asks of them."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from contributions.actions import Refused
from contributions.deadlines import today
from contributions.language import guess_language
from contributions.requests import signed_in
from participatie import messengers
from participatie.messenger_forms import QuestionForm, ToldForm
from participatie.messenger_models import MessengerAnswer, MessengerRequest

#: So many questions the office sees on a page, and so many answers under each.
PAGE_SIZE = 20


def _messenger(request: HttpRequest) -> User:
    """Return the contact person; to anyone else these pages do not exist."""
    person = signed_in(request)
    if not messengers.is_messenger(person):
        raise Http404
    return person


def _office(request: HttpRequest) -> User:
    """Return who asks; to anyone else these pages do not exist."""
    person = signed_in(request)
    if not messengers.can_see_requests(person):
        raise Http404
    return person


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Show contact persons what they are asked, what waits for them, and where they may do what."""
    person = _messenger(request)
    now = timezone.now()
    grants = messengers.grants_of(person)
    return render(
        request,
        "participatie/messengers/start.html",
        {
            "asked": messengers.requests_for(person, now=now),
            "to_translate": messengers.texts_to_translate(person),
            "sessions": messengers.own_sessions(person, day=today(now)),
            "writings": messengers.writings(grants),
            "news": messengers.news_to_print(grants),
            "grants": grants,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a contact person tell what they heard; what they told before stands in the form."""
    person = _messenger(request)
    now = timezone.now()
    found = messengers.request_for(person, pk, now=now)
    if found is None:
        raise Http404
    told = found.answers.filter(person=person).first()
    is_open = found.is_open_on(today(now))
    initial = (
        {"text": told.text, "language": told.language, "is_done": told.is_done} if told else {}
    )
    form = ToldForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            words = form.cleaned_data
            try:
                messengers.tell_office(
                    request=found,
                    by=person,
                    text=words["text"],
                    language=words["language"]
                    or guess_language(words["text"], otherwise=get_language() or "nl"),
                    is_done=words["is_done"],
                )
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 409
            else:
                messages.success(request, _("Thank you. The programme office reads it."))
                return redirect("messengers:start")
    return render(
        request,
        "participatie/messengers/question.html",
        {"asked": found, "told": told, "form": form, "is_open": is_open},
        status=status,
    )


@require_safe
@never_cache
def questions(request: HttpRequest) -> HttpResponse:
    """Show who asks what was asked and what contact persons told, the newest first."""
    person = _office(request)
    after = request.GET.get("after", "")
    found = MessengerRequest.objects.order_by("-pk")
    if after.isascii() and after.isdigit() and len(after) < 18:
        found = found.filter(pk__lt=int(after))
    answers = MessengerAnswer.objects.exclude(text="").select_related("person")
    rows = list(
        found.select_related("target_group").prefetch_related(
            "areas", Prefetch("answers", queryset=answers, to_attr="told")
        )[: PAGE_SIZE + 1]
    )
    shown = rows[:PAGE_SIZE]
    day = today(timezone.now())
    return render(
        request,
        "participatie/messengers/questions.html",
        {
            "rows": [
                (one, one.is_open_on(day), messengers.can_ask(person, list(one.areas.all())))
                for one in shown
            ],
            "today": day,
            "next_cursor": shown[-1].pk if len(rows) > PAGE_SIZE else "",
            "after": after,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Ask something of contact persons."""
    person = _office(request)
    form = QuestionForm(request.POST if request.method == "POST" else None, by=person)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        language = told.pop("language") or guess_language(
            told["text"], otherwise=get_language() or "nl"
        )
        try:
            messengers.ask_messengers(by=person, language=language, **told)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Contact persons read your question on their page."))
            return redirect("messengers:questions")
    status = 422 if request.method == "POST" else 200
    return render(request, "participatie/messengers/ask.html", {"form": form}, status=status)


@require_POST
@never_cache
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask something no longer."""
    person = _office(request)
    asked = get_object_or_404(MessengerRequest, pk=pk)
    try:
        messengers.end_request(request=asked, by=person)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("This question has ended. What was told stays here."))
    return redirect("messengers:questions")
