"""Whatever changes about a figure makes a new edition, so that no old drawing is shown."""

import pytest

from areas.models import Area
from indicators.models import Edition, Indicator, Intervention, Measurement, Target, Theme
from tests import scenes

pytestmark = pytest.mark.django_db


def stamp() -> int:
    edition = Edition.objects.first()
    return edition.stamp if edition else 0


def test_every_change_by_whatever_way_makes_a_new_edition() -> None:
    figure, here = scenes.indicator(), scenes.area()
    measurement = scenes.measured(40)
    target = Target.objects.create(indicator=figure, area=here, year=2028, value=30)
    group = scenes.target_group()
    intervention = Intervention.objects.create(theme=figure.theme, number=1, name="More green")
    seen = [stamp()]
    for change in (
        lambda: Area.objects.filter(pk=here.pk).update(name="There"),
        lambda: Theme.objects.update(name="Other"),
        lambda: type(group).objects.update(name="Everybody"),
        lambda: Intervention.objects.update(name="Less grey"),
        lambda: Indicator.objects.update(unit="score"),
        lambda: figure.interventions.add(intervention),
        lambda: figure.interventions.clear(),
        lambda: Measurement.objects.update(value=41),
        lambda: Measurement.objects.bulk_create(
            [Measurement(indicator=figure, area=here, period="2020", value=1)]
        ),
        measurement.delete,
        lambda: Target.objects.update(value=31),
        target.delete,
    ):
        change()
        seen.append(stamp())
    assert len(set(seen)) == len(seen)


def test_what_neighbours_say_makes_none() -> None:
    scenes.measured(40)
    before = stamp()
    scenes.answered()
    scenes.initiative()
    assert stamp() == before
