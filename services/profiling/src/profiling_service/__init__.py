"""Keeps each entity's profile from its facts, and senses what needs attention (精准画像, 智能感知).

Facts come from ingestion, sampling and repair; each is kept with its three clocks. From the facts in effect on the
business day the same vectorised rules compute the indicators of one entity or of a whole city, so that order of
arrival, annulments and late facts do not matter. What changed is told to the other services.

Follow one fact: `consumer` → `wire.FactReader` → `use_cases.record` → `rules.profiles` → `store` → `wire.encode`.
Indicators and signals are data: `packs/catalogue.yaml`, `packs/signals.yaml`.
"""
