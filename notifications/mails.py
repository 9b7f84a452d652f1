"""The mails about notifications: text, and HTML whose styles were inlined once, not per mail."""

import functools
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.policy import Compat32
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import engines
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accounts.mails import absolute
from accounts.models import User
from notifications import links, sending, tokens
from notifications.kinds import About, Category, NotificationKind
from notifications.models import Delivery
from notifications.wording import filled_in, one_line, sentence_of, shortened, subject_of

FOLDER = "notifications/mails"
QUOTE_AT_MOST = 280


@dataclass(frozen=True)
class Follows:
    """One thing that a reader follows, and where that is undone without signing in."""

    label: str
    url: str


@dataclass(frozen=True)
class Line:
    """One thing in a mail, ready to be drawn."""

    sentence: str
    url: str
    quote: str = ""
    quote_language: str = ""
    picture: str = ""
    #: Says that a machine translated the quote, where it did.
    quote_label: str = ""
    #: What its reader follows of it, by name, and where that is undone.
    follows: Sequence[Follows] = ()

    @property
    def in_language(self) -> str:
        """Return what the quote's language is called, where its reader's is another one."""
        if not self.quote or self.quote_language == translation.get_language():
            return ""
        try:
            return str(get_language_info(self.quote_language)["name_translated"])
        except KeyError:
            return ""


class AsTheyAre(Compat32):
    """Writes headers as Django made them: without line breaks of others, encoded and folded."""

    def fold_binary(self, name: str, value: str) -> bytes:
        lines = str(value).replace("\n", self.linesep)
        return f"{name}: {lines}{self.linesep}".encode("ascii")


class Mail(EmailMultiAlternatives):
    """A mail whose parts are kept apart by what nobody can guess, so that none writes it."""

    def message(self, **arguments: Any) -> Any:
        made = super().message(**arguments)
        made.policy = AsTheyAre()
        # The library would search the text for one that is nowhere in it, which takes long.
        made.set_boundary(f"=_{secrets.token_hex(16)}")
        return made


class MailCourier:
    """Writes mails in the language of their readers and hands them to the mail server."""

    def __init__(self, send: Callable[[EmailMultiAlternatives], None]) -> None:
        self.send = send

    def carry(self, delivery: Delivery, kind: NotificationKind, about: About) -> None:
        """Hand over the mail of one notification."""
        self.send(compose(kind, about, to=delivery.notification.recipient))


@contextmanager
def courier() -> Iterator[MailCourier]:
    """Give a courier that has one connection for a whole batch."""
    with sending.mail_server() as send:
        yield MailCourier(send)


def compose(kind: NotificationKind, about: About, *, to: User) -> EmailMultiAlternatives:
    """Return the mail that tells somebody of one thing, in their language."""
    with translation.override(to.language):
        can_be_stopped = not kind.must_be_told
        stop_url = links.stop_url(to, kind.category) if can_be_stopped else ""
        return written(
            "notification",
            to=to,
            subject=subject_of(kind, about),
            stop_url=stop_url,
            context={
                "heading": one_line(filled_in(kind.subject, about)),
                "line": line_of(about, sentence_of(kind, about), QUOTE_AT_MOST),
                "before": one_line(about.quote)[:QUOTE_AT_MOST],
                "why": _why(kind),
                "stop": _("Stop mails like this one (%(category)s)")
                % {"category": Category(kind.category).label},
                "follows": follows_of(about, to),
            },
        )


def follows_of(about: About, person: User) -> list[Follows]:
    """Return what a reader follows of what they are told, and where each of it is undone."""
    return [
        Follows(one_line(label), links.stop_url(person, tokens.purpose_of_follow(*thing)))
        for thing, label in about.followed.items()
    ]


def line_of(about: About, sentence: str, quote_at_most: int) -> Line:
    return Line(
        sentence=sentence,
        url=absolute(about.path),
        quote=shortened(one_line(about.quote), quote_at_most) if quote_at_most else "",
        quote_language=about.quote_language or translation.get_language() or "",
        quote_label=about.quote_label,
        picture=absolute(about.picture) if _is_public(about.picture) else "",
    )


def _why(kind: NotificationKind) -> str:
    if kind.must_be_told:
        return _("You get this mail because it is about you and you have to know it.")
    sentences = {
        Category.ABOUT_YOU: _("You get this mail because it is about something of yours."),
        Category.FOLLOWED: _("You get this mail because you support or follow this."),
        Category.NEIGHBOURHOOD: _("You get this mail because it is about your neighbourhood."),
        Category.TASKS: _("You get this mail because you have tasks on this site."),
    }
    return sentences[kind.category]


def _is_public(path: str) -> bool:
    """Say whether a mail program, which is not signed in, can fetch a picture at an address."""
    if not path.startswith("/"):
        return False
    try:
        view = resolve(path.partition("?")[0]).func
    except Resolver404:
        return False
    return getattr(view, "login_required", True) is False


def written(
    name: str,
    *,
    to: User,
    subject: str,
    stop_url: str,
    context: Mapping[str, Any],
) -> EmailMultiAlternatives:
    """Return a mail in the language that is active.

    Args:
        name: its two templates in the folder of mails, without ``.txt`` and ``.html``.
        stop_url: where mail of its kind is stopped without signing in; empty where it cannot be.
    """
    language = translation.get_language() or settings.LANGUAGE_CODE
    values = {
        "subject": subject,
        "site_name": settings.SITE_NAME,
        "site_url": absolute("/"),
        "language": language,
        "text_direction": "rtl" if translation.get_language_bidi() else "ltr",
        "start": "right" if translation.get_language_bidi() else "left",
        "end": "left" if translation.get_language_bidi() else "right",
        "stop_url": stop_url,
        "preferences_url": links.preferences_url(to),
        **context,
    }
    # Out-of-office replies help nobody; RFC 3834.
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": language}
    if stop_url:
        # RFC 8058: one POST stops it. A program that only opens the address changes nothing.
        headers["List-Unsubscribe"] = f"<{stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = Mail(
        subject=one_line(subject),
        body=get_template(f"{FOLDER}/{name}.txt").render(values).strip() + "\n",
        to=[str(to.email)],
        headers=headers,
    )
    message.attach_alternative(html_template(name).render(values), "text/html")
    return message


@functools.cache
def html_template(name: str) -> Any:
    """Return a template of HTML with its styles in its tags, as mail programs want them.

    The styles go into the template's source, once in a process: into each mail would take longer
    than all the rest of it. The reader of HTML sees Django's tags as text, so they stand only
    where text can, or in an attribute's value.
    """
    frame = _source("frame.html")
    page = frame.replace("/* mail.css */", _source("mail.css"))
    page = page.replace("<!-- content -->", _source(f"{name}.html"))
    inlined = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(page)
    # A mail server reads line by line: what is there for who reads the source stays here.
    lines = (line.strip() for line in inlined.splitlines())
    return engines["django"].from_string("\n".join(line for line in lines if line))


def _source(name: str) -> str:
    template: Any = get_template(f"{FOLDER}/{name}")
    return str(template.origin.loader.get_contents(template.origin))


def preview(kind: NotificationKind, about: About, *, to: User) -> Sequence[str]:
    """Return the subject, the text and the HTML of a mail, as its reader gets them."""
    message = compose(kind, about, to=to)
    return str(message.subject), str(message.body), str(message.alternatives[0][0])
