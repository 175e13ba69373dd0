"""What becomes of a draft: who may do what after what, and what its text must be to go on."""

import re
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

from classification_service.errors import (
    EditedMeanwhile,
    InvalidModel,
    NotInThisState,
    Problem,
    SamePerson,
)
from classification_service.model.governing import Checked, Cuts, Draft, DraftState, Tried, Who
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.reading import Document, Located, located, model_of, overlaps

_NAME = "draft"
_VERSION = re.compile(r"^version:[ \t]*\d+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Versions:
    """What the books have.

    Attributes:
        newest: of each code, the newest version.
        live: by code, the version last promoted.
    """

    newest: Mapping[str, int]
    live: Mapping[str, RiskModel]


def checked(text: str, catalogue: Catalogue, versions: Versions) -> Checked:
    """What the text would be, with everything that is wrong in it, each with its line."""
    try:
        found = located(text, _NAME)
    except InvalidModel as error:
        return Checked("", error.problems)
    code = found.document.get("code")
    try:
        model = model_of(found.document, catalogue, found.lines)
    except InvalidModel as error:
        return Checked(code if isinstance(code, str) else "", error.problems)
    return Checked(model.code, tuple(_placed(each, found) for each in _against_books(model, versions)))


def _placed(problem: Problem, found: Located) -> Problem:
    return problem._replace(line=found.lines.get(problem.place, 1))


def _against_books(model: RiskModel, versions: Versions) -> Sequence[Problem]:
    problems = []
    newest, live = versions.newest.get(model.code, 0), versions.live.get(model.code)
    if model.version <= newest:
        problems.append(
            Problem("version", f"{model.id} is in the books or behind it: the next is {newest + 1}")
        )
    elif live:
        problems += overlaps(model, [live])
    if model.approver:
        problems.append(Problem("approver", "is not written here: it is whoever approves the draft"))
    problems += [
        Problem("code", f"{other.id} judges the same ({other.kind} {other.sector}): take its code")
        for other in versions.live.values()
        if other.code != model.code and (other.kind, other.sector) == (model.kind, model.sector)
    ]
    if live and (live.kind, live.sector) != (model.kind, model.sector):
        problems.append(Problem("kind", f"{live.id} is of kind {live.kind} {live.sector}: take another code"))
    return problems


def ready(
    text: str, tried: Tried | None, catalogue: Catalogue, versions: Versions
) -> tuple[RiskModel, Cuts | None]:
    """The version this text would be, as the books give it back, and the cuts that a what-if took for its shares.

    Raises:
        InvalidModel: it has problems, or shares without cuts of its own what-if; names them all.
    """
    require_right(text, catalogue, versions)
    cuts = cuts_of(text, tried, catalogue) if tried is not None else None
    model = model_of(document_of(text, catalogue, cuts), catalogue)
    return model_of(model.definition, catalogue), cuts


def require_right(text: str, catalogue: Catalogue, versions: Versions) -> None:
    """Nothing is wrong with the text.

    Raises:
        InvalidModel: something is; names it all.
    """
    found = checked(text, catalogue, versions)
    if found.problems:
        raise InvalidModel(found.code or _NAME, found.problems)


def numbered(text: str, version: int) -> str:
    """The text of a shipped version under this number: in a city's books its own versions have numbers too."""
    return _VERSION.sub(f"version: {version}", text, count=1)


def document_of(text: str, catalogue: Catalogue, cuts: Cuts | None = None) -> Document:
    """The document as it would go live: with the cuts that were resolved for its shares.

    Raises:
        InvalidModel: it says shares and nobody resolved them, or cuts were resolved for a text that says its own.
    """
    found = located(text, _NAME)
    model = model_of(found.document, catalogue, found.lines)
    line = found.lines.get("scale", 0)
    if model.cuts is None and cuts is None:
        reason = "the shares need their cuts: name the what-if of this text that took them from the city"
        raise InvalidModel(model.id, [Problem("scale.shares", reason, line)])
    if cuts is None:
        return found.document
    if model.shares is None:
        raise InvalidModel(model.id, [Problem("scale.cuts", "are said in the text already", line)])
    document = deepcopy(dict(found.document))
    document["scale"]["cuts"] = dict(zip("ABC", cuts.greatest, strict=True))
    model_of(document, catalogue, found.lines)
    return document


def cuts_of(text: str, tried: Tried, catalogue: Catalogue) -> Cuts:
    """The cuts that a what-if took from the city for this very text.

    Raises:
        InvalidModel: it tried another text.
    """
    found = located(text, _NAME)
    model = model_of(found.document, catalogue, found.lines)
    if tried.sha256 != model.sha256:
        reason = f"what-if {tried.number} tried another text, {tried.sha256[:12]}: try this one"
        raise InvalidModel(model.id, [Problem("scale.shares", reason, found.lines.get("scale", 0))])
    return Cuts(tried.cuts, f"what-if {tried.number} over snapshot {tried.snapshot_id}")


def edited(draft: Draft, text: str, code: str, version: int, who: Who) -> Draft:
    """The draft with this text, by who read `version` of it.

    Raises:
        EditedMeanwhile: somebody saved it since.
        NotInThisState: it is submitted or further.
    """
    _require(draft, DraftState.OPEN)
    _require_version(draft, version)
    return replace(draft, text=text, code=code, version=draft.version + 1, edited_by=who.by, edited_at=who.at)


def submitted(draft: Draft, model: RiskModel, cuts: Cuts | None, version: int, who: Who) -> Draft:
    """The draft waits for approval as this model.

    Raises:
        EditedMeanwhile: somebody saved it since who submits it read it.
        NotInThisState: it is submitted already or further.
    """
    _require(draft, DraftState.OPEN)
    _require_version(draft, version)
    return replace(
        draft,
        state=DraftState.SUBMITTED,
        submitted_by=who.by,
        submitted_at=who.at,
        definition=model.definition,
        sha256=model.sha256,
        cuts_from=cuts.source if cuts else "",
    )


def approved(draft: Draft, sha256: str, writers: Collection[str], who: Who) -> Draft:
    """The draft may be promoted: the document with this hash, which is what was read; `writers` ever saved a text.

    Raises:
        SamePerson: who approves wrote it, edited it at any time or submitted it.
        NotInThisState: it does not wait for approval.
        EditedMeanwhile: what waits is another document than was read.
    """
    _require(draft, DraftState.SUBMITTED)
    for part, persons in (
        ("author", (draft.author, (draft.definition or {}).get("author"))),
        ("last editor", (draft.edited_by,)),
        ("editor", writers),
        ("submitter", (draft.submitted_by,)),
    ):
        if who.by in persons:
            raise SamePerson(part)
    if sha256 != draft.sha256:
        raise EditedMeanwhile(draft.version)
    return replace(draft, state=DraftState.APPROVED, approved_by=who.by, approved_at=who.at)


def returned(draft: Draft) -> Draft:
    """The draft is open again, submitted or approved as it was.

    Raises:
        NotInThisState: it is neither.
    """
    _require(draft, DraftState.SUBMITTED, DraftState.APPROVED)
    return _unsubmitted(draft, DraftState.OPEN)


def withdrawn(draft: Draft) -> Draft:
    """Nothing comes of the draft.

    Raises:
        NotInThisState: it was promoted or withdrawn before.
    """
    _require(draft, DraftState.OPEN, DraftState.SUBMITTED, DraftState.APPROVED)
    return _unsubmitted(draft, DraftState.WITHDRAWN)


def promoted(draft: Draft, model_id: str) -> Draft:
    """The draft became this model.

    Raises:
        NotInThisState: it is not approved.
    """
    _require(draft, DraftState.APPROVED)
    return replace(draft, state=DraftState.PROMOTED, model_id=model_id)


def _unsubmitted(draft: Draft, state: DraftState) -> Draft:
    return replace(
        draft,
        state=state,
        submitted_by=None,
        submitted_at=None,
        definition=None,
        sha256=None,
        cuts_from="",
        approved_by=None,
        approved_at=None,
    )


def _require(draft: Draft, *states: DraftState) -> None:
    if draft.state not in states:
        raise NotInThisState("draft", draft.state, " or ".join(states))


def _require_version(draft: Draft, version: int) -> None:
    if draft.version != version:
        raise EditedMeanwhile(draft.version)
