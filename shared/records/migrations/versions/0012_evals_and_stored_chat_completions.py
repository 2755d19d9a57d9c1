"""evals, their output items, and stored chat completions"""

import sqlalchemy as sa
from alembic import op

revision = 'jobs_0012'
down_revision = 'jobs_0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('evals',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('project_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('metadata', sa.JSON(), nullable=True),
    sa.Column('data_source_config', sa.JSON(), nullable=False),
    sa.Column('testing_criteria', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evals'))
    )
    op.create_index(op.f('ix_evals_project_id'), 'evals', ['project_id'], unique=False)
    op.create_table('eval_runs',
    sa.Column('job_id', sa.String(), nullable=False),
    sa.Column('eval_id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['eval_id'], ['evals.id'], name=op.f('fk_eval_runs_eval_id_evals'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_eval_runs_job_id_jobs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', name=op.f('pk_eval_runs'))
    )
    op.create_index(op.f('ix_eval_runs_eval_id'), 'eval_runs', ['eval_id'], unique=False)
    op.create_table('eval_output_items',
    sa.Column('job_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('created_at', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(), nullable=True),
    sa.Column('item', sa.JSON(), nullable=False),
    sa.Column('sample', sa.JSON(), nullable=True),
    sa.Column('grading', sa.JSON(), nullable=True),
    sa.Column('results', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_eval_output_items_job_id_jobs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'number', name=op.f('pk_eval_output_items')),
    sa.UniqueConstraint('id', name=op.f('uq_eval_output_items_id'))
    )
    op.create_table('chat_completions',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('project_id', sa.String(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('model', sa.String(), nullable=False),
    sa.Column('metadata', sa.JSON(), nullable=True),
    sa.Column('request', sa.JSON(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chat_completions'))
    )
    op.create_index(op.f('ix_chat_completions_model'), 'chat_completions', ['model'], unique=False)
    op.create_index('ix_chat_completions_listing', 'chat_completions', ['project_id', 'created_at', 'id'], unique=False)
    op.create_table('chat_completion_messages',
    sa.Column('completion_id', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(
        ['completion_id'],
        ['chat_completions.id'],
        name=op.f('fk_chat_completion_messages_completion_id_chat_completions'),
        ondelete='CASCADE',
    ),
    sa.PrimaryKeyConstraint('completion_id', 'number', name=op.f('pk_chat_completion_messages')),
    sa.UniqueConstraint('id', name=op.f('uq_chat_completion_messages_id'))
    )


def downgrade() -> None:
    op.drop_table('chat_completion_messages')
    op.drop_table('chat_completions')
    op.drop_table('eval_output_items')
    op.drop_table('eval_runs')
    op.drop_table('evals')
