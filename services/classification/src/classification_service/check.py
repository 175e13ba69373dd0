"""Says whether a risk model's file can be used: `python -m classification_service.check FILE`.

It is held against the catalogue and the versions that are shipped. Prints one JSON object; the exit code is 1 when the
model cannot be used, and `problems` then says on which line and why, all at once.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classification_service.errors import InvalidModel, Problem
from classification_service.model.risk_model import RiskModel
from classification_service.rules.reading import located, model_of, require_no_overlap
from classification_service.store.packs import shipped_catalogue, shipped_models


def check(text: str, name: str = "model") -> Mapping[str, Any]:
    """What the model in this text holds.

    Raises:
        InvalidModel: It cannot be used; names every problem with its line.
    """
    catalogue = shipped_catalogue()
    document, lines = located(text, name)
    model = model_of(document, catalogue, lines)
    require_no_overlap(model, shipped_models(catalogue), lines)
    return _found(model)


def _found(model: RiskModel) -> Mapping[str, Any]:
    return {
        "model": model.id,
        "kind": str(model.kind),
        "sector": model.sector,
        "valid_from": model.valid_from.isoformat(),
        "scale": [model.lowest, model.highest],
        "indicators": len(model.items),
        "rules": len(model.adjustments),
        "sha256": model.sha256,
    }


def _refused(name: str, problems: tuple[Problem, ...]) -> Mapping[str, Any]:
    return {"usable": False, "model": name, "problems": [each._asdict() for each in problems]}


def main() -> int:
    """Print what was found; 0 when the model can be used."""
    file = Path(sys.argv[1])
    found: Mapping[str, Any]
    try:
        found = {"usable": True, **check(file.read_text(encoding="utf-8"), file.name)}
    except InvalidModel as error:
        found = _refused(error.model, error.problems)
    except (OSError, UnicodeDecodeError) as error:
        found = _refused(file.name, (Problem("", f"cannot be read: {error}"),))
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return 0 if found["usable"] else 1


if __name__ == "__main__":
    sys.exit(main())
