"""A draw in two steps: commit while nobody knows the seed, reveal when everybody does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import honestdraw
from honestdraw import Commitment, Population, Winners
from honestdraw.drawing import Opening
from vocabulary.calendar import business_date

from sampling_service.errors import (
    BrokenCommitment,
    DrawIsOpen,
    DrawIsSettled,
    NobodyToDraw,
    UnknownDraw,
    UnknownPlan,
)
from sampling_service.model.draws import Draw, DrawOrder, Entry, Scope, Seed, Settled
from sampling_service.model.events import DrawPublished, InspectionAssigned
from sampling_service.model.plans import Packs, Plan
from sampling_service.model.tasks import Inspector, Visit
from sampling_service.ports import UnitOfWork
from sampling_service.rules import draw as rules
from sampling_service.rules import visits
from sampling_service.rules.assignment import Rota, assign
from sampling_service.rules.packs import items_in_force


@dataclass(frozen=True, slots=True)
class Secrets:
    """32 random bytes each: one goes into the lot, the other seals the classes."""

    secret: bytes
    sealing_key: bytes


async def commit_draw(
    order: DrawOrder, packs: Packs, tx: UnitOfWork, *, secrets: Secrets, now: datetime
) -> Draw:
    """Population, quotas, algorithm and secret are fixed, and their digest can be published.

    Raises:
        UnknownPlan, UnknownItem: No such plan; an item not on the list that day.
        DayOutOfReach, PlanNotInForce, SeedIsKnown: Not today's draw; not by this year's plan; not before its seed.
        DrawIsOpen: A draw over the same area waits for its seed.
        NobodyToDraw: Exclusions leave nobody.
    """
    plan = _plan(order.plan_id, packs)
    rules.require_order(order, packs.plans, now, business_date(now))
    items = items_in_force(order.items, packs.items, order.day)
    await tx.draws.serialise()
    if open_id := await tx.draws.open_over(order.area_code):
        raise DrawIsOpen(open_id)
    on_site = any(item.on_site for item in items)
    scope = Scope(order.area_code, order.day.year, order.items, on_site, plan.annual_visit_cap)
    eligible = await tx.members.eligible(scope)
    if not eligible.population:
        raise NobodyToDraw(dict(eligible.excluded))
    number = await tx.draws.last_number(plan.id) + 1
    about = rules.about(order, plan, number, rules.instant(now))
    terms = rules.terms(about, eligible.population, eligible.excluded, plan)
    keys = (secrets.secret, secrets.sealing_key)
    commitment = await asyncio.to_thread(honestdraw.commit, eligible.population, terms, *keys)
    draw = _draw(order, secrets, terms, commitment, now)
    await tx.draws.add(draw, eligible.population)
    return draw


async def reveal_draw(draw_id: str, seed: Seed, packs: Packs, tx: UnitOfWork, *, now: datetime) -> Settled:
    """The lot is drawn, its file is published, and every drawn entity has a visit, with a team where there is one.

    Raises:
        UnknownDraw: No such draw.
        DrawIsSettled: Revealed or abandoned before.
        SeedNotKnown, UnfitSeed: Nobody can know the seed yet; it is not what was committed to.
        BrokenCommitment: What is stored is not what was committed to.
    """
    draw = await _open_draw(draw_id, tx)
    rules.require_seed(seed.text, draw.commitment, now)
    population = await tx.draws.population(draw_id)
    opening = Opening(draw.secret, draw.sealing_key, seed.text, rules.instant(now))
    drawing = await asyncio.to_thread(_drawn, draw, population, opening)
    settled = Settled("revealed", seed, now, len(drawing.entries), drawing.file, drawing.randomness)
    await tx.draws.settle(draw_id, settled)
    root = draw.commitment["population_root"]
    tx.publish(DrawPublished(draw_id, draw.number, draw.plan_id, root, settled.drawn, draw.day))
    await _plan_visits(draw, drawing, packs, tx)
    return settled


async def abandon_draw(draw_id: str, reason: str, by: str, tx: UnitOfWork, *, now: datetime) -> None:
    """The draw is given up before its seed; its number and commitment stay on record.

    Raises:
        UnknownDraw: No such draw.
        DrawIsSettled: Revealed or abandoned before.
    """
    await _open_draw(draw_id, tx)
    settled = Settled("abandoned", Seed("", by), now, 0, b"", b"", reason)
    await tx.draws.settle(draw_id, settled)


async def audit_file(draw_id: str, public_seed: str, revealed_at: datetime, tx: UnitOfWork) -> bytes:
    """The file for auditors: all seals opened. Internal: it holds classes.

    Raises:
        UnknownDraw: No such draw.
    """
    draw = await tx.draws.lock(draw_id)
    if draw is None:
        raise UnknownDraw(draw_id)
    population = await tx.draws.population(draw_id)
    opening = Opening(draw.secret, draw.sealing_key, public_seed, rules.instant(revealed_at))
    return await asyncio.to_thread(_audit_bytes, draw, population, opening)


@dataclass(frozen=True, slots=True)
class _Drawing:
    entries: Sequence[Entry]
    file: bytes
    randomness: bytes


def _drawn(draw: Draw, population: Population, opening: Opening) -> _Drawing:
    commitment, winners, randomness = _replayed(draw, population, opening)
    document = honestdraw.public_document(population, commitment, winners, opening)
    entries = rules.entries(population, rules.terms_again(draw), winners)
    return _Drawing(entries, honestdraw.encode(document), randomness)


def _audit_bytes(draw: Draw, population: Population, opening: Opening) -> bytes:
    commitment, winners, _ = _replayed(draw, population, opening)
    document = honestdraw.audit_document(population, commitment, winners, opening, draw.quotas)
    return honestdraw.encode(document)


def _replayed(draw: Draw, population: Population, opening: Opening) -> tuple[Commitment, Winners, bytes]:
    terms = rules.terms_again(draw)
    commitment = honestdraw.commit(population, terms, draw.secret, draw.sealing_key)
    if commitment.digest != draw.commitment_sha256:
        raise BrokenCommitment(draw.draw_id)
    randomness = honestdraw.randomness_of(draw.secret, opening.public_seed, commitment.digest)
    return commitment, honestdraw.draw(population, terms, randomness), randomness


async def _plan_visits(draw: Draw, drawing: _Drawing, packs: Packs, tx: UnitOfWork) -> None:
    plan = _plan(draw.plan_id, packs)
    usccs = [entry.uscc for entry in drawing.entries]
    places = await tx.members.places(usccs)
    await tx.draws.add_entries(draw.draw_id, drawing.entries, places)
    due_on = draw.day + timedelta(days=plan.due_days)
    last_teams = await tx.tasks.last_teams(usccs)
    wanted = [
        Visit(visits.task_id_of(draw, uscc), uscc, places[uscc].area_code, last_teams.get(uscc, frozenset()))
        for uscc in usccs
    ]
    rota = await _rota(packs, drawing.randomness, tx)
    needs = visits.needs_of(draw.items, due_on, plan, packs.items)
    assignments = await asyncio.to_thread(assign, wanted, rota, needs)
    tasks = [
        visits.new_task(draw, entry, places[entry.uscc], due_on, assignment)
        for entry, assignment in zip(drawing.entries, assignments, strict=True)
    ]
    await tx.tasks.add(tasks)
    tx.publish(*(InspectionAssigned(task) for task in tasks if task.inspectors))


async def _rota(packs: Packs, randomness: bytes, tx: UnitOfWork) -> Rota:
    inspectors: Sequence[Inspector] = await tx.inspectors.all()
    return Rota(inspectors, await tx.inspectors.loads(), packs.neighbours, randomness)


async def _open_draw(draw_id: str, tx: UnitOfWork) -> Draw:
    await tx.draws.serialise()
    draw = await tx.draws.lock(draw_id)
    if draw is None:
        raise UnknownDraw(draw_id)
    if draw.state != "committed":
        raise DrawIsSettled(draw_id, draw.state)
    return draw


def _draw(
    order: DrawOrder, secrets: Secrets, terms: honestdraw.Terms, commitment: Commitment, now: datetime
) -> Draw:
    return Draw(
        draw_id=terms.about["draw_id"],
        plan_id=order.plan_id,
        number=terms.about["number"],
        items=tuple(sorted(order.items)),
        area_code=order.area_code,
        day=order.day,
        state="committed",
        by=order.by,
        reason=order.reason,
        about=terms.about,
        commitment=commitment.document,
        commitment_sha256=commitment.digest,
        excluded=terms.excluded,
        quotas=tuple(terms.quotas),
        secret=secrets.secret,
        sealing_key=secrets.sealing_key,
        committed_at=now,
    )


def _plan(plan_id: str, packs: Packs) -> Plan:
    if plan_id not in packs.plans:
        raise UnknownPlan(plan_id)
    return packs.plans[plan_id]
