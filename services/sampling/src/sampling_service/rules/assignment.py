"""Who inspects whom: teams by lot, within the rules that keep an inspection fair (随机选派执法检查人员).

Inspectors of the area come first, the least loaded before others, equal loads by a ticket from the draw's own
randomness. A team is at least as large as the plan says, has valid licences and the specialties needed, nobody with an
interest in the entity (回避), and is not the team of last time. Where an area has too few, neighbours help, and the
assignment says so.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import combinations
from typing import Final, NamedTuple

from sampling_service.model.tasks import Assignment, Inspector, Visit

FROM_NEIGHBOURS: Final = "neighbouring_area"
NO_SPECIALIST: Final = "no_specialist"
SAME_TEAM: Final = "same_team_as_last_time"
TOO_FEW: Final = "too_few_inspectors"


@dataclass(frozen=True, slots=True)
class Needs:
    """What every team of a draw must have; licences must hold until `until`."""

    size: int
    specialties: frozenset[str]
    until: date


class _Turn(NamedTuple):
    load: int
    ticket: bytes
    ref: str


class _Candidates:
    """Those who may come, in turn.

    Of inspectors with the same of the needed specialties only the first few are kept, enough for a team and one other:
    whom a later one could make a team with, one of these can too.
    """

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._kept: list[Inspector] = []
        self._alike: Counter[frozenset[str]] = Counter()

    def team_with(self, last: Inspector, last_team: frozenset[str]) -> tuple[str, ...]:
        """The first team that fits and has this inspector, who came last; empty when none does."""
        for others in combinations(self._kept, self._needs.size - 1):
            team = (*others, last)
            specialties = frozenset().union(*(inspector.specialties for inspector in team))
            refs = tuple(sorted(inspector.ref for inspector in team))
            if self._needs.specialties <= specialties and last_team != frozenset(refs):
                return refs
        self._keep(last)
        return ()

    def _keep(self, inspector: Inspector) -> None:
        useful = inspector.specialties & self._needs.specialties
        if self._alike[useful] <= self._needs.size:
            self._alike[useful] += 1
            self._kept.append(inspector)


class Rota:
    """Whose turn it is, by area; each assignment moves the chosen back."""

    def __init__(
        self,
        inspectors: Sequence[Inspector],
        loads: Mapping[str, int],
        neighbours: Mapping[str, tuple[str, ...]],
        randomness: bytes,
    ) -> None:
        self._inspectors = {inspector.ref: inspector for inspector in inspectors}
        self._neighbours = neighbours
        self._randomness = randomness
        self._known = frozenset().union(*(inspector.specialties for inspector in inspectors))
        self._turns: dict[str, list[_Turn]] = {}
        for ref, inspector in sorted(self._inspectors.items()):
            turn = self._turn(ref, loads.get(ref, 0))
            heapq.heappush(self._turns.setdefault(inspector.area_code, []), turn)

    def assign(self, visit: Visit, needs: Needs) -> Assignment:
        """The team of one visit."""
        for specialties, last_team, note in _relaxations(visit, needs):
            if not specialties <= self._known:
                continue
            team = self._team(visit, Needs(needs.size, specialties, needs.until), last_team)
            if team:
                return Assignment(visit.task_id, team, self._note(team, visit, note))
        return Assignment(visit.task_id, (), TOO_FEW)

    def _team(self, visit: Visit, needs: Needs, last_team: frozenset[str]) -> tuple[str, ...]:
        seen: list[_Turn] = []
        free = _Candidates(needs)
        team: tuple[str, ...] = ()
        for turn in self._in_turn(visit.area_code):
            seen.append(turn)
            inspector = self._inspectors[turn.ref]
            if inspector.licence_valid_until >= needs.until and visit.uscc not in inspector.conflicts:
                team = free.team_with(inspector, last_team)
            if team:
                break
        for turn in seen:
            again = self._turn(turn.ref, turn.load + 1) if turn.ref in team else turn
            heapq.heappush(self._turns[self._inspectors[turn.ref].area_code], again)
        return team

    def _in_turn(self, area_code: str) -> Iterator[_Turn]:
        others = sorted(self._turns.keys() - {area_code, *self._neighbours.get(area_code, ())})
        for area in (area_code, *self._neighbours.get(area_code, ()), *others):
            turns = self._turns.get(area, [])
            while turns:
                yield heapq.heappop(turns)

    def _note(self, team: tuple[str, ...], visit: Visit, note: str) -> str:
        borrowed = {self._inspectors[ref].area_code for ref in team} - {visit.area_code}
        places = f"{FROM_NEIGHBOURS}:{','.join(sorted(borrowed))}" if borrowed else ""
        return "; ".join(filter(None, (places, note)))

    def _turn(self, ref: str, load: int) -> _Turn:
        ticket = sha256(self._randomness + f"team\0{ref}\0{load}".encode()).digest()[:8]
        return _Turn(load, ticket, ref)


def assign(visits: Sequence[Visit], rota: Rota, needs: Needs) -> list[Assignment]:
    """A team for every visit, in order of USCC whatever the order given."""
    return [rota.assign(visit, needs) for visit in sorted(visits, key=lambda visit: visit.uscc)]


def _relaxations(visit: Visit, needs: Needs) -> Iterator[tuple[frozenset[str], frozenset[str], str]]:
    """Rules in full, and then what may bend when nobody fits; number, licence and conflicts never do."""
    yield needs.specialties, visit.last_team, ""
    if visit.last_team:
        yield needs.specialties, frozenset(), SAME_TEAM
    if needs.specialties:
        yield frozenset(), visit.last_team, NO_SPECIALIST
    if needs.specialties and visit.last_team:
        yield frozenset(), frozenset(), f"{NO_SPECIALIST}; {SAME_TEAM}"
