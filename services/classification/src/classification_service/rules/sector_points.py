"""What gives members of sectors points, summed up item by item."""

from collections.abc import Iterator

import numpy as np

from classification_service.model.judgement import Integers, Verdicts
from classification_service.model.sectors import PointsOfItem


def points_of_items(sectors: Integers, made: Verdicts) -> Iterator[PointsOfItem]:
    """Items that give some of these entities points, by their sectors and by the model; the base is no item."""
    for model_id, (rows, points) in zip(made.model_ids, made.points, strict=True):
        given, in_sectors = np.maximum(points[:, 1:], 0.0), sectors[rows]
        for code in np.unique(in_sectors).tolist():
            some = given[in_sectors == code]
            entities, total = (some > 0).sum(axis=0), some.sum(axis=0)
            for place in np.flatnonzero(entities).tolist():
                yield PointsOfItem(code, model_id, place, int(entities[place]), float(total[place]))
