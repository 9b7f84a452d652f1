"""Translations of texts, the requests for them to a machine, and what a machine may not do."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from areas.models import Area

from .dossier import Dossier


class TranslationQuerySet(models.QuerySet["Translation"]):
    def current(self) -> Self:
        """Return those that readers get; each text has one at most in each language."""
        return self.filter(state__in=CURRENT)

    def by_people(self) -> Self:
        """Return those that readers get and that somebody made."""
        return self.filter(state__in=BY_PEOPLE)

    def waiting(self) -> Self:
        """Return what readers proposed and nobody decided about, the longest waiting first."""
        return self.filter(state=Translation.State.WAITING).order_by("made_at", "pk")


class Translation(models.Model):
    """What a text says in another language, and who or what made it say so.

    ``words`` holds a text for each field that its kind has translated. ``source_digest`` tells from
    which words it was made: with others in the original it is outdated, and says so.

    A translation is never a door of its own: it is shown where its original may be seen, and only
    while that is on the site.
    """

    class State(models.TextChoices):
        MACHINE = "machine", _("made by a machine")
        HUMAN = "human", _("made by a person")
        CHECKED = "checked", _("made by a person, read by a moderator")
        WAITING = "waiting", _("waits for a moderator")
        DECLINED = "declined", _("not taken over")
        REPLACED = "replaced", _("replaced by a later one")
        REMOVED = "removed", _("taken away by a moderator")

    class Maker(models.TextChoices):
        AUTHOR = "author", _("who wrote the text")
        MESSENGER = "messenger", _("a contact person in this language")
        READER = "reader", _("a neighbour")
        MODERATOR = "moderator", _("a moderator")
        MACHINE = "machine", _("a machine")

    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), on_delete=models.PROTECT, related_name="translations"
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.CONTENT_LANGUAGES)
    words = models.JSONField(_("words"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    maker = models.CharField(_("made by"), max_length=10, choices=Maker.choices)
    made_by = models.ForeignKey(
        User,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    source_digest = models.CharField(max_length=64, editable=False)
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("why it was not taken over"), blank=True)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(
                name="one_translation_per_language",
                fields=["dossier", "language"],
                condition=Q(state__in=["machine", "human", "checked"]),
            ),
            models.UniqueConstraint(
                name="one_waiting_translation_each",
                fields=["dossier", "language", "made_by"],
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="translation_state_is_known",
                condition=Q(
                    state__in=[
                        "machine",
                        "human",
                        "checked",
                        "waiting",
                        "declined",
                        "replaced",
                        "removed",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="translation_of_a_machine_is_nobodys",
                condition=~Q(maker="machine") | Q(made_by__isnull=True),
            ),
            models.CheckConstraint(
                name="translation_by_a_machine_says_so",
                condition=Q(state__in=["machine", "replaced", "removed"], maker="machine")
                | (~Q(maker="machine") & ~Q(state="machine")),
            ),
        ]
        indexes = [
            models.Index(
                name="translation_queue",
                fields=["made_at", "id"],
                condition=Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.language}"

    @property
    def is_by_machine(self) -> bool:
        return self.maker == Translation.Maker.MACHINE

    @property
    def is_by_people(self) -> bool:
        """Say whether it stands and was made by somebody: no machine takes its place."""
        return self.state in BY_PEOPLE


BY_PEOPLE = (Translation.State.HUMAN, Translation.State.CHECKED)
CURRENT = (Translation.State.MACHINE, *BY_PEOPLE)


#: A claim holds for so long: a worker that has not answered by then was killed.
CLAIM_HOLDS = datetime.timedelta(minutes=3)
#: So often a machine is asked for one translation: the last time about two hours after the first.
MAX_TRIES = 6


class TranslationRequestQuerySet(models.QuerySet["TranslationRequest"]):
    def due_at(self, now: datetime.datetime) -> Self:
        """Return what a machine can be asked now, what waits longest first."""
        return self.filter(state=TranslationRequest.State.WAITING, next_try_at__lte=now).order_by(
            "next_try_at", "pk"
        )


class TranslationRequest(models.Model):
    """That a machine is asked for a translation, how often it was tried, and what went wrong.

    A killed worker loses none: a row that was claimed comes due again by itself.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        GIVEN_UP = "given_up"

    class Trouble(models.TextChoices):
        NONE = "", ""
        AWAY = "away"
        SLOW = "slow"
        BUSY = "busy"
        BROKEN = "broken"
        WRONG_NUMBER = "wrong_number"
        MANGLED = "mangled"
        TOO_LONG = "too_long"
        REFUSED = "refused"
        BUDGET = "budget"
        NOT_ALLOWED = "not_allowed"

    dossier = models.ForeignKey(
        Dossier,
        on_delete=models.PROTECT,
        related_name="translation_requests",
    )
    language = models.CharField(max_length=10, choices=settings.CONTENT_LANGUAGES)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    trouble = models.CharField(max_length=12, choices=Trouble.choices, blank=True)

    objects = TranslationRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_translation_request_per_language", fields=["dossier", "language"]
            ),
            models.CheckConstraint(
                name="translation_request_state_is_known",
                condition=Q(state__in=["waiting", "done", "given_up"]),
            ),
        ]
        indexes = [
            models.Index(
                name="translation_request_due",
                fields=["next_try_at", "id"],
                condition=Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.language}"

    @property
    def is_waiting(self) -> bool:
        return self.state == TranslationRequest.State.WAITING


class MachineMonth(models.Model):
    """How many characters went to a machine in a month; none goes over the budget."""

    month = models.DateField(unique=True)
    characters = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class NoMachine(models.Model):
    """Where no machine translates: an area with all in it, a kind of text, or a kind there.

    A row without an area is about all areas, one without a kind about all kinds.
    """

    area = models.ForeignKey(
        Area,
        verbose_name=_("area"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("With all that lies in it. Empty: everywhere."),
    )
    kind = models.CharField(
        _("kind of text"), max_length=30, blank=True, help_text=_("Empty: all kinds.")
    )

    class Meta:
        verbose_name = _("place without machine translation")
        verbose_name_plural = _("places without machine translation")
        constraints = [
            models.UniqueConstraint(name="no_machine_is_said_once", fields=["area", "kind"]),
            # Without an area no two rows are alike to that one.
            models.UniqueConstraint(
                name="no_machine_anywhere_is_said_once",
                fields=["kind"],
                condition=Q(area__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, str(self.area or "")))) or "*"
