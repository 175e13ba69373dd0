"""Reads what is to be learned from its document."""

from collections.abc import Mapping
from typing import Any

from classification_service.errors import InvalidModel, Problem
from classification_service.model.learning import Direction, Input, Memory, Study

Document = Mapping[str, Any]


def study_of(document: Document) -> Study:
    """The study in this document.

    Raises:
        InvalidModel: A part is missing, unknown, or contradicts another.
    """
    name = f"{document.get('code')}@{document.get('version')}"
    try:
        study = _study(document)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidModel(name, [Problem("", f"{type(error).__name__}: {error}")]) from error
    if problems := _problems(study):
        raise InvalidModel(name, [Problem("", problem) for problem in problems])
    return study


def _study(document: Document) -> Study:
    return Study(
        code=document["code"],
        version=int(document["version"]),
        author=document["author"],
        inputs=tuple(_input(row) for row in document["inputs"]),
        memory=Memory(**document["memory"]),
        bins=tuple(int(each) for each in document["bins"]),
        penalties=tuple(float(each) for each in document["penalties"]),
        sets={name: tuple(left_out) for name, left_out in document["sets"].items()},
        folds=int(document["folds"]),
        fold_days=int(document["fold_days"]),
        inspector_penalty=float(document["inspector_penalty"]),
    )


def _input(row: Document) -> Input:
    return Input(
        code=row["code"],
        dimension=row["dimension"],
        zh=row["zh"],
        en=row["en"],
        direction=Direction(row["direction"]),
        edges=tuple(float(edge) for edge in row.get("edges", ())),
        why=row["why"],
        known=row["known"],
    )


def _problems(study: Study) -> list[str]:
    codes, dimensions = study.codes, {each.dimension for each in study.inputs}
    problems = [f"{code} is there twice" for code in sorted(set(codes)) if codes.count(code) > 1]
    problems += [
        f"set {name} leaves out {each}, which is neither an input nor a dimension"
        for name, left_out in study.sets.items()
        for each in left_out
        if each not in codes and each not in dimensions
    ]
    problems += [
        f"{each.code}: its edges are not in order"
        for each in study.inputs
        if list(each.edges) != sorted(set(each.edges))
    ]
    if not (study.bins and study.penalties and study.sets and min(study.bins) > 1):
        problems.append("validation has nothing to choose among")
    return problems
