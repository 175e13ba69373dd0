"""What the wire may bring, and what goes out on it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from classification_service import wire
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging import Given, judge
from contracts.classification.v1_pb2 import ClassChanged, ModelPromoted
from contracts.profiling.v1_pb2 import IndicatorsChanged
from contracts.sampling.v1_pb2 import InspectionResultRecorded
from eventbus import Poison, Received
from google.protobuf.message import Message
from vocabulary.sparse_values import pack, unpack

USCC = "91510104YY000001XM"


HALVES = pack(np.full((1, 24), 0.5, np.float32))[0]


def received(message: Message) -> Received:
    return Received("t", 0, 0, "", "s", 1, USCC, message.SerializeToString(), 0, "")


def indicators(**given: Any) -> IndicatorsChanged:
    fields = {
        "uscc": USCC,
        "profile_version": 3,
        "catalogue_version": 2,
        "sparse_values": HALVES,
        "status": 4,
    }
    return IndicatorsChanged(**fields | given)


def test_indicators_are_read_in_full(catalogue: Catalogue) -> None:
    """Every field is used in a decision."""
    decode = wire.indicators_decoder(catalogue)

    change = decode(received(indicators(established_on_day=0, cause="s|1", area_code="510104")))

    assert (change.uscc, change.profile_version, change.values) == (USCC, 3, HALVES)
    assert (change.status, change.established_on_day, change.area_code) == ("cancelled", 0, "510104")
    assert decode(received(indicators())).established_on_day is None


def test_values_of_the_first_catalogue_are_the_first_of_this(catalogue: Catalogue) -> None:
    """Events written before an upgrade are still on the topic after it; what did not exist then is not known."""
    old = indicators(catalogue_version=1, values=[0.5] * 24, sparse_values=b"")

    change = wire.indicators_decoder(catalogue)(received(old))

    (values,) = unpack([change.values], len(catalogue.indicators))
    assert values[:24].tolist() == [0.5] * 24
    assert np.isnan(values[24:]).all()


@pytest.mark.parametrize(
    "given",
    [
        {"sparse_values": HALVES[:-1]},
        {"sparse_values": b"\xff\xff\0\0\0\0"},
        {"catalogue_version": 0},
        {"catalogue_version": 99},
        {"catalogue_version": 1, "values": [1.0]},
        {"uscc": "short"},
        {"uscc": "一" * 18},
        {"profile_version": 0},
        {"status": 9},
    ],
)
def test_indicators_that_cannot_be_judged_are_poison(given: dict[str, Any], catalogue: Catalogue) -> None:
    """They go to the dead letters, and the rest of the batch goes on."""
    with pytest.raises(Poison):
        wire.indicators_decoder(catalogue)(received(indicators(**given)))


def test_bytes_that_are_no_message_are_poison(catalogue: Catalogue) -> None:
    """A foreign record must not stop the partition."""
    broken = Received("t", 0, 0, "", "s", 1, USCC, b"\xff\xff", 0, "")

    with pytest.raises(Poison):
        wire.indicators_decoder(catalogue)(broken)
    with pytest.raises(Poison):
        wire.inspection_result(broken)


def recorded(**given: Any) -> InspectionResultRecorded:
    fields = {
        "result_id": "r",
        "uscc": USCC,
        "result_codes": ["no_problem"],
        "stratum": "uniform",
        "inclusion_probability": 0.03,
    }
    return InspectionResultRecorded(**fields | given)


@pytest.mark.parametrize(
    ("codes", "counted"),
    [
        (["no_problem"], (False, True)),
        (["not_publicised", "corrected"], (True, True)),
        (["no_such_activity"], (False, False)),
    ],
)
def test_a_result_counts_as_the_code_table_says(codes: list[str], counted: tuple[bool, bool]) -> None:
    """What is a problem and what leaves the denominator is said in one place."""
    result = wire.inspection_result(received(recorded(result_codes=codes)))

    assert (result.is_problem, result.in_denominator) == counted


def test_who_was_sent_is_known_once_each_and_may_be_unknown() -> None:
    """Results told before say nothing of it."""
    sent = wire.inspection_result(received(recorded(inspector_refs=["i-2", "i-1", "i-2"])))

    assert sent.inspectors == ("i-1", "i-2")
    assert wire.inspection_result(received(recorded())).inspectors == ()


def test_a_visit_after_midnight_in_china_is_of_that_day() -> None:
    """17:00 UTC is the next day in Shanghai."""
    result = wire.inspection_result(received(recorded(occurred_at_ms=17 * 3_600_000)))

    assert result.occurred_on_day == 1


@pytest.mark.parametrize(
    "given",
    [
        {"result_codes": ["no_problem", "corrected"]},
        {"result_codes": ["luck"]},
        {"result_codes": []},
        {"inclusion_probability": 0.0},
        {"inclusion_probability": 1.5},
        {"inclusion_probability": float("nan")},
        {"stratum": ""},
        {"result_id": ""},
        {"inspector_refs": ["a\0b"]},
    ],
)
def test_a_result_that_cannot_count_is_poison(given: dict[str, Any]) -> None:
    """A probability of nothing would weigh without end."""
    with pytest.raises(Poison):
        wire.inspection_result(received(recorded(**given)))


def test_a_class_change_says_everything_supervision_needs(
    change: Callable[..., IndicatorsChanged], scorer_set: ScorerSet
) -> None:
    """Sampling keeps its pools by this event alone."""
    judgement = judge(Given([change(regulatory_serious_listed_now=1)], {}, scorer_set), decided_at_ms=5)

    outgoing = wire.class_changed(judgement.announced[0])

    message = ClassChanged.FromString(outgoing.value)
    assert (outgoing.type, outgoing.key) == ("creditloop.classification.v1.ClassChanged", USCC)
    assert (message.previous, message.current, message.change_number, message.decision_number) == (0, 4, 1, 1)
    assert (message.override_code, message.model, message.score) == ("serious_listing", "general@1", 165.0)
    assert (message.area_code, message.industry, message.entity_type) == ("510104", "H62", "1100")
    assert (message.key_supervision_by_law, message.under_observation) == (True, False)
    assert (message.decided_at_ms, message.business_day) == (5, 20_600)


def test_a_promotion_carries_the_hash(general: RiskModel) -> None:
    """Whoever approved the model can see that it is the one."""
    message = ModelPromoted.FromString(wire.model_promoted(general).value)

    assert (message.model, message.sha256) == ("general@1", general.sha256)
