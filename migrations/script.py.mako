"""${message}

Deploy safety: the release before this one keeps running while this migration does and after it.
Add columns as nullable or with a server default, add tables and indexes freely; drop or rename only
what no release still deployed reads. Copy large tables in a worker, not here. Text that comes from
outside is ReceivedText, datetimes are UtcDateTime (app/store/columns.py); write their plain types here.

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Created: ${create_date}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
