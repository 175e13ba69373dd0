"""Values as they are kept, side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
from vocabulary.sparse_values import unpack

from classification_service.model.judgement import Matrix


def side_by_side(
    packed: Sequence[bytes | None], versions: Sequence[int], widths: Mapping[int, int]
) -> Matrix:
    """One row for each text, by the newest catalogue: what is not kept, or an earlier one did not have, is not known.

    Args:
        packed: as `vocabulary.sparse_values`, None where nothing is kept.
        versions: of the catalogue of each.
        widths: how many indicators each catalogue had, by its version.
    """
    values = np.full((len(packed), max(widths.values())), np.nan, dtype=np.float32)
    for version, width in widths.items():
        kept = {
            place: bytes(text)
            for place, text in enumerate(packed)
            if text is not None and versions[place] == version
        }
        if kept:
            values[list(kept), :width] = unpack(list(kept.values()), width)
    return values.astype(np.float64)
