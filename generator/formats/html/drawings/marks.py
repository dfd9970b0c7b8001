"""The shapes of the states, for pictures that stand alone: those of components/mark, with a disc that fills its box."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model import ServiceStatus

BOX = 16
"""A shape lies in a box of so many units each way; to be filled by the rule `evenodd`."""

MARKS: Mapping[ServiceStatus, str] = {
    ServiceStatus.OPERATIONAL: "M1 8a7 7 0 1 0 14 0a7 7 0 1 0-14 0Z",
    ServiceStatus.UNDER_MAINTENANCE: "M8 1 15 8 8 15 1 8Z",
    ServiceStatus.DEGRADED_PERFORMANCE: "M8 2 15 14H1Z",
    ServiceStatus.PARTIAL_OUTAGE: "M2 2H14V14H2ZM8 4V12H12V4Z",
    ServiceStatus.MAJOR_OUTAGE: "M2 2H14V14H2Z",
}
"""Disc, lozenge, triangle, square with one half hollow, square."""
