"""The statements about clues and webhooks."""

from typing import Final

from sqlalchemy import text

_COLUMNS: Final = """clue.clue_id, clue.signal_id, clue.uscc, clue.platform, clue.kind, clue.severity,
    clue.evidence_digest, clue.evidence_salt, clue.legal_basis, clue.raised_on, clue.due_on, clue.state,
    clue.action, clue.remark"""

ONE_AT_A_TIME: Final = text("select pg_advisory_xact_lock(hashtextextended('clue_position', 0))")

ADD: Final = text("""
    insert into clue (clue_id, position, signal_id, uscc, platform, kind, severity, evidence_digest,
                      evidence_salt, legal_basis, raised_on, due_on, created_at)
    select clue_id, nextval('clue_position'), signal_id, uscc, platform, kind, severity, evidence_digest,
           evidence_salt, legal_basis, raised_on, due_on, :now
    from unnest(cast(:clue_id as text[]), cast(:signal_id as text[]), cast(:uscc as text[]),
                cast(:platform as text[]), cast(:kind as text[]), cast(:severity as text[]),
                cast(:evidence_digest as text[]), cast(:evidence_salt as text[]), cast(:legal_basis as text[]),
                cast(:raised_on as date[]), cast(:due_on as date[]))
         as given (clue_id, signal_id, uscc, platform, kind, severity, evidence_digest, evidence_salt, legal_basis,
                   raised_on, due_on)
    on conflict (clue_id) do update
    set position = excluded.position, severity = excluded.severity, evidence_digest = excluded.evidence_digest,
        evidence_salt = excluded.evidence_salt, legal_basis = excluded.legal_basis, raised_on = excluded.raised_on,
        due_on = excluded.due_on, created_at = excluded.created_at, state = 'created', action = null, remark = '',
        delivered_at = null, responded_at = null, withdrawn_at = null, round = clue.round + 1
    where clue.state = 'withdrawn'
    returning clue_id
""")
"""One that was withdrawn and whose cause is so again comes anew; every other stays as it is."""

ADD_WEBHOOKS: Final = text("""
    insert into webhook (delivery_id, clue_id, kind, round, next_attempt_at)
    select 'msg_' || clue_id || case when round > 1 then '_' || round else '' end, clue_id, 'clue.created', round, :now
    from clue where clue_id = any(cast(:clue_id as text[]))
    on conflict do nothing
""")

LOCK_ENDINGS: Final = text("""
    select from webhook join clue using (clue_id)
    where signal_id = any(cast(:signal_id as text[])) and webhook.kind = 'clue.withdrawn'
    order by delivery_id for update of webhook
""")
"""Before `UNSEND`, for the same reason. Never of others, which whoever sends one again locks after their clue."""

UNSEND: Final = text("""
    update webhook set state = 'cancelled', next_attempt_at = null, settled_at = :now
    from clue
    where clue.clue_id = webhook.clue_id and clue.clue_id = any(cast(:clue_id as text[])) and clue.state = 'withdrawn'
      and webhook.kind = 'clue.withdrawn' and webhook.state = 'pending'
""")
"""Before `ADD`: of a clue that comes anew, a platform need not hear any more that it was withdrawn."""

LOCK: Final = text(f"select {_COLUMNS} from clue where clue_id = :clue_id for update")

SAVE_ANSWER: Final = text("""
    update clue set state = :state, action = :action, remark = :remark, responded_at = :at where clue_id = :clue_id
""")

MARK_OVERDUE: Final = text("""
    update clue set state = 'overdue'
    where due_on < :day and state in ('created', 'delivered', 'acknowledged')
""")

LOCK_WEBHOOKS: Final = text("""
    select from webhook join clue using (clue_id) where signal_id = any(cast(:signal_id as text[]))
    order by delivery_id for update of webhook
""")
"""Before `WITHDRAW`: a claim that is being committed is waited for, and then seen by that statement's snapshot."""

WITHDRAW: Final = text("""
    with over as (
        update clue set state = 'withdrawn', withdrawn_at = :now, position = nextval('clue_position')
        where signal_id = any(cast(:signal_id as text[])) and state not in ('answered', 'withdrawn')
        returning clue_id, platform, round
    ), cancelled as (
        update webhook set state = 'cancelled', next_attempt_at = null, settled_at = :now
        from over where webhook.clue_id = over.clue_id and webhook.state = 'pending'
    )
    insert into webhook (delivery_id, clue_id, kind, round, next_attempt_at)
    select 'msg_withdrawn_' || over.clue_id || case when over.round > 1 then '_' || over.round else '' end,
        over.clue_id, 'clue.withdrawn', over.round, :now
    from over
    join platform on platform.code = over.platform and platform.state = 'active' and platform.url is not null
    where exists (
        select from webhook told
        where told.clue_id = over.clue_id and told.kind = 'clue.created'
          and (told.attempt > 0
               or exists (select from webhook_attempt where webhook_attempt.delivery_id = told.delivery_id))
          and not exists (
              select from webhook ended
              where ended.clue_id = told.clue_id and ended.kind = 'clue.withdrawn' and ended.state = 'delivered'
                and ended.round >= told.round
          )
    )
    on conflict do nothing
""")
"""A platform that may have heard of a clue, and not of its end since, hears that it is withdrawn."""

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
        returning webhook.delivery_id, webhook.clue_id, webhook.kind, webhook.attempt
    )
    select claimed.delivery_id, claimed.kind as told, claimed.attempt, {_COLUMNS},
           case claimed.kind when 'clue.withdrawn' then clue.withdrawn_at else clue.created_at end as happened_at,
           platform.url, platform.secret,
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
    where clue_id = :clue_id and round = (select round from webhook where delivery_id = :delivery_id)
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
    insert into webhook (delivery_id, clue_id, kind, round, next_attempt_at)
    select 'msg_' || clue_id || case when round > 1 then '_' || round else '' end, clue_id, 'clue.created', round, :now
    from clue join platform on platform.code = clue.platform
    where clue_id = :clue_id and platform.state = 'active' and platform.url is not null
    on conflict (clue_id, kind, round) do update
    set state = 'pending', attempt = 0, next_attempt_at = excluded.next_attempt_at, settled_at = null
""")
