"""Domain objects from and to protobuf; the only module that knows the contracts."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache, partial

import numpy as np
from contracts.classification import v1_pb2 as classification
from contracts.ingestion.v1_pb2 import FactAccepted
from contracts.profiling.v1_pb2 import IndicatorsChanged as IndicatorsMessage
from contracts.sampling.v1_pb2 import InspectionResultRecorded
from eventbus import Outgoing, Poison, Received
from google.protobuf.message import DecodeError
from vocabulary.calendar import business_date
from vocabulary.errors import VocabularyError
from vocabulary.industries import Sector
from vocabulary.result_codes import counts_in_denominator, problem_found
from vocabulary.sparse_values import ENTRY, pack

from classification_service.model.judgement import ClassChanged, IndicatorsChanged
from classification_service.model.review import REPORTED, InspectionResult, Report, Withdrawal
from classification_service.model.risk_model import Catalogue, Flag, RiskModel
from classification_service.rules.verdicts import class_in

INDICATORS_CHANGED = "creditloop.profiling.v1.IndicatorsChanged"
INSPECTION_RESULT_RECORDED = "creditloop.sampling.v1.InspectionResultRecorded"
FACT_ACCEPTED = FactAccepted.DESCRIPTOR.full_name
_CLASS_CHANGED = "creditloop.classification.v1.ClassChanged"
_MODEL_PROMOTED = "creditloop.classification.v1.ModelPromoted"

_USCC_LENGTH = 18
_SAMPLING = "creditloop.sampling"
"""The source of our own visits: they come from sampling itself, with their odds."""
_EPOCH = date(1970, 1, 1)
_STATUSES = ("unknown", "active", "suspended", "revoked", "cancelled")
_OBSERVED, _KEY_SUPERVISION, _MANUAL = int(Flag.OBSERVED), int(Flag.KEY_SUPERVISION), int(Flag.MANUAL)
FIRST_CATALOGUE_WIDTH = 24
"""Values side by side; since the second catalogue those that are zero are left out."""
_parse_indicators = IndicatorsMessage.FromString


def indicators_decoder(catalogue: Catalogue) -> Callable[[Received], IndicatorsChanged]:
    """A decoder of IndicatorsChanged for this catalogue, and for earlier ones; raises Poison.

    A catalogue only grows, so that an earlier one has the first indicators of this; the others are not known then.
    """
    return partial(_indicators_changed, catalogue.version, len(catalogue.indicators))


def _indicators_changed(version: int, width: int, received: Received) -> IndicatorsChanged:
    try:
        message = _parse_indicators(received.value)
        status = _STATUSES[message.status]
    except (DecodeError, IndexError) as error:
        raise Poison(f"IndicatorsChanged: {error}") from error
    uscc = message.uscc
    if not 1 <= message.catalogue_version <= version:
        raise Poison(f"values of catalogue {message.catalogue_version}, later than {version}")
    if len(uscc) != _USCC_LENGTH or not uscc.isascii() or message.profile_version < 1:
        raise Poison(f"not a USCC with a profile version from 1: {uscc!r}, {message.profile_version}")

    return IndicatorsChanged(
        uscc,
        message.profile_version,
        _values(message, width),
        message.business_day,
        message.recorded_at_ms,
        message.cause,
        status,
        message.area_code,
        message.industry,
        message.entity_type,
        message.established_on_day if message.HasField("established_on_day") else None,
    )


def _values(message: IndicatorsMessage, width: int) -> bytes:
    """Its values, which fit the catalogue."""
    if message.catalogue_version > 1:
        values = message.sparse_values
        last = int.from_bytes(values[-ENTRY.itemsize :][:2], "little")
        if len(values) % ENTRY.itemsize or last >= width:
            raise Poison(f"{len(values)} bytes are not values of {width} indicators")
        return values
    if len(message.values) != FIRST_CATALOGUE_WIDTH:
        raise Poison(f"{len(message.values)} values of the first catalogue")
    dense = np.full((1, width), np.nan, np.float32)
    dense[0, :FIRST_CATALOGUE_WIDTH] = message.values
    return pack(dense)[0]


def inspection_result(received: Received) -> InspectionResult:
    """The result as the review counts it.

    Raises:
        Poison: It cannot be read, its codes are unknown or contradict each other, or its probability is impossible.
    """
    try:
        message = InspectionResultRecorded.FromString(received.value)
        codes = list(message.result_codes)
        is_problem, in_denominator = problem_found(codes), counts_in_denominator(codes)
    except (DecodeError, VocabularyError) as error:
        raise Poison(f"InspectionResultRecorded: {error}") from error
    probability = message.inclusion_probability
    drawn = message.stratum not in {"", REPORTED} and math.isfinite(probability) and 0 < probability <= 1
    if any("\0" in ref for ref in message.inspector_refs):
        raise Poison(f"result {message.result_id!r}: an inspector's reference cannot be kept")
    if not (message.result_id and drawn):
        raise Poison(f"result {message.result_id!r}: stratum {message.stratum!r}, probability {probability}")
    return InspectionResult(
        result_id=message.result_id,
        uscc=message.uscc,
        class_at_draw=message.class_at_draw,
        stratum=message.stratum,
        probability=probability,
        item=message.item,
        is_problem=is_problem,
        in_denominator=in_denominator,
        area_code=message.area_code,
        industry=message.industry,
        occurred_on_day=_business_day(message.occurred_at_ms),
        occurred_at_ms=message.occurred_at_ms,
        codes=tuple(codes),
        inspectors=tuple(sorted(set(message.inspector_refs))),
    )


def fact_accepted(received: Received) -> Report | None:
    """What a fact says of inspections by other departments; None when it concerns none.

    Our own visits come from sampling, and are not taken twice.

    Raises:
        Poison: It cannot be read, or its codes are unknown or contradict each other.
    """
    try:
        fact = FactAccepted.FromString(received.value)
    except DecodeError as error:
        raise Poison(f"FactAccepted: {error}") from error
    kind = fact.WhichOneof("data")
    ended = _ended_by(fact)
    if fact.source == _SAMPLING or not (kind == "inspection_completed" or ended):
        return None
    if "\0" in f"{fact.source}{fact.fact_id}{fact.supersedes}" or len(fact.uscc) != _USCC_LENGTH:
        raise Poison(f"fact {fact.fact_id!r} of {fact.uscc!r} cannot be kept")
    return Report(
        _reported(fact) if kind == "inspection_completed" else None,
        _withdrawal(fact, ended),
    )


def _ended_by(fact: FactAccepted) -> str:
    """The fact, of the same source, that this one says was wrong; empty where it says so of none."""
    removed, annulled = fact.listing_removed, fact.penalty_annulled.penalty_fact_id
    if removed.reason == "annulled":
        annulled = removed.listing_fact_id
    return fact.fact_retracted.fact_id or annulled or fact.supersedes


def _withdrawal(fact: FactAccepted, fact_id: str) -> Withdrawal | None:
    if not fact_id:
        return None
    how = "corrected" if fact_id == fact.supersedes else "retracted"
    by = f"{fact.source}|{fact.fact_id}"
    return Withdrawal(f"{fact.source}|{fact_id}", by, how, fact.recorded_at_ms)


def _reported(fact: FactAccepted) -> InspectionResult:
    said = fact.inspection_completed
    codes = list(said.result_codes)
    try:
        is_problem, in_denominator = problem_found(codes), counts_in_denominator(codes)
    except VocabularyError as error:
        raise Poison(f"inspection {fact.fact_id!r}: {error}") from error
    return InspectionResult(
        result_id=f"{fact.source}|{fact.fact_id}",
        uscc=fact.uscc,
        class_at_draw="",
        stratum=REPORTED,
        probability=None,
        item=said.item,
        is_problem=is_problem,
        in_denominator=in_denominator,
        area_code="",
        industry="",
        occurred_on_day=_business_day(fact.occurred_at_ms),
        occurred_at_ms=fact.occurred_at_ms,
        codes=tuple(codes),
    )


def _business_day(milliseconds: int) -> int:
    return (business_date(datetime.fromtimestamp(milliseconds / 1000, UTC)) - _EPOCH).days


def class_changed(change: ClassChanged) -> Outgoing:
    """The event the others read."""
    head = change.head
    message = classification.ClassChanged(
        uscc=change.uscc,
        change_number=head.change_number,
        decision_number=head.decision_number,
        previous=change.previous_class,  # type: ignore[arg-type]  # our numbers are the contract's
        current=head.risk_class,  # type: ignore[arg-type]
        score=head.score,
        model=head.model_id,
        override_code=head.override_code,
        under_observation=bool(head.flags & _OBSERVED),
        decided_at_ms=change.decided_at_ms,
        business_day=change.business_day,
        area_code=head.area_code,
        industry=head.industry,
        entity_type=head.entity_type,
        key_supervision_by_law=bool(head.flags & _KEY_SUPERVISION),
        sectors=_sectors(head.sectors),
        set_by_person=bool(head.flags & _MANUAL),
    )
    return Outgoing(_CLASS_CHANGED, change.uscc, message.SerializeToString())


@lru_cache(maxsize=4096)
def _sectors(packed: int) -> list[classification.ClassChanged.SectorClass]:
    told = classification.ClassChanged.SectorClass
    found = ((sector, class_in(packed, sector)) for sector in Sector)
    return [told(sector=sector, current=letter) for sector, letter in found if letter]  # type: ignore[arg-type]


def model_promoted(model: RiskModel) -> Outgoing:
    """The event that a model went live; its key is the model's id."""
    message = classification.ModelPromoted(
        model=model.id, sha256=model.sha256, valid_from_day=(model.valid_from - _EPOCH).days
    )
    return Outgoing(_MODEL_PROMOTED, model.id, message.SerializeToString())
