"""Records: judges those of an answer by rules as in blackbox_exporter (`validate_answer_rrs`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probes.options import Options
from probes.pattern import Pattern

__all__ = ["Rules", "read_rules"]

Patterns = tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Each pattern is for a record as in a zone file, `NAME<tab>TTL<tab>IN<tab>TYPE<tab>DATA`."""

    fail_if_matches: Patterns = ()
    """No record may match any."""
    fail_if_all_match: Patterns = ()
    """Some record must not match them all."""
    fail_if_not_matches: Patterns = ()
    """Every record must match every one."""
    fail_if_none_matches: Patterns = ()
    """Some record must match one of them."""

    def broken(self, records: Sequence[str]) -> bool:
        """Return whether an answer's records are not as they must be; without records, nothing matches."""

        def each(patterns: Patterns) -> list[bool]:
            return [one.found_in(record) for one in patterns for record in records]

        return (
            any(each(self.fail_if_matches))
            or bool(self.fail_if_all_match and records and all(each(self.fail_if_all_match)))
            or bool(self.fail_if_not_matches and not (records and all(each(self.fail_if_not_matches))))
            or bool(self.fail_if_none_matches and not any(each(self.fail_if_none_matches)))
        )


def read_rules(part: Options | None) -> Rules:
    """Read the rules for one section of an answer."""
    if part is None:
        return Rules()
    rules = Rules(
        fail_if_matches=part.patterns("fail_if_matches_regexp"),
        fail_if_all_match=part.patterns("fail_if_all_match_regexp"),
        fail_if_not_matches=part.patterns("fail_if_not_matches_regexp"),
        fail_if_none_matches=part.patterns("fail_if_none_matches_regexp"),
    )
    part.finish()
    return rules
