"""What all tables share: one metadata with its naming of constraints, and columns that hold keys."""

from sqlalchemy import Column, ForeignKey, MetaData

from app.store.columns import Key

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str = "key") -> Column[int]:
    """A primary key whose numbers come from ``counter`` or from another table."""
    return Column(name, Key, primary_key=True, autoincrement=False)


def ref(name: str, target: str | None = None, *, null: bool = False) -> Column[int]:
    """A number of another table's row; checked by the database where ``target`` is given."""
    return Column(name, Key, *([ForeignKey(target)] if target else []), nullable=null)
