"""What is done beside the loop.

The daily look at the model, the class mix of each day, what the calendar ends, and monthly runs.
"""

from classification_service.worker.calendar import Calendar
from classification_service.worker.mix import MixKeeper
from classification_service.worker.monthly import MonthlyWorker
from classification_service.worker.review import ReviewWorker

__all__ = ["Calendar", "MixKeeper", "MonthlyWorker", "ReviewWorker"]
