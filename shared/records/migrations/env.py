"""Runs the migrations on the connection that `shared.records.database.migrate` passes in."""

from alembic import context

from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion
from shared.records.database import Record, include_tables
from shared.records.evaluation.answers import Answer
from shared.records.evaluation.comparisons import ComparisonFamily, ComparisonQuestion
from shared.records.evaluation.dataset_items import DatasetItem
from shared.records.evaluation.evals import EvalOutputItem, EvalRun, StoredEval
from shared.records.jobs import Job, JobEvent
from shared.records.models.adapters import Adapter
from shared.records.models.permissions import ModelPermission
from shared.records.projects import ApiKey, Project
from shared.records.responses import ResponseEvent, StoredResponse
from shared.records.webhooks import WebhookDelivery, WebhookEndpoint

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    include_name=include_tables(
        *(Project, ApiKey, Job, JobEvent, Adapter, Answer, ComparisonQuestion, ComparisonFamily, DatasetItem),
        *(StoredEval, EvalRun, EvalOutputItem, StoredChatCompletion, ChatCompletionMessage),
        *(StoredResponse, ResponseEvent, WebhookEndpoint, WebhookDelivery, ModelPermission),
    ),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
