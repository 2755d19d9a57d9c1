"""questions, phases and failures of comparisons; their families; results in the shape of today"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = 'jobs_0006'
down_revision = 'jobs_0005'
branch_labels = None
depends_on = None

ADDED = ('phase', 'failure', 'finish_reason', 'engine_seconds', 'retrieved')
JOBS = sa.table('jobs', sa.column('id', sa.String), sa.column('kind', sa.String), sa.column('result', sa.JSON))
FAMILIES = sa.table('comparison_families', sa.column('id', sa.String), sa.column('deleted_verdicts', sa.Integer))


def upgrade() -> None:
    op.create_table('comparison_questions',
    sa.Column('job_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_comparison_questions_job_id_jobs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'number', name=op.f('pk_comparison_questions'))
    )
    op.create_table('comparison_families',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('deleted_verdicts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison_families'))
    )
    comparisons = sa.select(JOBS.c.id, sa.literal(0)).where(JOBS.c.kind == 'comparison')
    op.execute(sa.insert(FAMILIES).from_select(['id', 'deleted_verdicts'], comparisons))
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('phase', sa.String(), nullable=False, server_default='main'))
        batch_op.add_column(sa.Column('failure', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('finish_reason', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('engine_seconds', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('retrieved', sa.JSON(), nullable=False, server_default='[]'))
    _set_primary_key('job_id', 'phase', 'question', 'arm')
    _change_results(_to_new_verdict)


def downgrade() -> None:
    _change_results(_to_old_verdict)
    op.execute("DELETE FROM answers WHERE phase != 'main'")
    _set_primary_key('job_id', 'question', 'arm')
    with op.batch_alter_table('answers', schema=None) as batch_op:
        for column in ADDED:
            batch_op.drop_column(column)
    op.drop_table('comparison_families')
    op.drop_table('comparison_questions')


def _set_primary_key(*columns: str) -> None:
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('pk_answers'), type_='primary')
        batch_op.create_primary_key(op.f('pk_answers'), list(columns))


def _change_results(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(JOBS.c.id, JOBS.c.result).where(JOBS.c.kind == 'comparison')).all():
        if row.result:
            connection.execute(sa.update(JOBS).where(JOBS.c.id == row.id).values(result=change(row.result)))


def _to_new_verdict(result: dict[str, Any]) -> dict[str, Any]:
    verdict = result['verdict']
    outcome = 'not_settled' if verdict['outcome'] == 'no_difference_shown' else verdict['outcome']
    return {**result, 'verdict': {'method': 'bootstrap', **verdict, 'outcome': outcome}}


def _to_old_verdict(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result that the code before this revision can show. Newer fields stay; that code ignores them."""
    verdict = result['verdict']
    outcome = 'recommendation' if verdict['recommended'] else 'no_difference_shown'
    return {'resamples': 0, **result, 'verdict': {**verdict, 'outcome': outcome}}
