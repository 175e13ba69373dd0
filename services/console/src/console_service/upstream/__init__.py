"""The six services as the console speaks to them."""

from console_service.upstream.asking import Services
from console_service.upstream.forwarder import Forwarder
from console_service.upstream.readings import LoopReader
from console_service.upstream.watch import LoopWatch

__all__ = ["Forwarder", "LoopReader", "LoopWatch", "Services"]
