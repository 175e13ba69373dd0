"""What the audit compares with the books of other services."""

from collections.abc import Mapping
from typing import Final

BOOKS: Final[Mapping[str, str]] = {
    "members": "select uscc || '|' || change_number from member where change_number > 0",
    "descriptions": "select uscc || '|' || version from member where version > 0",
    "results": "select result_id from result",
    "draws": "select draw_id from draw",
    "populations": "select draw_id from draw_population",
    "revealed": "select draw_id from draw where state = 'revealed'",
    "files": "select draw_id from draw_file",
    "drawn": "select draw_id || '|' || generate_series(1, drawn) from draw",
    "entries_counted": "select draw_id || '|' || row_number() over (partition by draw_id) from draw_entry",
    "entries": "select draw_id || '|' || uscc from draw_entry",
    "visits": "select draw_id || '|' || uscc from task",
    "visits_done": "select task_id from task where state = 'done'",
    "visits_with_result": "select task_id from result",
}
