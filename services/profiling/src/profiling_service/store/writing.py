"""Rows as binary COPY streams, column by column."""

from collections.abc import Mapping, Sequence

import numpy as np
from eventbus import copying

from profiling_service.model.entities import NO_IDENTITY
from profiling_service.model.events import SignalRaised
from profiling_service.model.facts import WIDTH
from profiling_service.ports import EntityStep, NumberedFact
from profiling_service.rules.identity import address_key
from profiling_service.store.loading import CLOCKS

_USCC_WIDTH = 18

FACT_COLUMNS = (
    "uscc", "number", "type", "occurred_at", "recorded_at", "decided_at", "features", "source", "fact_id", "payload",
)  # fmt: skip
HOLDING_COLUMNS = ("uscc", "number", "holder_ref")
SEARCH_DUE_COLUMNS = ("uscc",)
PROFILE_COLUMNS = (
    "profile_version", "description_version", "status", "business_day", "told", "catalogue_version", "next_look",
    "is_risky", "signals",
)  # fmt: skip
STEP_COLUMNS = (
    "uscc", "expected_profile", "expected_description", *PROFILE_COLUMNS,
)  # fmt: skip
IDENTITY_COLUMNS = (
    "established_on", "capital_fen", "area_code", "industry", "entity_type", "clocks", "name", "address",
    "legal_person_ref", "platforms", "contact_ref", "agent_ref", "head_uscc", "inferred_industry", "scope_sectors",
    "address_key", "sectors",
)  # fmt: skip
RESTATED_COLUMNS = (*STEP_COLUMNS, *IDENTITY_COLUMNS)
NEW_COLUMNS = ("uscc", *PROFILE_COLUMNS, *IDENTITY_COLUMNS)
SIGNAL_COLUMNS = (
    "uscc", "episode", "severity", "raised_on", "due_on", "signal_id", "family", "suggested_step", "evidence",
    "area_code", "sectors", "silent", "is_open", "measure", "tail",
)  # fmt: skip


def facts(numbered: Sequence[NumberedFact], decided_at_ms: int) -> bytes:
    """Rows of `fact`."""
    news = [item.fact for item in numbered]
    return copying.stream(
        [
            copying.fixed_text([fact.uscc for fact in news], _USCC_WIDTH),
            copying.int4([item.number for item in numbered]),
            copying.int2([fact.type for fact in news]),
            copying.timestamptz([fact.occurred_at_ms for fact in news]),
            copying.timestamptz([fact.recorded_at_ms for fact in news]),
            copying.timestamptz(np.full(len(news), decided_at_ms)),
            _fixed_bytes([fact.features for fact in news], WIDTH),
            copying.code([fact.source for fact in news]),
            copying.text([fact.fact_id for fact in news]),
            copying.bytea([fact.payload for fact in news]),
        ]
    )


def holdings(numbered: Sequence[NumberedFact]) -> bytes:
    """Rows of `holding`, of facts that name a shareholder."""
    return copying.stream(
        [
            copying.fixed_text([item.fact.uscc for item in numbered], _USCC_WIDTH),
            copying.int4([item.number for item in numbered]),
            copying.text([item.fact.holder for item in numbered]),
        ]
    )


def search_due(usccs: Sequence[str]) -> bytes:
    """Rows of `search_due`."""
    return copying.stream([copying.fixed_text(usccs, _USCC_WIDTH)])


def steps(moves: Sequence[EntityStep], day: int) -> bytes:
    """Rows of `entity_step`."""
    return copying.stream([*_expected(moves), *_profile(moves, day)])


def restated(moves: Sequence[EntityStep], day: int) -> bytes:
    """Rows of `entity_restated`."""
    return copying.stream([*_expected(moves), *_profile(moves, day), *_identity(moves)])


def new_entities(moves: Sequence[EntityStep], day: int) -> bytes:
    """Rows of `entity`."""
    return copying.stream([_usccs(moves), *_profile(moves, day), *_identity(moves)])


def _usccs(moves: Sequence[EntityStep]) -> copying.Column:
    return copying.fixed_text([step.uscc for step in moves], _USCC_WIDTH)


def _expected(moves: Sequence[EntityStep]) -> list[copying.Column]:
    return [
        _usccs(moves),
        copying.int8([step.before.profile_version for step in moves]),
        copying.int8([step.before.description_version for step in moves]),
    ]


def _identity(moves: Sequence[EntityStep]) -> list[copying.Column]:
    """In order of `IDENTITY_COLUMNS`."""
    identities = [step.identity or NO_IDENTITY for step in moves]
    return [
        copying.date([identity.established_on_day for identity in identities]),
        copying.nullable_int8([identity.capital_fen for identity in identities]),
        copying.code([identity.area_code for identity in identities]),
        copying.code([identity.industry for identity in identities]),
        copying.code([identity.entity_type for identity in identities]),
        copying.bytea([CLOCKS.pack(*identity.clocks) for identity in identities]),
        copying.text([identity.name for identity in identities]),
        copying.text([identity.address for identity in identities]),
        copying.text([identity.legal_person_ref for identity in identities]),
        copying.text_array([identity.platforms for identity in identities]),
        copying.text([identity.contact_ref for identity in identities]),
        copying.text([identity.agent_ref for identity in identities]),
        copying.text([identity.head_uscc for identity in identities]),
        copying.code([identity.inferred_industry for identity in identities]),
        copying.int4([identity.scope_sectors for identity in identities]),
        copying.text([address_key(identity.address) for identity in identities]),
        copying.int4([step.after.sectors for step in moves]),
    ]


def signals(
    told: Sequence[SignalRaised], silent: Sequence[SignalRaised], sectors: Mapping[str, int]
) -> bytes:
    """Rows of `signal`; `sectors` are those of the entities."""
    raised = [*told, *silent]
    is_silent = np.arange(len(raised)) >= len(told)
    return copying.stream(
        [
            copying.fixed_text([signal.uscc for signal in raised], _USCC_WIDTH),
            copying.int8([signal.episode for signal in raised]),
            copying.int2([signal.severity for signal in raised]),
            copying.date([signal.raised_on_day for signal in raised]),
            copying.date([signal.due_on_day for signal in raised]),
            copying.text([signal.signal_id for signal in raised]),
            copying.text([signal.family for signal in raised]),
            copying.text([signal.suggested_step for signal in raised]),
            copying.text_array([signal.evidence for signal in raised]),
            copying.text([signal.area_code for signal in raised]),
            copying.int4([sectors[signal.uscc] for signal in raised]),
            copying.boolean(is_silent),
            copying.boolean(~is_silent),
            copying.float8([signal.measure for signal in raised]),
            copying.float8([signal.tail for signal in raised]),
        ]
    )


def _profile(moves: Sequence[EntityStep], day: int) -> list[copying.Column]:
    return [
        copying.int8([step.after.profile_version for step in moves]),
        copying.int8([step.after.description_version for step in moves]),
        copying.int2([step.after.status for step in moves]),
        copying.date([day] * len(moves)),
        copying.bytea([step.after.values for step in moves]),
        copying.int4([step.after.catalogue_version for step in moves]),
        copying.int4([step.after.next_look for step in moves]),
        copying.boolean([step.after.is_risky for step in moves]),
        copying.int4([len(step.after.signals) for step in moves]),
    ]


def _fixed_bytes(values: Sequence[bytes], width: int) -> copying.Fixed:
    form = np.dtype([("length", ">i4"), ("value", f"V{width}")])
    field = np.empty(len(values), form)
    field["length"] = width
    field["value"] = np.frombuffer(b"".join(values), f"V{width}")
    return copying.Fixed(field)
