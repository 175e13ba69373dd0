"""The statements about clues and webhooks."""

from typing import Final

from sqlalchemy import text

_COLUMNS: Final = """clue.clue_id, clue.signal_id, clue.uscc, clue.platform, clue.kind, clue.severity,
    clue.evidence_sha256, clue.legal_basis, clue.raised_on, clue.due_on, clue.state, clue.action, clue.remark"""

ONE_AT_A_TIME: Final = text("select pg_advisory_xact_lock(hashtextextended('clue_position', 0))")

ADD: Final = text("""
    insert into clue (clue_id, position, signal_id, uscc, platform, kind, severity, evidence_sha256, legal_basis,
                      raised_on, due_on, created_at)
    select clue_id, nextval('clue_position'), signal_id, uscc, platform, kind, severity, evidence_sha256, legal_basis,
           raised_on, due_on, :now
    from unnest(cast(:clue_id as text[]), cast(:signal_id as text[]), cast(:uscc as text[]),
                cast(:platform as text[]), cast(:kind as text[]), cast(:severity as text[]),
                cast(:evidence_sha256 as text[]), cast(:legal_basis as text[]), cast(:raised_on as date[]),
                cast(:due_on as date[]))
         as given (clue_id, signal_id, uscc, platform, kind, severity, evidence_sha256, legal_basis, raised_on, due_on)
    on conflict do nothing
    returning clue_id
""")

ADD_WEBHOOKS: Final = text("""
    insert into webhook (delivery_id, clue_id, next_attempt_at)
    select 'msg_' || clue_id, clue_id, :now from unnest(cast(:clue_id as text[])) as given (clue_id)
    on conflict do nothing
""")

LOCK: Final = text(f"select {_COLUMNS} from clue where clue_id = :clue_id for update")

SAVE_ANSWER: Final = text("""
    update clue set state = :state, action = :action, remark = :remark, responded_at = :at where clue_id = :clue_id
""")

MARK_OVERDUE: Final = text("""
    update clue set state = 'overdue'
    where due_on < :day and state in ('created', 'delivered', 'acknowledged')
""")

CLAIM: Final = text(f"""
    with due as (
        select webhook.delivery_id from webhook
        join clue using (clue_id) join platform on platform.code = clue.platform
        where webhook.state = 'pending' and webhook.next_attempt_at <= :now
          and platform.state = 'active' and platform.url is not null
        order by webhook.next_attempt_at
        limit :limit
        for update of webhook skip locked
    ), claimed as (
        update webhook set attempt = attempt + 1, next_attempt_at = :lease_until
        from due where webhook.delivery_id = due.delivery_id
        returning webhook.delivery_id, webhook.clue_id, webhook.attempt
    )
    select claimed.delivery_id, claimed.attempt, {_COLUMNS}, clue.created_at, platform.url, platform.secret,
           platform.former_secret, coalesce(contact.name, '') as name
    from claimed join clue using (clue_id) join platform on platform.code = clue.platform
    left join contact on contact.uscc = clue.uscc
    order by clue.position
""")

NOTE: Final = text("""
    insert into webhook_attempt (delivery_id, attempt, at, status, error, duration_ms)
    values (:delivery_id, :attempt, :at, :status, :error, :duration_ms)
""")

DELIVERED: Final = text("""
    update webhook set state = 'delivered', next_attempt_at = null, settled_at = :at
    where delivery_id = :delivery_id and state <> 'delivered'
""")

CLUE_DELIVERED: Final = text("""
    update clue set delivered_at = coalesce(delivered_at, :at),
                    state = case when state = 'created' then 'delivered' else state end
    where clue_id = :clue_id
""")

RETRY: Final = text("""
    update webhook set next_attempt_at = :retry_at
    where delivery_id = :delivery_id and state = 'pending' and attempt = :attempt
""")

FAILED: Final = text("""
    update webhook set state = 'failed', next_attempt_at = null, settled_at = :at
    where delivery_id = :delivery_id and state = 'pending' and attempt = :attempt
""")

DISABLE: Final = text("""
    update platform set state = 'disabled' where code = :platform and url = :url
""")

CANCEL: Final = text("""
    update webhook set state = 'cancelled', next_attempt_at = null, settled_at = :at
    from clue
    where clue.clue_id = webhook.clue_id and clue.platform = :platform and webhook.state = 'pending'
""")

REDELIVER: Final = text("""
    insert into webhook as known (delivery_id, clue_id, next_attempt_at)
    select 'msg_' || clue_id, clue_id, :now
    from clue join platform on platform.code = clue.platform
    where clue_id = :clue_id and platform.state = 'active' and platform.url is not null
    on conflict (clue_id) do update
    set state = 'pending', attempt = 0, next_attempt_at = excluded.next_attempt_at, settled_at = null
""")
