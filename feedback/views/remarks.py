"""Telling more beside a figure: written first, signed in last, and made into an initiative."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from areas.models import Area
from contributions.actions import EditedElsewhere, Refused, claim_draft, withdraw
from contributions.advice import before_sending, page_after_sending, was_looked_over
from contributions.drafts import draft_key, make_draft_key
from contributions.forms import PicturesForm
from contributions.history import beside_what_stands, waiting_change
from contributions.language import guess_language
from contributions.models import Picture, Status
from contributions.requests import author_or_none, signed_in, without_token_for_visitors
from contributions.revisions import latest_change, version_of_words
from feedback import actions, browsers, quarters
from feedback.forms import AnswersForm, RemarkForm
from feedback.models import Remark
from feedback.views.figures import TooManyAnswers, own_experience
from ideas import standing
from ideas.actions import TooManyDrafts
from ideas.limits import may_begin
from indicators.models import Indicator


def _figure_here(slug: str, figure: str) -> tuple[Area, Indicator]:
    """Return a neighbourhood and a figure that people are asked about.

    Raises:
        Http404: there is no such place or figure, or nobody is asked.
    """
    area = get_object_or_404(Area, slug=slug, accepts_contributions=True)
    asked = Indicator.objects.select_related("theme")
    return area, get_object_or_404(asked, slug=figure, may_be_asked=True)


def _language_of(form: RemarkForm) -> str:
    chosen: str = form.cleaned_data["language"]
    return chosen or guess_language(form.cleaned_data["text"], otherwise=get_language() or "nl")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def tell(request: HttpRequest, slug: str, figure: str) -> HttpResponse:
    """Ask what somebody sees, in their own words, with the answers to the two questions."""
    area, indicator = _figure_here(slug, figure)
    told = own_experience(request, indicator, area)
    if told is not None and (remark := Remark.objects.filter(experience=told).first()):
        # One in each quarter: whoever comes again goes on with that one.
        return redirect(remark.get_edit_url())
    data = request.POST if request.method == "POST" else None
    initial = {"recognition": told.recognition, "trend": told.trend} if told else {}
    answers = AnswersForm(data, initial=initial)
    form = RemarkForm(data)
    files = request.FILES if request.method == "POST" else None
    pictures_form = PicturesForm(data, files)
    if request.method == "POST":
        good = [each.is_valid() for each in (answers, form, pictures_form)]
        if all(good):
            try:
                return _begin(request, area, indicator, answers, form, pictures_form)
            except TooManyAnswers as refused:
                form.add_error(None, str(refused))
                return _tell_page(request, area, indicator, answers, form, pictures_form, 429)
            except Refused as refused:
                form.add_error(None, str(refused))
    status = 422 if request.method == "POST" else 200
    return _tell_page(request, area, indicator, answers, form, pictures_form, status)


def _tell_page(
    request: HttpRequest,
    area: Area,
    indicator: Indicator,
    answers: AnswersForm,
    form: RemarkForm,
    pictures_form: PicturesForm,
    status: int,
) -> HttpResponse:
    return render(
        request,
        "feedback/tell.html",
        {
            "area": area,
            "indicator": indicator,
            "answers": answers,
            "form": form,
            "pictures_form": pictures_form,
        },
        status=status,
    )


def _begin(
    request: HttpRequest,
    area: Area,
    indicator: Indicator,
    answers: AnswersForm,
    form: RemarkForm,
    pictures_form: PicturesForm,
) -> HttpResponse:
    person = author_or_none(request)
    key = browsers.key_of(request) or (browsers.new_key() if person is None else "")
    if person is None and not (browsers.may_answer(request, key) and may_begin(request, "comment")):
        raise TooManyAnswers
    actions.answer(
        indicator=indicator,
        area=area,
        person=person,
        browser=browsers.digest(key),
        quarter_date=quarters.quarter_at(timezone.now()),
        recognition=answers.cleaned_data["recognition"],
        trend=answers.cleaned_data["trend"],
    )
    remark = actions.begin_remark(
        indicator=indicator,
        area=area,
        author=person,
        draft_key=make_draft_key(request) if person is None else "",
        text=form.cleaned_data["text"],
        language=_language_of(form),
        form=pictures_form,
    )
    if person is not None:
        return _place(request, remark)
    response = redirect_to_login(remark.get_edit_url())
    browsers.keep(response, key)
    return response


def _place(request: HttpRequest, remark: Remark) -> HttpResponse:
    person = signed_in(request)
    if person.needs_age(timezone.now()):
        profile = reverse("accounts:profile")
        messages.info(request, _("Tell us your age group once; then we can place your text."))
        return redirect(f"{profile}?next={remark.get_edit_url()}")
    if not was_looked_over(request, remark):
        # It is kept as a draft; its own page says what to look at, and places it.
        return redirect(remark.get_edit_url())
    try:
        placed = actions.hand_in_remark(
            remark=remark,
            by=person,
            draft_key=draft_key(request),
            browser=browsers.digest_of(request),
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(remark.get_edit_url())
    if placed.is_published:
        messages.success(request, _("Your experience is on the site."))
        return redirect(placed.get_absolute_url())
    messages.success(request, standing.of_review(placed).sentence)
    return redirect(page_after_sending(placed, placed.get_edit_url()))


def find_remark(request: HttpRequest, pk: int) -> Remark:
    """Return a remark of the person or of this browser; after sign-in it becomes the person's.

    Raises:
        Http404: it is not there, or somebody else's.
    """
    person = author_or_none(request)
    key = draft_key(request)
    mine = Q(author=person) if person else Q(pk__in=[])
    remark = (
        Remark.objects.filter(mine | Q(pk__in=Remark.objects.held_by(key)))
        .filter(pk=pk)
        .select_related("dossier", "area", "indicator__theme", "author", "experience")
        .first()
    )
    if remark is None:
        raise Http404
    if person and remark.author_id is None:
        try:
            claim_draft(draft=remark, by=person, draft_key=key)
        except Refused as refused:
            raise Http404 from refused
        remark.author = person
    return remark


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one's own remark with its state; change it, and send it in."""
    own = find_remark(request, pk)
    initial = {"text": own.text, "language": own.language}
    change = latest_change(own)
    if change:
        initial |= change.data
    data = request.POST if request.method == "POST" else None
    files = request.FILES if request.method == "POST" else None
    form = RemarkForm(data, initial=initial)
    pictures = list(Picture.objects.filter(dossier=own.dossier).current())
    pictures_form = PicturesForm(data, files, pictures=pictures)
    started_from = request.POST.get("started_from") or version_of_words(own)
    elsewhere = None
    good = [each.is_valid() for each in (form, pictures_form)]
    if request.method == "POST" and own.is_editable and all(good):
        values = {"text": form.cleaned_data["text"], "language": _language_of(form)}
        try:
            actions.write_remark(
                remark=own,
                by=request.user,
                draft_key=draft_key(request),
                values=values,
                form=pictures_form,
                started_from=started_from,
            )
        except EditedElsewhere:
            own = find_remark(request, pk)
            described = {"picture_descriptions": pictures_form.descriptions()}
            elsewhere = beside_what_stands(own, {**own.fields_of_revision(), **values, **described})
            pictures = list(Picture.objects.filter(dossier=own.dossier).current())
            pictures_form = pictures_form.told_again(pictures)
            started_from = version_of_words(own)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if not request.user.is_authenticated:
                return redirect_to_login(request.path)
            if own.status in (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN):
                return _place(request, own)
            messages.success(request, _("Your change is in."))
            return redirect(page_after_sending(own, own.get_edit_url()))
    return render(
        request,
        "feedback/remark.html",
        {
            "remark": own,
            "form": form,
            "pictures_form": pictures_form,
            "standing": standing.of_review(own),
            "decision": own.dossier.decisions.filter(automatic=False).select_related("rule").last(),
            "own_change": waiting_change(own),
            "started_from": started_from,
            "elsewhere": elsewhere,
            "looked": before_sending(own) if request.method != "POST" else None,
            "lost_files": elsewhere is not None and bool(request.FILES),
        },
        status=_status(request, is_conflict=elsewhere is not None),
    )


