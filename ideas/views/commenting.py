"""Commenting: written first, signed in last."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import tell_age
from accounts.forms import AgeForm
from accounts.models import User
from contributions.actions import EditedElsewhere, Refused, claim_draft, withdraw
from contributions.advice import before_sending, page_after_sending, was_looked_over
from contributions.drafts import draft_key, make_draft_key
from contributions.history import beside_what_stands, waiting_change
from contributions.language import guess_language
from contributions.models import Status
from contributions.requests import author_or_none, signed_in
from contributions.revisions import latest_change, version_of_words
from contributions.voices import with_voices
from ideas import actions, standing
from ideas.forms import CommentForm
from ideas.joined import goes_on_at
from ideas.limits import TooOften, may_begin
from ideas.models import Comment, Initiative
from ideas.threads import thread_of


def _language_of(form: CommentForm) -> str:
    chosen: str = form.cleaned_data["language"]
    return chosen or guess_language(form.cleaned_data["text"], otherwise=get_language() or "nl")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def comments(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show the thread with a form under it, and take a comment in."""
    found = Initiative.objects.visible_to(request.user).published().for_cards()
    initiative = found.filter(pk=pk).first()
    if initiative is None:
        return _under_the_other(request, pk)
    answerable = Comment.objects.published().filter(initiative=initiative, parent__isnull=True)
    if request.method != "POST":
        parent = request.GET.get("antwoord-op", "")
        form = CommentForm(
            initial={"parent": parent if parent.isascii() and parent.isdigit() else ""}
        )
        return _page(request, initiative, form)
    form = CommentForm(request.POST, answerable=answerable)
    if not form.is_valid():
        return _page(request, initiative, form, status=422)
    person = author_or_none(request)
    try:
        if not may_begin(request, "comment"):
            raise TooOften if request.user.is_authenticated else actions.TooManyDrafts
        comment = actions.write_comment(
            initiative=initiative,
            author=person,
            draft_key=make_draft_key(request) if person is None else "",
            text=form.cleaned_data["text"],
            language=_language_of(form),
            stance=form.cleaned_data["stance"],
            parent=form.cleaned_data["parent"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, initiative, form, status=422)
    if person is None:
        return redirect_to_login(comment.get_edit_url())
    return _place(request, comment, signed_in(request))


def _under_the_other(request: HttpRequest, pk: int) -> HttpResponse:
    """Let who comments on a double go on where it was joined; the words are kept.

    Raises:
        Http404: it is no double, or one of the two is hidden.
    """
    into = goes_on_at(pk, request.user)
    if into is None:
        raise Http404
    if request.method != "POST":
        return redirect("ideas:comments", pk=into.pk, slug=into.address_slug)
    kept = {name: request.POST.get(name, "") for name in ("text", "stance", "language")}
    form = CommentForm(kept)
    form.add_error(
        None,
        _("That idea was joined with this one. Your comment is kept: look, and send it here."),
    )
    return _page(request, into, form, status=409)


def _page(
    request: HttpRequest, initiative: Initiative, form: CommentForm, *, status: int = 200
) -> HttpResponse:
    parent_pk = str(form["parent"].value() or "")
    parent = (
        Comment.objects.published()
        .select_related("author")
        .filter(initiative=initiative, parent__isnull=True, pk=parent_pk)
        .first()
        if parent_pk.isascii() and parent_pk.isdigit() and len(parent_pk) < 19
        else None
    )
    thread = thread_of(initiative, request.user, after=request.GET.get("after", ""))
    with_voices(thread.comments(), request.user)
    return render(
        request,
        "ideas/comments.html",
        {"initiative": initiative, "form": form, "parent": parent, "thread": thread},
        status=status,
    )


def _place(request: HttpRequest, comment: Comment, person: User) -> HttpResponse:
    if person.needs_age(timezone.now()):
        # Asked on the comment's own page, where the same press places it.
        messages.info(request, _("Tell us your age group once; then we can place your comment."))
        return redirect(comment.get_edit_url())
    if not was_looked_over(request, comment):
        # It is kept as a draft; its own page says what to look at, and places it.
        return redirect(comment.get_edit_url())
    try:
        placed = actions.hand_in_comment(comment=comment, by=person, draft_key=draft_key(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(comment.get_edit_url())
    if placed.is_published:
        messages.success(request, _("Your comment is on the site."))
        return redirect(placed.get_absolute_url())
    messages.success(request, standing.of_review(placed).sentence)
    return redirect(page_after_sending(placed, placed.get_edit_url()))


def find_comment(request: HttpRequest, initiative_pk: int, comment_pk: int) -> Comment:
    """Return a comment of the person or of this browser; after sign-in it becomes the person's.

    Raises:
        Http404: it is not there, or somebody else's, or what it is about is not on the site.
    """
    person = author_or_none(request)
    key = draft_key(request)
    mine = Q(author=person) if person else Q(pk__in=[])
    comment = (
        Comment.objects.filter(mine | Q(pk__in=Comment.objects.held_by(key)))
        .filter(
            # One that came along with a double is found by its old address too.
            Q(initiative=initiative_pk) | Q(written_under=initiative_pk),
            pk=comment_pk,
            initiative__in=Initiative.objects.visible_to(request.user).order_by().values("pk"),
        )
        .select_related("initiative", "dossier", "author", "parent__author")
        .first()
    )
    if comment is None:
        raise Http404
    if person and comment.author_id is None:
        comment = claim_draft(draft=comment, by=person, draft_key=key)
    return comment


def _age_form(request: HttpRequest, person: User | None) -> AgeForm | None:
    if person is None or not person.needs_age(timezone.now()):
        return None
    return AgeForm(request.POST if request.method == "POST" else None, user=person)


def _values(form: CommentForm, own: Comment) -> dict[str, str]:
    """Return what a checked form makes of a comment; an answer to one takes no stance."""
    values = {"text": form.cleaned_data["text"], "language": _language_of(form)}
    return values if own.parent_id else {**values, "stance": form.cleaned_data["stance"]}


def _changed(request: HttpRequest, own: Comment, *, is_new: bool) -> HttpResponse:
    """Say that a change is in; the same words sent twice lead to where they stand."""
    if not is_new:
        return redirect(own.get_absolute_url())
    messages.success(request, _("Your change is in."))
    return redirect(page_after_sending(own, own.get_edit_url()))


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def comment(request: HttpRequest, pk: int, slug: str, comment_pk: int) -> HttpResponse:
    """Show one's own comment with its state; change it, and send it in."""
    own = find_comment(request, pk, comment_pk)
    initial = {"text": own.text, "stance": own.stance, "language": own.language}
    if change := latest_change(own):
        initial |= change.data
    data = request.POST if request.method == "POST" else None
    form = CommentForm(data, initial=initial)
    person = author_or_none(request)
    is_placed_by_this = own.status in (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN)
    age_form = _age_form(request, person) if is_placed_by_this else None
    started_from = request.POST.get("started_from") or version_of_words(own)
    elsewhere = None
    if request.method == "POST" and own.is_editable and form.is_valid():
        values = _values(form, own)
        try:
            changed = actions.change_comment(
                comment=own,
                by=request.user,
                draft_key=draft_key(request),
                values=values,
                started_from=started_from,
            )
        except EditedElsewhere:
            own = find_comment(request, pk, comment_pk)
            elsewhere = beside_what_stands(own, {**own.fields_of_revision(), **values})
            started_from = version_of_words(own)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if person is None:
                return redirect_to_login(request.path)
            if not is_placed_by_this:
                return _changed(request, own, is_new=changed)
            if age_form is None:
                return _place(request, own, person)
            if age_form.is_valid():
                return _place(request, own, tell_age(user=person, **age_form.cleaned_data))
    return render(
        request,
        "ideas/comment.html",
        {
            "comment": own,
            "initiative": own.initiative,
            "form": form,
            "age_form": age_form,
            "standing": standing.of_review(own),
            "decision": own.dossier.decisions.filter(automatic=False).select_related("rule").last(),
            "own_change": waiting_change(own),
            "started_from": started_from,
            "elsewhere": elsewhere,
            "looked": before_sending(own) if request.method != "POST" else None,
        },
        status=_status(request, is_conflict=elsewhere is not None),
    )


def _status(request: HttpRequest, *, is_conflict: bool) -> int:
    """Return what a page that is shown (again) answers with."""
    if request.method != "POST":
        return 200
    return 409 if is_conflict else 422


@require_POST
def take_comment_away(request: HttpRequest, pk: int, slug: str, comment_pk: int) -> HttpResponse:
    """Take one's own comment off the site."""
    own = get_object_or_404(
        Comment.objects.select_related("initiative"),
        Q(initiative=pk) | Q(written_under=pk),
        pk=comment_pk,
        author=signed_in(request),
    )
    try:
        withdraw(contribution=own, by=signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your comment is off the site."))
    return redirect(own.get_edit_url())
