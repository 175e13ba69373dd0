"""repair: dishonesty records, how long they are public, and when they stop (信用修复).

A penalty or a listing that ingestion accepted opens a record. The law in force on the day of the decision, kept as
dated data in `packs/regimes`, says how grave it is, from when repair may be applied for, and when its publicity stops
without any application. The repair notice is due at the same moment (两书同达). A removal, an annulment, the
cancellation of the entity or the daily run stops the record, and from then on the fact no longer counts anywhere.

Follow `consumer.py` → `wire.py` → `use_cases.py` → `rules/`; `store.py` is the only module that knows SQL.
"""
