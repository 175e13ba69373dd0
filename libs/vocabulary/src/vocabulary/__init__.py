"""The trade's identifiers and code tables.

One module per subject: ``uscc``, ``areas``, ``industries``, ``entity_types``, ``result_codes``,
``penalties``, ``calendar`` and ``money``. The tables themselves are YAML under ``packs/``; every row says
where it comes from (``source``) and how sure that is (``confidence``).
"""
