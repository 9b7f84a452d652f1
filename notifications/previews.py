"""What a kind looks like in a language, filled in from its sample, without anybody's rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from notifications import letters, mails, pushing
from notifications.inbox import in_words
from notifications.kinds import About, NotificationKind, all_kinds

#: Two of a kind show the line that several of it become.
_TWICE = 2


@dataclass(frozen=True)
class Preview:
    """What somebody would get, by channel; empty where it does not go out by one.

    Args:
        text, html: the two forms of the mail.
        push_title, push_body: what a phone shows.
        inbox_title, inbox_body: the row of the inbox.
    """

    subject: str = ""
    text: str = ""
    html: str = ""
    push_title: str = ""
    push_body: str = ""
    inbox_title: str | SafeString = ""
    inbox_body: str | SafeString = ""


def of_kind(kind: NotificationKind, language: str) -> Preview:
    """Return what a reader of a language gets of one kind."""
    about = _sample(kind, language)
    push = json.loads(pushing.message_of(kind, about, language=language, tag="preview"))
    mail = _parts(mails.compose(kind, about, to=_reader(language)))
    subject, text, html = ("", "", "") if kind.has_own_mail else mail
    with translation.override(language):
        return Preview(
            subject=subject,
            text=text,
            html=html,
            push_title=push["title"],
            push_body=push["body"],
            inbox_title=in_words(kind.subject, about.values),
            inbox_body=in_words(kind.sentence, about.values),
        )


def of_letter(language: str) -> Preview:
    """Return the weekly letter of a reader of a language, with some of everything in it."""
    pieces = [
        letters.Piece(kind, _sample(kind, language))
        for kind in all_kinds()
        if kind.in_letter
        for _number in range(_TWICE if kind.many else 1)
    ]
    subject, text, html = _parts(letters.compose(_reader(language), pieces))
    return Preview(subject=subject, text=text, html=html)


def _sample(kind: NotificationKind, language: str) -> About:
    with translation.override(language):
        quote = _("Here stand the first words of the text that it is about.")
        values = {
            name: str(value) if isinstance(value, Promise) else value
            for name, value in kind.sample.items()
        }
    # The front page: there is no subject to go to.
    return About(path="/", values=values, quote=quote, quote_language=language)


def _reader(language: str) -> User:
    """Return a reader who is nobody: the links of their mails are good for nothing."""
    return User(email=f"preview@{settings.SITE_URL.rpartition('/')[2]}", language=language)


def _parts(message: EmailMultiAlternatives) -> Sequence[str]:
    return str(message.subject), str(message.body), str(message.alternatives[0][0])
