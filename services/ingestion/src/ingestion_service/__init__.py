"""Collects facts from every source: accepted, quarantined or rejected, never lost (信息归集).

A fact is a CloudEvent about one market entity. It enters over HTTP (`POST /v1/facts`) or Kafka
(`creditloop.inbound.v1`), is judged by pure rules, and is durable before its sender is told so:

accepted     in the ledger, and on its way to every other service, exactly once
quarantined  readable, but not usable as it is; kept whole until a person releases or discards it
duplicate    here already, accepted or quarantined; nothing changes
rejected     not a fact of ours; told to the sender field by field, and not kept
"""