def _status(request: HttpRequest, *, is_conflict: bool) -> int:
    """Return what a page that is shown (again) answers with."""
    if request.method != "POST":
        return 200
    return 409 if is_conflict else 422


@require_POST
def take_remark_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own remark off the site; the answers to the questions stay counted."""
    own = get_object_or_404(Remark, pk=pk, author=signed_in(request))
    try:
        withdraw(contribution=own, by=signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your text is off the site. Your answer still counts."))
    return redirect(own.get_edit_url())


@require_POST
@login_not_required
@never_cache
@without_token_for_visitors
def make_initiative(request: HttpRequest, slug: str, figure: str) -> HttpResponse:
    """Begin an initiative about a figure here, with the words of one's own remark if named."""
    area, indicator = _figure_here(slug, figure)
    person = author_or_none(request)
    told = request.POST.get("remark", "")
    remark = (
        find_remark(request, int(told))
        if told.isascii() and told.isdigit() and len(told) < 19
        else None
    )
    try:
        if not may_begin(request, "initiative"):
            raise TooManyDrafts
        draft = actions.make_initiative(
            indicator=indicator,
            area=area,
            author=person,
            draft_key=make_draft_key(request) if person is None else "",
            language=remark.language if remark else get_language() or "nl",
            text=remark.text if remark else "",
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("feedback:figure", slug=area.slug, figure=indicator.slug)
    return redirect("ideas:draft_what", pk=draft.pk)
