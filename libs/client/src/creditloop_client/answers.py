"""What ingestion's answer to a batch means.

Source: `POST /v1/facts` of ingestion, media type `application/cloudevents-batch+json`; RFC 9110 §10.2.3 for
Retry-After; RFC 9457 for problem details.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from creditloop_client.errors import Refused, UnexpectedAnswer
from creditloop_client.verdicts import Outcome, Problem, Verdict

PATH = "/v1/facts"
MEDIA_TYPE = "application/cloudevents-batch+json"
_ANSWERED = frozenset({200, 207})
_LATER = frozenset({429, 502, 503, 504})
"""Too many, and not now; 502 and 504 are what a proxy says while the service restarts."""
OF_FACTS = frozenset({400, 413, 422})
"""A request is refused for what is in it: one fact of it is the reason, or there are too many for a proxy."""
_OURS = b'"urn:creditloop:problem:'
"""Only a problem of this type is ingestion's."""
_LONGEST_WORDS = 300


class Answer(NamedTuple):
    """An HTTP answer; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Later(NamedTuple):
    """The batch must be sent again: why, and how long to wait at least, in seconds."""

    why: str
    wait_s: float = 0.0


def understand(answer: Answer, ids: Sequence[str], now: datetime) -> list[Verdict] | Later:
    """A verdict for each fact, in order; or that they must be sent again.

    Raises:
        Refused: The request as a whole is refused.
        UnexpectedAnswer: The answer is not one of ingestion's, or not about these facts.
    """
    if answer.status in _LATER:
        return Later(_told(answer), _wait_s(answer.headers.get("retry-after", ""), now))
    if answer.status not in _ANSWERED:
        by_ingestion = _OURS in answer.body
        raise Refused(answer.status, _told(answer), by_ingestion=by_ingestion)
    verdicts = _verdicts(answer.body)
    if [verdict.id for verdict in verdicts] != list(ids):
        raise UnexpectedAnswer(f"the answer is about other facts than the {len(ids)} that were sent")
    if barred := next(filter(_is_barred, verdicts), None):
        raise Refused(403, barred.why, by_ingestion=True)
    return verdicts


def _is_barred(verdict: Verdict) -> bool:
    """Whether the source may not send at all, as when it is suspended: that is no fault of the fact."""
    return verdict.reason == "forbidden" and any(each.field == "source" for each in verdict.problems)


def rejected(id_: str, refusal: Refused) -> Verdict:
    """The verdict of a fact that was refused alone."""
    return Verdict(
        id_, Outcome.REJECTED, problems=(Problem("", str(refusal), "a fact that ingestion can read"),)
    )


def _verdicts(body: bytes) -> list[Verdict]:
    try:
        return [_verdict(each) for each in json.loads(body)["verdicts"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnexpectedAnswer(f"not an answer of ingestion: {body[:80]!r}") from error


def _verdict(each: Mapping[str, object]) -> Verdict:
    told = each.get("problems") or ()
    problems = tuple(Problem(**problem) for problem in told)  # type: ignore[attr-defined]  # a TypeError is told
    return Verdict(str(each["id"]), Outcome(str(each["verdict"])), str(each.get("reason") or ""), problems)


def _told(answer: Answer) -> str:
    """The problem's own words, with the fields at fault; else the first words of what came."""
    try:
        problem = json.loads(answer.body)
        words = str(problem.get("detail") or problem["title"])
        fields = [f"{each['field']} {each['problem']}" for each in problem.get("errors", ())]
        return "; ".join([words, *fields])[:_LONGEST_WORDS]
    except (ValueError, KeyError, TypeError, AttributeError):
        text = answer.body.decode(errors="replace").strip()
        return text[:_LONGEST_WORDS] or f"status {answer.status}"


def _wait_s(retry_after: str, now: datetime) -> float:
    """Seconds, given as such or as a date; 0 where there is none that can be read."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        when = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds())
