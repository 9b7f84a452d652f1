"""What sheets are made about: each kind of thing declares itself once, and joins by that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from areas.models import Area
from contributions.models import Picture
from ideas.joined import goes_on_at
from ideas.models import Initiative
from ideas.permissions import is_initiator
from participatie.posters.words import Words, sentences, words_on_paper

Viewer = User | AnonymousUser


@dataclass(frozen=True)
class PosterSubject:
    """How one kind of thing gets posters and cards.

    Args:
        name: its name in the database, and of its own sentences (``<name>_ask``, ``<name>_how``).
        word: what it is called in addresses of the site.
        letter: what it is called in the addresses that stand on paper: never changed again, since
            paper hangs for years. One small letter.
        label: its word on the screen.
        find: the thing with a number, where somebody may see it and it stands on the site; else
            None. Asked each time that a sheet is asked for, made or fetched.
        leads_to: the thing that a code on paper leads to, for everybody; else None.
        title: the line that names it on the screen.
        url: its page, in the language in force.
        words: what it says on paper, for a reader of a language.
        area: where it is about.
        picture: what is shown with it, if anything.
        reach_for: whether somebody may read how often its codes were followed.
    """

    name: str
    word: str
    letter: str
    label: Promise
    find: Callable[[Viewer, int], Any]
    leads_to: Callable[[int], Any]
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    words: Callable[[Any, str], Words]
    area: Callable[[Any], Area]
    picture: Callable[[Any], Picture | None]
    reach_for: Callable[[Viewer, Any], bool]


_subjects: dict[str, PosterSubject] = {}


def register(*subjects: PosterSubject) -> None:
    """Declare kinds of things that sheets are made about; called once at start-up.

    Raises:
        ValueError: another one has the same name, word or letter.
    """
    for subject in subjects:
        for other in all_subjects():
            if other.name != subject.name and (
                other.word == subject.word or other.letter == subject.letter
            ):
                raise ValueError(f"Two kinds of posters are called {subject.word}")
        _subjects[subject.name] = subject


def all_subjects() -> list[PosterSubject]:
    return list(_subjects.values())


def subject_named(name: str) -> PosterSubject:
    """Return a kind by its name in the database."""
    return _subjects[name]


def subject_of_word(word: str) -> PosterSubject | None:
    """Return a kind by its word in addresses, or None."""
    return next((subject for subject in all_subjects() if subject.word == word), None)


def subject_of_letter(letter: str) -> PosterSubject | None:
    """Return a kind by its letter on paper, or None."""
    return next((subject for subject in all_subjects() if subject.letter == letter), None)


# --- An initiative --------------------------------------------------------------------------------


def _initiative(viewer: Viewer, pk: int) -> Initiative | None:
    return (
        Initiative.objects.visible_to(viewer)
        .published()
        .select_related("area", "dossier")
        .filter(pk=pk)
        .first()
    )


def _initiative_for_all(pk: int) -> Initiative | None:
    """Return an initiative that everybody may read; of a double the one it was joined with."""
    return _initiative(AnonymousUser(), pk) or goes_on_at(pk, AnonymousUser())


def _initiative_title(initiative: Initiative) -> str:
    return initiative.title


def _initiative_url(initiative: Initiative) -> str:
    return initiative.get_absolute_url()


def _initiative_words(initiative: Initiative, language: str) -> Words:
    return words_on_paper(initiative.dossier, language)


def _initiative_area(initiative: Initiative) -> Area:
    assert initiative.area is not None  # What is published has one.
    return initiative.area


def _initiative_picture(initiative: Initiative) -> Picture | None:
    return Picture.objects.filter(dossier=initiative.dossier_id).shown().first()


def _initiative_reach(viewer: Viewer, initiative: Initiative) -> bool:
    return is_initiator(viewer, initiative) or _is_office_in(viewer, initiative.area)


def _is_office_in(viewer: Viewer, area: Area | None) -> bool:
    return viewer.is_authenticated and viewer.has_role(Role.PROGRAMME_OFFICE, area=area)


INITIATIVE = PosterSubject(
    name=Initiative.kind,
    word="initiatief",
    letter="i",
    label=_("initiative"),
    find=_initiative,
    leads_to=_initiative_for_all,
    title=_initiative_title,
    url=_initiative_url,
    words=_initiative_words,
    area=_initiative_area,
    picture=_initiative_picture,
    reach_for=_initiative_reach,
)

# --- A neighbourhood ------------------------------------------------------------------------------


def _area(viewer: Viewer, pk: int) -> Area | None:
    """Return an area where people can post: its sheet asks them to."""
    return Area.objects.accepting_contributions().filter(pk=pk).first()


def _area_for_all(pk: int) -> Area | None:
    # Also where nobody can post any more: its page stays.
    return Area.objects.filter(pk=pk).first()


def _area_name(area: Area) -> str:
    return area.name


def _area_url(area: Area) -> str:
    return reverse("area", args=[area.slug])


def _itself(area: Area) -> Area:
    return area


def _no_picture(area: Area) -> None:
    return None


def _area_words(area: Area, language: str) -> Words:
    return Words(language=language, title=sentences()[language]["area_title"])


AREA = PosterSubject(
    name="area",
    word="wijk",
    letter="w",
    label=_("neighbourhood"),
    find=_area,
    leads_to=_area_for_all,
    title=_area_name,
    url=_area_url,
    words=_area_words,
    area=_itself,
    picture=_no_picture,
    reach_for=_is_office_in,
)
