"""What was measured, held against what it should be."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One row of the table: ``ratio`` is held against ``aim``; without one it is only told."""

    name: str
    ours: float
    bare: float | None
    unit: str
    ratio: float | None
    aim: float | None
    met: bool


def at_least(name: str, ours: float, bare: float, aim: float, unit: str = "requests/s") -> Measured:
    ratio = ours / bare
    return Measured(name, round(ours, 1), round(bare, 1), unit, round(ratio, 3), aim, ratio >= aim)


def at_most(name: str, ours: float, unit: str, aim: float) -> Measured:
    """Hold a number against a limit; its ratio is the part of the limit that it takes."""
    return Measured(name, round(ours, 1), None, unit, round(ours / aim, 3), aim, ours <= aim)


def no_more_than(name: str, ours: float, other: float, unit: str, aim: float) -> Measured:
    """Hold a number against another one: how many times as much it may be."""
    ratio = ours / other
    return Measured(name, round(ours, 3), round(other, 3), unit, round(ratio, 3), aim, ratio <= aim)


def equal(name: str, ours: float, other: float, unit: str) -> Measured:
    ratio = ours / other if other else float(ours == other)
    return Measured(name, ours, other, unit, round(ratio, 3), 1, ours == other)


def told(name: str, ours: float, unit: str) -> Measured:
    """Tell a number that is held against nothing."""
    return Measured(name, round(ours, 1), None, unit, None, None, met=True)


def show(rows: Sequence[Measured]) -> None:
    print(f"{'':52}{'ours':>10}{'other':>10}  {'':14}{'ratio':>8}{'aim':>9}")
    for row in rows:
        other = "" if row.bare is None else f"{row.bare:.6g}"
        held = "" if row.ratio is None else f"{row.ratio:>8.3f}{row.aim:>9g}"
        met = "" if row.ratio is None else "  met" if row.met else "  NOT MET"
        print(f"{row.name:52}{row.ours:>10.6g}{other:>10}  {row.unit:14}{held}{met}", flush=True)
