"""Every version of every saved scenario, with all that is known of it, to be written as files."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from shareshift.store.content import read_content
from shareshift.store.damage import is_sound, row_name
from shareshift.store.database import Database
from shareshift.store.errors import Damaged, StoreError
from shareshift.store.tables import SCENARIOS, VERSIONS

OF_SCENARIO = tuple(SCENARIOS.c[name] for name in ("owner", "archived", "forked_from", "forked_version"))
NEWEST = SCENARIOS.c.version.label("newest_version")


def every_version(database: Database) -> Iterator[dict[str, Any] | str]:
    """Give the values of one version after the other, the oldest scenario first; a damaged one as a sentence.

    Each is read by itself, so that as much as possible comes out of a damaged file; raises `StoreError` where not even
    the list of them can be read.
    """
    order = (VERSIONS.c.scenario_id, VERSIONS.c.number)
    for key in database.rows(select(*order).order_by(*order)):
        try:
            yield from _one(database, key["scenario_id"], key["number"])
        except StoreError as error:
            yield str(error)


def _one(database: Database, scenario_id: str, number: int) -> Iterator[dict[str, Any]]:
    columns = (*VERSIONS.c, *OF_SCENARIO)
    joined = VERSIONS.join(SCENARIOS, VERSIONS.c.scenario_id == SCENARIOS.c.scenario_id)
    wanted = select(*columns, NEWEST).select_from(joined)
    for row in database.rows(wanted.where(VERSIONS.c.scenario_id == scenario_id, VERSIONS.c.number == number)):
        if not is_sound(row, columns):
            raise Damaged(row_name(row))
        yield {**row, "content": read_content(row["content"], row_name(row))}
