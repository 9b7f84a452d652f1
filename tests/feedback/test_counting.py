"""Counts that everybody may see: no cell under five, nor one that can be worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.counting import SMALLEST_SHOWN, hide_small


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([148, 48, 35], [148, 48, 35]),
        ([5, 5, 5], [5, 5, 5]),
        # One alone could be worked out: the smallest of the others goes with it.
        ([60, 20, 4], [60, None, None]),
        ([60, 4, 4], [60, None, None]),
        # That nobody gave the other two would tell what each of them said.
        ([60, 0, 0], [None, None, None]),
        ([60, 2, 0], [None, None, None]),
        ([4, 30], [None, None]),
        ([0, 0, 0], [None, None, None]),
    ],
)
def test_a_small_count_is_hidden_with_what_would_give_it_away(
    cells: list[int], shown: list[int | None]
) -> None:
    assert hide_small(cells) == shown


@given(st.lists(st.integers(0, 40), min_size=2, max_size=4))
def test_nothing_small_is_shown_and_nothing_hidden_can_be_worked_out(cells: list[int]) -> None:
    shown = hide_small(cells)
    assert all(cell is None or cell >= SMALLEST_SHOWN for cell in shown)
    assert all(now in (None, was) for now, was in zip(shown, cells, strict=True))
    hidden = [was for now, was in zip(shown, cells, strict=True) if now is None]
    if 0 < len(hidden) < len(cells):
        assert len(hidden) > 1
        assert sum(hidden) >= SMALLEST_SHOWN
