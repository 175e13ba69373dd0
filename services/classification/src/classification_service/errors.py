"""What can go wrong in classification.

ClassificationError
├── InvalidModel        a model's data contradicts itself, the catalogue, or a version in force
├── ChangedModel        a model stored under this version had other content: the service refuses to start
├── Unknown             what is named does not exist
├── EditedMeanwhile     a draft is not as its editor read it
├── NotInThisState      what is asked for does not go together with what was done before
├── SamePerson          a second person is needed
├── DayNotFree          a version cannot go live, or an adjustment end, on that day
├── TooFarAhead         a day named is later than it may be
├── UnknownItem         no model asks for what is objected to
├── MovedNothing        the record objected to moved none of the items
├── RejectedBefore      what is objected to was rejected, and nothing new is brought forward
├── TooLittleToLearn    the training period holds too few visits, or too few that found something
├── NothingToRank       no inspection of the period asked for is in both files
├── NothingToStartFrom  the score of the model in force does not rise with what is found
├── ImpossibleWindow    the days to learn from and to rank contradict each other
├── CannotWrite         a report or draft cannot be written where it was asked for
├── InvalidFile         a file to learn from cannot be read as what it should be
├── MovedMeanwhile      another transaction stands in the way of a stretch of the city
└── Unanswerable        a question about the city that no snapshot or model can answer
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


class Problem(NamedTuple):
    """What is wrong in a document.

    Attributes:
        place: where, such as `items.3.bins.edges`; empty for the whole.
        reason: what is wrong and what would be right.
        line: line of the text, from 1; 0 where there is no text.
    """

    place: str
    reason: str
    line: int = 0

    def __str__(self) -> str:
        at = f"line {self.line}: " if self.line else ""
        return f"{at}{self.place}: {self.reason}" if self.place else f"{at}{self.reason}"


class ClassificationError(Exception):
    """Root of this service's errors."""


class InvalidModel(ClassificationError):
    """Raised when a model or catalogue cannot be used; data names the model and everything that is wrong."""

    def __init__(self, model: str, problems: Sequence[Problem]) -> None:
        super().__init__(f"{model}: " + "; ".join(map(str, problems)))
        self.model = model
        self.problems = tuple(problems)


class ChangedModel(ClassificationError):
    """Raised when a model's content differs from what is stored under the same version."""

    def __init__(self, model: str, stored_sha256: str, found_sha256: str) -> None:
        super().__init__(
            f"{model}: stored as {stored_sha256}, found {found_sha256}; a change needs a new version"
        )
        self.model = model
        self.stored_sha256 = stored_sha256
        self.found_sha256 = found_sha256


class Unknown(ClassificationError):
    """Raised when there is no such thing; data says what kind of thing."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no such {what}")
        self.what = what


class EditedMeanwhile(ClassificationError):
    """Raised when a draft is not of the version its editor read; data names the version it is of."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the draft is of version {version} by now")
        self.version = version


class NotInThisState(ClassificationError):
    """Raised when a step does not follow from the state; data names the thing, its state and what it would need."""

    def __init__(self, what: str, state: str, needed: str) -> None:
        super().__init__(f"the {what} is {state}, not {needed}")
        self.what = what
        self.state = state
        self.needed = needed


class SamePerson(ClassificationError):
    """Raised when who decides is who wrote, edited, submitted, proposed or filed it; data says which."""

    def __init__(self, part: str) -> None:
        super().__init__(f"a second person is needed: this one is its {part}")
        self.part = part


class DayNotFree(ClassificationError):
    """Raised when something cannot be on the day named; data says why, which day could be, and how it is called."""

    def __init__(self, reason: str, earliest: date, name: str = "day") -> None:
        super().__init__(f"{name}: {reason}; from {earliest} on it can be")
        self.reason = reason
        self.earliest = earliest
        self.name = name


class TooFarAhead(ClassificationError):
    """Raised when a day is later than it may be; data says why, the last day that can be, and how it is called."""

    def __init__(self, reason: str, latest: date, name: str = "day") -> None:
        super().__init__(f"{name}: {reason}; up to {latest} it can be")
        self.reason = reason
        self.latest = latest
        self.name = name


class UnknownItem(ClassificationError):
    """Raised when what is objected to is asked for by no model in force; data names the item."""

    def __init__(self, item: str) -> None:
        super().__init__(f"no model in force asks for {item}")
        self.item = item


class MovedNothing(ClassificationError):
    """Raised when the record objected to moved none of the items; data names it."""

    def __init__(self, record: str) -> None:
        super().__init__(f"{record} moved none of the items")
        self.record = record


class RejectedBefore(ClassificationError):
    """Raised when an objection to the same was rejected; data names it and the day from which it can be filed again."""

    def __init__(self, number: int, again_on: date) -> None:
        super().__init__(f"objection {number} to the same was rejected, and no new evidence is named")
        self.number = number
        self.again_on = again_on


class TooLittleToLearn(ClassificationError):
    """Raised when nothing can be learned from so few visits."""

    def __init__(self, visits: int, found: int) -> None:
        super().__init__(f"{visits} visits, {found} of which found something, are too few to learn from")
        self.visits = visits
        self.found = found


class NothingToRank(ClassificationError):
    """Raised when no inspection between the two days is in both files."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"no inspection from {first} to {last} is in both files")
        self.first = first
        self.last = last


class NothingToStartFrom(ClassificationError):
    """Raised when the model in force does not tell those with problems from the others: nothing can be revised."""

    def __init__(self) -> None:
        super().__init__(
            "the score of the model in force does not rise with what is found: its points are no start"
        )


class ImpossibleWindow(ClassificationError):
    """Raised when the days to learn from and to rank are not in order; data names the field."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field


class CannotWrite(ClassificationError):
    """Raised when a report or a draft cannot be written."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"cannot write {path}: {problem}")
        self.path = path


class InvalidFile(ClassificationError):
    """Raised when a file to learn from is not what it should be; names the line, from 1, and the field."""

    def __init__(self, path: str, line: int, field: str, problem: str) -> None:
        super().__init__(f"{path} line {line}: {field}: {problem}")
        self.line = line
        self.field = field


class MovedMeanwhile(ClassificationError):
    """Raised when entities or rules are not as they were read; the stretch is to be done anew."""

    def __init__(self, entities: int = 0) -> None:
        super().__init__(
            f"{entities} entities were judged meanwhile" if entities else "the rules moved meanwhile"
        )
        self.entities = entities


class Unanswerable(ClassificationError):
    """Raised when there is no snapshot, model or result to answer from; data says which."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
