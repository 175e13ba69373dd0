"""What can be mended, as it is written."""

from classification_service.errors import InvalidModel, Problem
from classification_service.model.mending import Mend
from classification_service.model.risk_model import Catalogue
from classification_service.rules.reading.documents import Document
from classification_service.rules.reading.models import CONFIDENCES
from classification_service.rules.reading.parts import Part


def mends_of(document: Document, catalogue: Catalogue) -> tuple[Mend, ...]:
    """The mends in this document, in its order.

    Raises:
        InvalidModel: parts are missing, unknown, or of no indicator of the catalogue; names them all.
    """
    problems: list[Problem] = []
    root = Part(document, "", problems)
    root.whole("version")
    mends = tuple(map(_mend, root.parts("mends")))
    root.end()
    codes = [each.indicator for each in mends]
    for index, code in enumerate(codes):
        if code not in catalogue.positions:
            problems.append(Problem(f"mends.{index}.indicator", f"unknown indicator {code}"))
        if code in codes[:index]:
            problems.append(Problem(f"mends.{index}.indicator", f"{code} is there twice"))
    if problems:
        raise InvalidModel("mending", problems)
    return mends


def _mend(row: Part) -> Mend:
    mend = Mend(
        indicator=row.text("indicator"),
        rises=row.choice("towards", ("less", "more")) == "more",
        until=row.number("until"),
        zh=row.text("zh"),
        en=row.text("en"),
        citation=row.text("citation"),
        confidence=row.choice("confidence", CONFIDENCES),
    )
    row.end()
    return mend
