"""The fictional platform's side of a clue."""

from datetime import UTC, datetime

import httpx
from creditloop_cli.demo.receiver import receiving
from standardwebhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"type": "clue.created", "data": {"clue_id": "c1", "uscc": "91510104YY000001XM"}}'


def _headers(secret: str = SECRET, webhook_id: str = "w1") -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, now, BODY),
    }


def test_a_signed_clue_is_believed_and_a_redelivery_counts_once() -> None:
    """Webhooks come at least once."""
    with receiving() as receiver:
        receiver.trust(SECRET)

        answers = [httpx.post(receiver.url, content=BODY, headers=_headers()).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert receiver.clues["w1"]["data"] == {"clue_id": "c1", "uscc": "91510104YY000001XM"}
    assert len(receiver.clues) == 1


def test_a_clue_signed_with_another_key_is_refused() -> None:
    """Anyone can find the address; only we have the key."""
    with receiving() as receiver:
        receiver.trust(SECRET)

        answer = httpx.post(receiver.url, content=BODY, headers=_headers("whsec_" + "QUFB" * 8))

    assert answer.status_code == 401
    assert (receiver.refused, receiver.clues) == (1, {})
