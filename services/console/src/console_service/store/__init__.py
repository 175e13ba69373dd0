"""The console's own tables on PostgreSQL."""

from console_service.store.access_log import AccessLog
from console_service.store.accounts import Accounts
from console_service.store.engine import migrate, open_engine
from console_service.store.logins import Logins
from console_service.store.sessions import Sessions

__all__ = ["AccessLog", "Accounts", "Logins", "Sessions", "migrate", "open_engine"]
