"""What a business scope (经营范围) and a name say: the industry, and the sectors the city supervises.

``industry`` infers a code of GB/T 4754-2017 where none is given, ``sectors`` the membership of sectors. Both read the
text as ``reading`` leaves it and find the phrases of ``packs/scope.yaml`` and ``packs/scope_sectors.yaml``. What they
find is an inference with its evidence, never a fact about the entity.
"""

from vocabulary.scope.evidence import Evidence
from vocabulary.scope.industry import Inference, infer_industry
from vocabulary.scope.sectors import SupervisedSector, sector_evidence, sectors

__all__ = ["Evidence", "Inference", "SupervisedSector", "infer_industry", "sector_evidence", "sectors"]
