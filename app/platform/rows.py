"""Rows stored and changed at once, for the path of an answer.

Working out in which order many objects are to be written costs several times what writing one
does. A caller that knows the order, and the ids that a row refers to, writes it at once instead.
"""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Insert, Update, bindparam, insert, inspect, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, set_committed_value

from app.platform.db import Base, db

_WHICH = "which_"


def store_at_once(row: Base) -> None:
    """Store one new object, which is known to the session from then on like one that was read.

    Relationships are not followed: the row has its ids.
    """
    plan = _plan_of(type(row))
    known = instance_dict(row)
    result = db.session.connection().execute(
        plan.insert, {name: known[name] for name in plan.columns if name in known}
    )
    stored: Any = result.last_inserted_params()
    known |= {name: stored.get(name) for name in plan.columns if name not in known}
    known |= zip(plan.keys, result.inserted_primary_key or (), strict=True)
    make_transient_to_detached(row)
    db.session.add(row)


def change_at_once(row: Base, **values: Any) -> None:
    """Change a stored row now, without the working out of a flush; other changes wait for one."""
    which = {f"{_WHICH}{key}": getattr(row, key) for key in _plan_of(type(row)).keys}
    db.session.connection().execute(_change_of(type(row), *values), {**values, **which})
    for name, value in values.items():
        set_committed_value(row, name, value)


def add_row(table: type[Base], values: dict[str, Any]) -> int:
    """Store a row of which nobody needs the object; its id."""
    added: Any = db.session.connection().execute(_plan_of(table).insert, values)
    row_id: int = added.inserted_primary_key[0]
    return row_id


def change_row(table: type[Base], row_id: int, **values: Any) -> None:
    """Change a row that was read without its object; whoever has the object reads it anew."""
    which = {f"{_WHICH}id": row_id}
    db.session.connection().execute(_change_of(table, *values), {**values, **which})
    forget(table, row_id)


def forget(table: type[Base], row_id: int) -> None:
    """Let the object that the session may have of a row be read anew: something joined it."""
    known = db.session.identity_map.get(inspect(table).identity_key_from_primary_key((row_id,)))
    if known is not None:
        db.session.expire(known)


@cache
def _change_of(table: type[Base], *names: str) -> Update:
    keys = [getattr(table, key) == bindparam(f"{_WHICH}{key}") for key in _plan_of(table).keys]
    return update(table).where(*keys).values({name: bindparam(name) for name in names})


class _Plan(NamedTuple):
    """How a row of one table is stored."""

    insert: Insert
    columns: tuple[str, ...]
    keys: tuple[str, ...]


@cache
def _plan_of(table: type[Base]) -> _Plan:
    mapper = inspect(table)
    # Filled in by the database, and read from there by whoever asks.
    known = [name for name, column in mapper.columns.items() if column.server_default is None]
    given = [name for name, column in mapper.columns.items() if column.default is not None]
    keys = tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)
    return _Plan(insert(table), tuple(dict.fromkeys([*known, *given])), keys)
