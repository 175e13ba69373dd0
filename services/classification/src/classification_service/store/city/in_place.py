"""Values that are not zero, as a file that is read in place: mapped into memory, and nothing decoded.

One Arrow record batch, indicator after indicator, in each in rising order of row; its schema says where each begins.
Measured with the 60 items of a draft: to decode their columns from Parquet cost more than twice what scoring them did.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from classification_service.rules.columns import ByIndicator


def content_of(values: ByIndicator, codes: Sequence[str]) -> memoryview:
    """The bytes of the file; rows in as few of them as their number needs."""
    about = {"size": values.size, "starts": values.starts.tolist(), "indicators": list(codes)}
    narrow = values.rows.astype(np.min_scalar_type(max(values.size - 1, 0)))
    batch = pa.record_batch(
        {"row": pa.array(narrow), "value": pa.array(values.values)}, metadata={"values": json.dumps(about)}
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return memoryview(sink.getvalue())


def read(path: Path) -> ByIndicator:
    """The values of a part."""
    reader = pa.ipc.open_file(pa.memory_map(str(path)))
    about = json.loads(reader.schema.metadata[b"values"])
    batch = reader.get_batch(0)
    return ByIndicator(
        about["size"],
        batch["row"].to_numpy(zero_copy_only=True),
        batch["value"].to_numpy(zero_copy_only=True),
        np.array(about["starts"]),
    )
