"""Experiences beside figures, the words added to them, their counts, and the responses."""

from .experience import Experience, Recognition, Tally, Trend
from .remark import Remark
from .response import Response

__all__ = ["Experience", "Recognition", "Remark", "Response", "Tally", "Trend"]
