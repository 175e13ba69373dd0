"""The console's HTTP edge: its own routes under `/api`, and the page for everything else."""

from console_service.http_api.edge import Edge
from console_service.http_api.routes import install

__all__ = ["Edge", "install"]
