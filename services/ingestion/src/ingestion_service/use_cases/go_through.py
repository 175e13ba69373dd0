"""Go through the rows of a file: judged as those of any sender, and told of one by one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingestion_service.model.fact import Fact
from ingestion_service.model.file import Advance, Job, Piece
from ingestion_service.model.verdict import Outcome, Verdict
from ingestion_service.rules.judging import Bench, Judged, judge
from ingestion_service.rules.listing import MOST_LISTED, Lines, Told, added, told_of_fact, told_of_verdict

AT_A_STRETCH = 250
"""Rows judged without a pause: under a millisecond, so that requests are not kept waiting."""


@dataclass(frozen=True, slots=True)
class JudgedPiece:
    """A piece and what was judged of each of its rows."""

    piece: Piece
    judged: Sequence[Judged]

    @property
    def facts(self) -> list[Fact]:
        """Those that belong in the ledger, in order."""
        return [each for each in self.judged if isinstance(each, Fact)]

    def told(self, outcomes: Sequence[Outcome], before: Sequence[bool] = ()) -> list[Told]:
        """What is told of each row, given the outcomes of its facts; `before`: which stood in an earlier row."""
        following = iter(outcomes)
        earlier = iter(before or [False] * len(outcomes))
        return [
            told_of_fact(each, next(following), before=next(earlier))
            if isinstance(each, Fact)
            else told_of_verdict(each)
            for each in self.judged
        ]


def stretches(piece: Piece, bench: Bench) -> Iterator[list[Judged]]:
    """The judgement of the rows, a stretch at a time; whoever takes them may pause between."""
    for start in range(0, len(piece.rows), AT_A_STRETCH):
        yield _judged(piece, range(start, min(start + AT_A_STRETCH, len(piece.rows))), bench)


def _judged(piece: Piece, stretch: range, bench: Bench) -> list[Judged]:
    read = [place for place in stretch if place not in piece.refused]
    judged: dict[int, Judged] = dict(
        zip(read, judge([piece.events[each] for each in read], bench), strict=True)
    )
    for place in stretch:
        if place in piece.refused:
            fact_id, problems = piece.refused[place]
            judged[place] = Verdict(fact_id, Outcome.REJECTED, problems=problems)
    return [judged[place] for place in stretch]


def listed_lines(job: Job, lines: Lines, header: Sequence[bytes]) -> list[bytes]:
    """What goes into the listing: the header first of all, and no more lines than a report may have."""
    head = [] if job.listing_bytes else list(header)
    return [*head, *lines.lines[: max(MOST_LISTED - job.listed, 0)]]


def advanced(job: Job, piece: Piece, lines: Lines, listing_bytes: int) -> Job:
    """The job once this piece is done with."""
    return replace(
        job,
        position=piece.end,
        share=piece.share,
        counts=_sum(job.counts, lines.counts),
        reasons=added(job.reasons, lines.reasons),
        listing_bytes=listing_bytes,
        listed=job.listed + len(lines.lines),
    )


def step(before: Job, after: Job, owner: str) -> Advance:
    """The way from one to the other."""
    return Advance(
        job_id=before.id,
        owner=owner,
        start=before.position,
        end=after.position,
        share=after.share,
        counts=after.counts,
        reasons=after.reasons,
        listing_bytes=after.listing_bytes,
        listed=after.listed,
    )


def _sum(one: Mapping[Outcome, int], other: Mapping[Outcome, int]) -> dict[Outcome, int]:
    return {outcome: one.get(outcome, 0) + other.get(outcome, 0) for outcome in Outcome}


ColumnOf = Callable[[str], str]


def column_of(sources: Mapping[str, str]) -> ColumnOf:
    """The column that a field of a CloudEvent was read from; empty when none."""
    return lambda field: sources.get(field.partition("[")[0], "")
