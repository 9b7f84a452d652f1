"""A talk in Romanian: what two neighbours told at a table, and a contact person wrote down."""

import datetime

from django.utils import timezone

from accounts.models import User
from accounts.sealing import seal
from areas.models import Area
from contributions import actions as review
from contributions.actions import Entry
from contributions.models import Dossier, Telling
from contributions.review import Reason
from ideas.actions import tell_initiative
from indicators.models import Theme

TOLD = (
    (
        "voorbeeld-gesprek-een-01",
        "Mihaela",
        "Un loc unde să ne spălăm hainele de lucru",
        "Lucrez în seră și stau cu încă cinci oameni într-o casă. Avem o singură mașină de spălat, "
        "iar hainele de lucru nu se usucă niciodată. Aș vrea o spălătorie în cartier, deschisă și "
        "seara târziu, unde să plătești puțin. Pot să țin eu evidența cheilor.",
    ),
    (
        "voorbeeld-gesprek-twee-02",
        "",
        "Lumină pe drumul spre stația de tramvai",
        "Când vin de la tura de noapte, drumul spre stație este întunecat și mi-e frică. Două "
        "lămpi lângă parc ar fi de ajuns. Și alte femei de la muncă spun la fel.",
    ),
)


def load(*, messenger: User, moderator: User, now: datetime.datetime) -> None:
    """Hold a talk yesterday: one of the ideas stands, one waits for a moderator and for a call."""
    area = Area.objects.get(slug="transvaal")
    yesterday = timezone.localtime(now) - datetime.timedelta(days=1)
    noon = yesterday.replace(hour=12, minute=0, second=0, microsecond=0)
    talk = review.open_session(
        by=messenger,
        place="De keukentafel van het buurthuis",
        language="ro",
        area=area,
        now=noon,
    )
    slips = []
    for number, (key, first_name, title, text) in enumerate(TOLD):
        moment = noon + datetime.timedelta(minutes=20 * (number + 1))
        slips.append(
            tell_initiative(
                session=talk,
                by=messenger,
                entry=Entry(
                    key=key, digest="", first_name=first_name, is_16=True, has_consent=True
                ),
                values={
                    "title": title,
                    "text": text,
                    "theme": Theme.objects.order_by("pk")[number],
                },
                now=moment,
            )
        )
    review.close_session(session=talk, by=messenger, now=noon + datetime.timedelta(hours=1))
    # Not by lot: the sample is the same each time.
    first, second = (slip.telling for slip in slips)
    Telling.objects.filter(pk=first.pk).update(call_back=Telling.CallBack.NONE)
    Telling.objects.filter(pk=second.pk).update(
        call_back=Telling.CallBack.WAITING, telephone=seal("+31600000000")
    )
    Dossier.objects.filter(pk=second.dossier_id).update(
        review_reasons=[str(Reason.NEW_MESSENGER), str(Reason.NOT_CONFIRMED)]
    )
    review.publish(dossier=first.dossier, by=moderator, now=noon + datetime.timedelta(hours=3))
