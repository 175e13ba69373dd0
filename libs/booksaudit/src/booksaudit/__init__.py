"""The audit: are the books of all services the same, key by key, and was everything published also read?

`compare`, `lanes` and `pairs` are arithmetic; `report` and `standing` ask the services through whatever reads them.
"""

from booksaudit.report import Audit, audit

__all__ = ["Audit", "audit"]
