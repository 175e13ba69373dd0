"""The six services as the console speaks to them."""

from console_service.upstream.asking import Services
from console_service.upstream.forwarder import Forwarder

__all__ = ["Forwarder", "Services"]
