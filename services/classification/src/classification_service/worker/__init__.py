"""What is done without being asked: the daily look at the model, and what the calendar ends."""

from classification_service.worker.calendar import Calendar
from classification_service.worker.review import ReviewWorker

__all__ = ["Calendar", "ReviewWorker"]
