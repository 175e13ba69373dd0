"""Binary COPY streams, read back by a real PostgreSQL."""

import io

import asyncpg
import numpy as np
from eventbus import copying
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://")


async def test_every_kind_of_column_arrives_as_it_was(fresh_database: str) -> None:
    """A column written in the wrong layout would corrupt every row after it."""
    connection = await asyncpg.connect(_plain(fresh_database))
    await connection.execute("""create table wide (code char(18), small smallint, whole integer, big bigint, share real,
        exact double precision, yes boolean, day date, at timestamptz, words text, raw bytea, list real[], tags text[],
        maybe bigint)""")
    data = copying.stream(
        [
            copying.fixed_text(["91510104YY000001XM", "91510117YY0000028G"], 18),
            copying.int2([1, -2]),
            copying.int4([3, -4]),
            copying.int8([5, -6]),
            copying.float4([0.5, np.nan]),
            copying.float8([0.25, -1e300]),
            copying.boolean([True, False]),
            copying.date([0, None]),
            copying.timestamptz([1_000, 1_700_000_000_123]),
            copying.text(["成都", None]),
            copying.bytea([b"\x00\xff", b""]),
            copying.float4_array(np.array([[1.0, 2.0], [np.nan, 4.0]])),
            copying.text_array([[], ["甲", "乙"]]),
            copying.nullable_int8([None, 7]),
        ]
    )

    await connection.copy_to_table("wide", source=io.BytesIO(data), format="binary")
    rows = await connection.fetch("select * from wide order by small desc")
    await connection.close()

    first, second = (dict(row) for row in rows)
    assert first["code"] == "91510104YY000001XM"
    assert (first["small"], first["whole"], first["big"], first["share"], first["exact"]) == (
        1,
        3,
        5,
        0.5,
        0.25,
    )
    assert (first["yes"], str(first["day"]), first["words"], first["raw"]) == (
        True,
        "1970-01-01",
        "成都",
        b"\x00\xff",
    )
    assert first["at"].timestamp() == 1.0
    assert (first["list"], first["tags"], first["maybe"]) == ([1.0, 2.0], [], None)
    assert (second["day"], second["words"], second["tags"], second["maybe"]) == (None, None, ["甲", "乙"], 7)
    assert np.isnan(second["share"])
    assert second["at"].timestamp() == 1_700_000_000.123


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.text(max_size=20)), max_size=40))
def test_the_stream_has_one_row_per_value(rows: list[tuple[int, str]]) -> None:
    """Row count and field count are what the server checks first."""
    data = copying.stream(
        [copying.int4([number for number, _ in rows]), copying.text([words for _, words in rows])]
    )

    expected = 19 + 2 + sum(2 + 8 + 4 + len(words.encode()) for _, words in rows)
    assert len(data) == expected
