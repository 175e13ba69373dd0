"""What the audit compares with the books of other services."""

from collections.abc import Mapping
from typing import Final

from notification_service.rules.notices import REMINDED_FAMILY

BOOKS: Final[Mapping[str, str]] = {
    "addressed": "select uscc || '|' || cancelled || '|' || area || '|' || name from contact",
    "repair_notices": "select origin_id from notice where template = 'repair_notice'",
    "described": "select uscc || '|' || area || '|' || name from contact",
    "stop_notices": "select origin_id from notice where template = 'publicity_stopped'",
    "signals": "select signal_id from signal where raised_on is not null",
    "reminders_due": f"select signal_id from signal where family = '{REMINDED_FAMILY}' and raised_on is not null "
    "and (cleared_on is null or signal_id in (select origin_id from notice))",
    "reminders": "select origin_id from notice where template = 'annual_report_reminder'",
    "notices": "select notice_id from notice",
    "notices_in_hand": "select notice_id from letter union all select notice_id from undelivered_notice",
    "signals_passed_on": "select distinct signal_id from clue",
    "signals_of_clues": "select signal_id from signal where signal_id in (select signal_id from clue)",
    "clues_pushed": "select distinct clue_id from webhook where kind = 'clue.created'",
    "clues_of_webhooks": "select clue_id from clue where clue_id in (select clue_id from webhook)",
    "webhooks_tried": "select distinct delivery_id from webhook_attempt",
    "webhooks_of_attempts": "select delivery_id from webhook "
    "where delivery_id in (select delivery_id from webhook_attempt)",
    "webhooks_delivered": "select delivery_id from webhook where state = 'delivered'",
    "webhooks_accepted": "select distinct delivery_id from webhook_attempt join webhook using (delivery_id) "
    "where webhook.state = 'delivered' and status between 200 and 299",
}
