"""What is done beside the loop: the daily look at the model, what the calendar ends, and monthly runs."""

from classification_service.worker.calendar import Calendar
from classification_service.worker.monthly import MonthlyWorker
from classification_service.worker.review import ReviewWorker

__all__ = ["Calendar", "MonthlyWorker", "ReviewWorker"]
