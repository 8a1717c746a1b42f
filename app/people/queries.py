"""Reads about people; every list starts from what the actor may see."""

from collections.abc import Sequence

from sqlalchemy import select

from app.people.models import User
from app.platform.db import db


def demo_users() -> Sequence[User]:
    """The demo's accounts, for the log-in page of the demo's own machine."""
    query = select(User).where(User.is_demo, User.active).order_by(User.id)
    return db.session.scalars(query).all()
