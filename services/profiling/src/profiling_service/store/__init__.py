"""The service's state on PostgreSQL, with a bounded copy in memory of what every fact needs."""

from profiling_service.store.cache import EntityCache
from profiling_service.store.daily import DailyStore, daily_transactions
from profiling_service.store.unit_of_work import Profiles, Store

__all__ = ["DailyStore", "EntityCache", "Profiles", "Store", "daily_transactions"]
