"""Contains all the data models used in inputs/outputs"""

from .abstention_grader import AbstentionGrader
from .abstention_scores import AbstentionScores
from .allowed_tool import AllowedTool
from .allowed_tool_type import AllowedToolType
from .allowed_tools import AllowedTools
from .allowed_tools_mode import AllowedToolsMode
from .answer_message import AnswerMessage
from .answer_span import AnswerSpan
from .answer_span_source import AnswerSpanSource
from .arm import Arm
from .arm_retrieval import ArmRetrieval
from .arm_retrieval_search_mode import ArmRetrievalSearchMode
from .arm_summary import ArmSummary
from .arm_summary_intervals import ArmSummaryIntervals
from .arm_summary_scores import ArmSummaryScores
from .audio_data import AudioData
from .audio_data_format import AudioDataFormat
from .audio_part import AudioPart
from .auto_strategy import AutoStrategy
from .called_function import CalledFunction
from .change import Change
from .chat_choice import ChatChoice
from .chat_chunk_choice import ChatChunkChoice
from .chat_completion import ChatCompletion
from .chat_completion_chunk import ChatCompletionChunk
from .chat_completion_create import ChatCompletionCreate
from .chat_completion_create_response_format_type_0 import (
    ChatCompletionCreateResponseFormatType0,
)
from .chat_completion_create_tool_choice_type_1 import (
    ChatCompletionCreateToolChoiceType1,
)
from .chat_completion_create_tools_type_0_item import ChatCompletionCreateToolsType0Item
from .chat_message import ChatMessage
from .chat_message_role import ChatMessageRole
from .checkpoint_metrics import CheckpointMetrics
from .checkpoint_permission import CheckpointPermission
from .checkpoint_permission_create import CheckpointPermissionCreate
from .checkpoint_permission_page import CheckpointPermissionPage
from .chunk_location import ChunkLocation
from .chunk_preview import ChunkPreview
from .chunk_preview_request import ChunkPreviewRequest
from .chunk_sizes import ChunkSizes
from .chunk_sizes_invalid_lines import ChunkSizesInvalidLines
from .citation import Citation
from .comparison import Comparison
from .comparison_create import ComparisonCreate
from .comparison_create_arms_type_0_item_type_0 import (
    ComparisonCreateArmsType0ItemType0,
)
from .comparison_create_leaked_questions import ComparisonCreateLeakedQuestions
from .comparison_create_metadata_type_0 import ComparisonCreateMetadataType0
from .comparison_event import ComparisonEvent
from .comparison_event_data_type_0 import ComparisonEventDataType0
from .comparison_event_level import ComparisonEventLevel
from .comparison_event_page import ComparisonEventPage
from .comparison_event_type import ComparisonEventType
from .comparison_filter import ComparisonFilter
from .comparison_filter_type import ComparisonFilterType
from .comparison_metadata_type_0 import ComparisonMetadataType0
from .comparison_page import ComparisonPage
from .comparison_result import ComparisonResult
from .comparison_retrieval import ComparisonRetrieval
from .comparison_retrieval_search_mode import ComparisonRetrievalSearchMode
from .comparison_status import ComparisonStatus
from .completion import Completion
from .completion_choice import CompletionChoice
from .completion_create import CompletionCreate
from .compound_filter import CompoundFilter
from .compound_filter_type import CompoundFilterType
from .contains_grader import ContainsGrader
from .content_delete_response import ContentDeleteResponse
from .content_part import ContentPart
from .convex_fusion import ConvexFusion
from .counted_line import CountedLine
from .dataset import Dataset
from .dataset_create import DatasetCreate
from .dataset_create_kinds_item import DatasetCreateKindsItem
from .dataset_create_metadata_type_0 import DatasetCreateMetadataType0
from .dataset_create_source import DatasetCreateSource
from .dataset_event import DatasetEvent
from .dataset_event_data_type_0 import DatasetEventDataType0
from .dataset_event_level import DatasetEventLevel
from .dataset_event_page import DatasetEventPage
from .dataset_event_type import DatasetEventType
from .dataset_kinds_type_0_item import DatasetKindsType0Item
from .dataset_metadata_type_0 import DatasetMetadataType0
from .dataset_page import DatasetPage
from .dataset_result import DatasetResult
from .dataset_result_conversations import DatasetResultConversations
from .dataset_result_difficulties import DatasetResultDifficulties
from .dataset_result_documents import DatasetResultDocuments
from .dataset_result_examples import DatasetResultExamples
from .dataset_result_filtered import DatasetResultFiltered
from .dataset_result_kinds import DatasetResultKinds
from .dataset_source import DatasetSource
from .dataset_status import DatasetStatus
from .delete_response import DeleteResponse
from .deleted_chunks import DeletedChunks
from .device_estimate import DeviceEstimate
from .device_estimate_device import DeviceEstimateDevice
from .device_estimate_dtype import DeviceEstimateDtype
from .difference import Difference
from .distribution_fusion import DistributionFusion
from .dpo_hyperparameters import DpoHyperparameters
from .dpo_hyperparameters_batch_size_type_0 import DpoHyperparametersBatchSizeType0
from .dpo_hyperparameters_beta_type_0 import DpoHyperparametersBetaType0
from .dpo_hyperparameters_learning_rate_multiplier_type_0 import (
    DpoHyperparametersLearningRateMultiplierType0,
)
from .dpo_hyperparameters_lr_scheduler_type import DpoHyperparametersLrSchedulerType
from .dpo_hyperparameters_max_length_type_0 import DpoHyperparametersMaxLengthType0
from .dpo_hyperparameters_n_epochs_type_0 import DpoHyperparametersNEpochsType0
from .dpo_hyperparameters_warmup_steps_type_0 import DpoHyperparametersWarmupStepsType0
from .dpo_method import DpoMethod
from .embedding import Embedding
from .embedding_list import EmbeddingList
from .embedding_setup import EmbeddingSetup
from .embeddings_request import EmbeddingsRequest
from .embeddings_request_encoding_format import EmbeddingsRequestEncodingFormat
from .embeddings_request_input_type_type_0 import EmbeddingsRequestInputTypeType0
from .embeddings_usage import EmbeddingsUsage
from .error_detail import ErrorDetail
from .error_response import ErrorResponse
from .estimated_method import EstimatedMethod
from .exact_match_grader import ExactMatchGrader
from .example_lengths import ExampleLengths
from .example_tokens import ExampleTokens
from .expires_after import ExpiresAfter
from .explanation import Explanation
from .explanation_reason import ExplanationReason
from .f1_grader import F1Grader
from .failures import Failures
from .file_batch import FileBatch
from .file_batch_create import FileBatchCreate
from .file_batch_create_attributes_type_0 import FileBatchCreateAttributesType0
from .file_batch_create_on_duplicate import FileBatchCreateOnDuplicate
from .file_batch_status import FileBatchStatus
from .file_content import FileContent
from .file_content_page import FileContentPage
from .file_counts import FileCounts
from .file_expires_after import FileExpiresAfter
from .file_object import FileObject
from .file_object_page import FileObjectPage
from .file_object_status import FileObjectStatus
from .file_problem import FileProblem
from .file_search_tool import FileSearchTool
from .file_search_tool_attribution import FileSearchToolAttribution
from .file_search_tool_on_empty import FileSearchToolOnEmpty
from .file_search_tool_order import FileSearchToolOrder
from .file_search_tool_query import FileSearchToolQuery
from .file_search_tool_search_mode import FileSearchToolSearchMode
from .file_upload import FileUpload
from .file_upload_purpose import FileUploadPurpose
from .file_validation import FileValidation
from .file_validation_format_type_0 import FileValidationFormatType0
from .file_validation_messages import FileValidationMessages
from .file_warning import FileWarning
from .file_warning_code import FileWarningCode
from .fine_tuning_estimate import FineTuningEstimate
from .fine_tuning_estimate_create import FineTuningEstimateCreate
from .fine_tuning_job import FineTuningJob
from .fine_tuning_job_checkpoint import FineTuningJobCheckpoint
from .fine_tuning_job_checkpoint_page import FineTuningJobCheckpointPage
from .fine_tuning_job_create import FineTuningJobCreate
from .fine_tuning_job_create_integrations_type_0_item import (
    FineTuningJobCreateIntegrationsType0Item,
)
from .fine_tuning_job_create_metadata_type_0 import FineTuningJobCreateMetadataType0
from .fine_tuning_job_event import FineTuningJobEvent
from .fine_tuning_job_event_data import FineTuningJobEventData
from .fine_tuning_job_event_level import FineTuningJobEventLevel
from .fine_tuning_job_event_page import FineTuningJobEventPage
from .fine_tuning_job_event_type import FineTuningJobEventType
from .fine_tuning_job_metadata_type_0 import FineTuningJobMetadataType0
from .fine_tuning_job_metrics_type_0 import FineTuningJobMetricsType0
from .fine_tuning_job_page import FineTuningJobPage
from .fine_tuning_job_retry import FineTuningJobRetry
from .fine_tuning_job_retry_metadata_type_0 import FineTuningJobRetryMetadataType0
from .fine_tuning_job_status import FineTuningJobStatus
from .fine_tuning_job_usage_metrics_type_0 import FineTuningJobUsageMetricsType0
from .fine_tuning_validation import FineTuningValidation
from .fine_tuning_validation_create import FineTuningValidationCreate
from .function_choice import FunctionChoice
from .function_tool import FunctionTool
from .function_tool_parameters_type_0 import FunctionToolParametersType0
from .fusion_weights import FusionWeights
from .general_text_effect import GeneralTextEffect
from .general_text_effect_drift import GeneralTextEffectDrift
from .generator import Generator
from .grader_errors import GraderErrors
from .grader_message import GraderMessage
from .grader_message_role import GraderMessageRole
from .grader_message_type_type_0 import GraderMessageTypeType0
from .grader_run import GraderRun
from .grader_run_item import GraderRunItem
from .grader_run_metadata import GraderRunMetadata
from .grader_run_metadata_scores import GraderRunMetadataScores
from .grader_run_response import GraderRunResponse
from .grader_run_response_model_grader_token_usage_per_model import (
    GraderRunResponseModelGraderTokenUsagePerModel,
)
from .grader_run_response_sub_rewards import GraderRunResponseSubRewards
from .grader_validate import GraderValidate
from .grader_validate_response import GraderValidateResponse
from .grounding_summary import GroundingSummary
from .hybrid_search import HybridSearch
from .hyperparameters import Hyperparameters
from .hyperparameters_batch_size_type_0 import HyperparametersBatchSizeType0
from .hyperparameters_learning_rate_multiplier_type_0 import (
    HyperparametersLearningRateMultiplierType0,
)
from .hyperparameters_lr_scheduler_type import HyperparametersLrSchedulerType
from .hyperparameters_max_length_type_0 import HyperparametersMaxLengthType0
from .hyperparameters_n_epochs_type_0 import HyperparametersNEpochsType0
from .hyperparameters_warmup_steps_type_0 import HyperparametersWarmupStepsType0
from .image_part import ImagePart
from .input_token_count import InputTokenCount
from .input_token_count_input_type_1_item import InputTokenCountInputType1Item
from .input_token_count_tool_choice_type_0 import InputTokenCountToolChoiceType0
from .input_token_count_truncation import InputTokenCountTruncation
from .input_tokens import InputTokens
from .input_tokens_details import InputTokensDetails
from .item_page import ItemPage
from .item_page_data_item import ItemPageDataItem
from .job_error import JobError
from .json_schema_grader import JsonSchemaGrader
from .json_schema_grader_schema import JsonSchemaGraderSchema
from .judge_figures import JudgeFigures
from .label_model_grader import LabelModelGrader
from .last_error import LastError
from .last_error_code import LastErrorCode
from .leaked_question import LeakedQuestion
from .length_bucket import LengthBucket
from .list_batch_files_filter import ListBatchFilesFilter
from .list_batch_files_order import ListBatchFilesOrder
from .list_checkpoint_permissions_order import ListCheckpointPermissionsOrder
from .list_comparison_events_order import ListComparisonEventsOrder
from .list_comparisons_order import ListComparisonsOrder
from .list_dataset_events_order import ListDatasetEventsOrder
from .list_datasets_order import ListDatasetsOrder
from .list_files_order import ListFilesOrder
from .list_files_purpose_type_0 import ListFilesPurposeType0
from .list_files_purpose_type_1 import ListFilesPurposeType1
from .list_fine_tuning_checkpoints_order import ListFineTuningCheckpointsOrder
from .list_fine_tuning_events_order import ListFineTuningEventsOrder
from .list_fine_tuning_jobs_metadata import ListFineTuningJobsMetadata
from .list_fine_tuning_jobs_order import ListFineTuningJobsOrder
from .list_input_items_include_item_type_0 import ListInputItemsIncludeItemType0
from .list_input_items_include_item_type_1 import ListInputItemsIncludeItemType1
from .list_input_items_order import ListInputItemsOrder
from .list_reembeddings_order import ListReembeddingsOrder
from .list_store_files_filter import ListStoreFilesFilter
from .list_store_files_order import ListStoreFilesOrder
from .list_vector_stores_order import ListVectorStoresOrder
from .list_webhook_endpoints_order import ListWebhookEndpointsOrder
from .live import Live
from .lora_options import LoraOptions
from .lora_options_target_modules_type_0 import LoraOptionsTargetModulesType0
from .markdown_strategy import MarkdownStrategy
from .memory_parts import MemoryParts
from .method import Method
from .method_choice import MethodChoice
from .method_choice_dpo_type_0 import MethodChoiceDpoType0
from .method_choice_supervised_type_0 import MethodChoiceSupervisedType0
from .method_choice_type import MethodChoiceType
from .method_type import MethodType
from .methods_fit import MethodsFit
from .methods_fit_full import MethodsFitFull
from .methods_fit_lora import MethodsFitLora
from .methods_fit_qlora import MethodsFitQlora
from .methods_memory import MethodsMemory
from .methods_memory_device import MethodsMemoryDevice
from .methods_memory_dtype import MethodsMemoryDtype
from .model import Model
from .model_export_create import ModelExportCreate
from .model_export_create_dtype import ModelExportCreateDtype
from .model_import import ModelImport
from .model_list import ModelList
from .model_status_type_0 import ModelStatusType0
from .more_questions import MoreQuestions
from .multi_grader import MultiGrader
from .multi_grader_graders import MultiGraderGraders
from .numeric_grader import NumericGrader
from .numeric_grader_select import NumericGraderSelect
from .other_strategy import OtherStrategy
from .output_tokens_details import OutputTokensDetails
from .overtake import Overtake
from .parent_child_chunking import ParentChildChunking
from .parent_child_chunking_invalid_lines import ParentChildChunkingInvalidLines
from .parent_child_strategy import ParentChildStrategy
from .previewed_chunk import PreviewedChunk
from .prices import Prices
from .probe import Probe
from .probe_status import ProbeStatus
from .python_grader import PythonGrader
from .raft import Raft
from .ranking_options import RankingOptions
from .ready import Ready
from .ready_engines_type_0 import ReadyEnginesType0
from .ready_engines_type_0_additional_property import (
    ReadyEnginesType0AdditionalProperty,
)
from .ready_missing import ReadyMissing
from .ready_status import ReadyStatus
from .reciprocal_rank_fusion import ReciprocalRankFusion
from .recursive_strategy import RecursiveStrategy
from .reembed_request import ReembedRequest
from .reembedding import Reembedding
from .reembedding_error import ReembeddingError
from .reembedding_page import ReembeddingPage
from .reembedding_status import ReembeddingStatus
from .rerank import Rerank
from .rerank_document import RerankDocument
from .rerank_request import RerankRequest
from .rerank_response import RerankResponse
from .rerank_result import RerankResult
from .rerank_usage import RerankUsage
from .response_create import ResponseCreate
from .response_create_include_item import ResponseCreateIncludeItem
from .response_create_input_type_1_item import ResponseCreateInputType1Item
from .response_create_metadata import ResponseCreateMetadata
from .response_create_service_tier import ResponseCreateServiceTier
from .response_create_tool_choice_type_0 import ResponseCreateToolChoiceType0
from .response_create_truncation import ResponseCreateTruncation
from .response_error import ResponseError
from .response_event import ResponseEvent
from .response_object import ResponseObject
from .response_object_incomplete_details_type_0 import (
    ResponseObjectIncompleteDetailsType0,
)
from .response_object_metadata import ResponseObjectMetadata
from .response_object_output_item import ResponseObjectOutputItem
from .response_object_status import ResponseObjectStatus
from .response_object_tool_choice_type_0 import ResponseObjectToolChoiceType0
from .response_object_truncation import ResponseObjectTruncation
from .retrieval_options import RetrievalOptions
from .retrieval_options_attribution import RetrievalOptionsAttribution
from .retrieval_options_on_empty import RetrievalOptionsOnEmpty
from .retrieval_options_order import RetrievalOptionsOrder
from .retrieval_options_query import RetrievalOptionsQuery
from .retrieval_options_search_mode import RetrievalOptionsSearchMode
from .retrieval_scores import RetrievalScores
from .retrieve_response_include_item import RetrieveResponseIncludeItem
from .sampling import Sampling
from .sampling_params import SamplingParams
from .sampling_params_reasoning_effort_type_0 import SamplingParamsReasoningEffortType0
from .score_component import ScoreComponent
from .score_model_grader import ScoreModelGrader
from .scores import Scores
from .search_choice import SearchChoice
from .search_hit import SearchHit
from .search_hit_attributes_type_0 import SearchHitAttributesType0
from .search_request import SearchRequest
from .search_request_search_mode import SearchRequestSearchMode
from .search_results import SearchResults
from .seed_score import SeedScore
from .seed_score_scores import SeedScoreScores
from .semantic_chunking import SemanticChunking
from .semantic_chunking_invalid_lines import SemanticChunkingInvalidLines
from .semantic_strategy import SemanticStrategy
from .sentence import Sentence
from .sentence_strategy import SentenceStrategy
from .span import Span
from .split import Split
from .static_chunking import StaticChunking
from .static_chunking_invalid_lines import StaticChunkingInvalidLines
from .static_strategy import StaticStrategy
from .stored_responses import StoredResponses
from .stored_responses_instructions import StoredResponsesInstructions
from .stored_responses_metadata import StoredResponsesMetadata
from .stored_responses_passages import StoredResponsesPassages
from .stored_responses_tools import StoredResponsesTools
from .stream_options import StreamOptions
from .stream_usage import StreamUsage
from .string_check_grader import StringCheckGrader
from .string_check_grader_operation import StringCheckGraderOperation
from .supervised_method import SupervisedMethod
from .tag_score import TagScore
from .text_config import TextConfig
from .text_config_output import TextConfigOutput
from .text_content import TextContent
from .text_format import TextFormat
from .text_format_output import TextFormatOutput
from .text_format_schema_type_0 import TextFormatSchemaType0
from .text_format_type import TextFormatType
from .text_part import TextPart
from .text_part_prompt_cache_breakpoint_type_0 import TextPartPromptCacheBreakpointType0
from .text_part_type import TextPartType
from .text_similarity_grader import TextSimilarityGrader
from .text_similarity_grader_evaluation_metric import (
    TextSimilarityGraderEvaluationMetric,
)
from .token_advice import TokenAdvice
from .token_estimate import TokenEstimate
from .token_percentiles import TokenPercentiles
from .token_usage import TokenUsage
from .tool_call import ToolCall
from .tool_call_type_type_0 import ToolCallTypeType0
from .trace import Trace
from .trace_hit import TraceHit
from .trace_hit_reason_type_0 import TraceHitReasonType0
from .trace_timings_ms import TraceTimingsMs
from .trainable_here import TrainableHere
from .trained_parameters import TrainedParameters
from .training_effect import TrainingEffect
from .usage import Usage
from .validation_effect import ValidationEffect
from .validation_event import ValidationEvent
from .validation_event_error_type_0 import ValidationEventErrorType0
from .validation_event_type import ValidationEventType
from .validation_progress import ValidationProgress
from .validation_progress_file import ValidationProgressFile
from .vector_store import VectorStore
from .vector_store_create import VectorStoreCreate
from .vector_store_create_metadata_type_0 import VectorStoreCreateMetadataType0
from .vector_store_create_on_duplicate import VectorStoreCreateOnDuplicate
from .vector_store_file import VectorStoreFile
from .vector_store_file_attributes_type_0 import VectorStoreFileAttributesType0
from .vector_store_file_create import VectorStoreFileCreate
from .vector_store_file_create_attributes_type_0 import (
    VectorStoreFileCreateAttributesType0,
)
from .vector_store_file_create_on_duplicate import VectorStoreFileCreateOnDuplicate
from .vector_store_file_page import VectorStoreFilePage
from .vector_store_file_stage import VectorStoreFileStage
from .vector_store_file_status import VectorStoreFileStatus
from .vector_store_file_update import VectorStoreFileUpdate
from .vector_store_file_update_attributes_type_0 import (
    VectorStoreFileUpdateAttributesType0,
)
from .vector_store_metadata_type_0 import VectorStoreMetadataType0
from .vector_store_page import VectorStorePage
from .vector_store_status import VectorStoreStatus
from .vector_store_update import VectorStoreUpdate
from .vector_store_update_metadata_type_0 import VectorStoreUpdateMetadataType0
from .verdict import Verdict
from .verdict_outcome import VerdictOutcome
from .webhook_endpoint import WebhookEndpoint
from .webhook_endpoint_create import WebhookEndpointCreate
from .webhook_endpoint_create_event_types_item import (
    WebhookEndpointCreateEventTypesItem,
)
from .webhook_endpoint_page import WebhookEndpointPage
from .webhook_endpoint_update import WebhookEndpointUpdate
from .webhook_endpoint_update_event_types_type_0_item import (
    WebhookEndpointUpdateEventTypesType0Item,
)
from .webhook_endpoint_with_secret import WebhookEndpointWithSecret
from .webhook_event_type_list import WebhookEventTypeList
from .webhook_event_type_list_data_item import WebhookEventTypeListDataItem
from .webhook_secret_rotate import WebhookSecretRotate
from .webhook_test import WebhookTest
from .webhook_test_event_type import WebhookTestEventType
from .webhook_test_result import WebhookTestResult

__all__ = (
    "AbstentionGrader",
    "AbstentionScores",
    "AllowedTool",
    "AllowedTools",
    "AllowedToolsMode",
    "AllowedToolType",
    "AnswerMessage",
    "AnswerSpan",
    "AnswerSpanSource",
    "Arm",
    "ArmRetrieval",
    "ArmRetrievalSearchMode",
    "ArmSummary",
    "ArmSummaryIntervals",
    "ArmSummaryScores",
    "AudioData",
    "AudioDataFormat",
    "AudioPart",
    "AutoStrategy",
    "CalledFunction",
    "Change",
    "ChatChoice",
    "ChatChunkChoice",
    "ChatCompletion",
    "ChatCompletionChunk",
    "ChatCompletionCreate",
    "ChatCompletionCreateResponseFormatType0",
    "ChatCompletionCreateToolChoiceType1",
    "ChatCompletionCreateToolsType0Item",
    "ChatMessage",
    "ChatMessageRole",
    "CheckpointMetrics",
    "CheckpointPermission",
    "CheckpointPermissionCreate",
    "CheckpointPermissionPage",
    "ChunkLocation",
    "ChunkPreview",
    "ChunkPreviewRequest",
    "ChunkSizes",
    "ChunkSizesInvalidLines",
    "Citation",
    "Comparison",
    "ComparisonCreate",
    "ComparisonCreateArmsType0ItemType0",
    "ComparisonCreateLeakedQuestions",
    "ComparisonCreateMetadataType0",
    "ComparisonEvent",
    "ComparisonEventDataType0",
    "ComparisonEventLevel",
    "ComparisonEventPage",
    "ComparisonEventType",
    "ComparisonFilter",
    "ComparisonFilterType",
    "ComparisonMetadataType0",
    "ComparisonPage",
    "ComparisonResult",
    "ComparisonRetrieval",
    "ComparisonRetrievalSearchMode",
    "ComparisonStatus",
    "Completion",
    "CompletionChoice",
    "CompletionCreate",
    "CompoundFilter",
    "CompoundFilterType",
    "ContainsGrader",
    "ContentDeleteResponse",
    "ContentPart",
    "ConvexFusion",
    "CountedLine",
    "Dataset",
    "DatasetCreate",
    "DatasetCreateKindsItem",
    "DatasetCreateMetadataType0",
    "DatasetCreateSource",
    "DatasetEvent",
    "DatasetEventDataType0",
    "DatasetEventLevel",
    "DatasetEventPage",
    "DatasetEventType",
    "DatasetKindsType0Item",
    "DatasetMetadataType0",
    "DatasetPage",
    "DatasetResult",
    "DatasetResultConversations",
    "DatasetResultDifficulties",
    "DatasetResultDocuments",
    "DatasetResultExamples",
    "DatasetResultFiltered",
    "DatasetResultKinds",
    "DatasetSource",
    "DatasetStatus",
    "DeletedChunks",
    "DeleteResponse",
    "DeviceEstimate",
    "DeviceEstimateDevice",
    "DeviceEstimateDtype",
    "Difference",
    "DistributionFusion",
    "DpoHyperparameters",
    "DpoHyperparametersBatchSizeType0",
    "DpoHyperparametersBetaType0",
    "DpoHyperparametersLearningRateMultiplierType0",
    "DpoHyperparametersLrSchedulerType",
    "DpoHyperparametersMaxLengthType0",
    "DpoHyperparametersNEpochsType0",
    "DpoHyperparametersWarmupStepsType0",
    "DpoMethod",
    "Embedding",
    "EmbeddingList",
    "EmbeddingSetup",
    "EmbeddingsRequest",
    "EmbeddingsRequestEncodingFormat",
    "EmbeddingsRequestInputTypeType0",
    "EmbeddingsUsage",
    "ErrorDetail",
    "ErrorResponse",
    "EstimatedMethod",
    "ExactMatchGrader",
    "ExampleLengths",
    "ExampleTokens",
    "ExpiresAfter",
    "Explanation",
    "ExplanationReason",
    "F1Grader",
    "Failures",
    "FileBatch",
    "FileBatchCreate",
    "FileBatchCreateAttributesType0",
    "FileBatchCreateOnDuplicate",
    "FileBatchStatus",
    "FileContent",
    "FileContentPage",
    "FileCounts",
    "FileExpiresAfter",
    "FileObject",
    "FileObjectPage",
    "FileObjectStatus",
    "FileProblem",
    "FileSearchTool",
    "FileSearchToolAttribution",
    "FileSearchToolOnEmpty",
    "FileSearchToolOrder",
    "FileSearchToolQuery",
    "FileSearchToolSearchMode",
    "FileUpload",
    "FileUploadPurpose",
    "FileValidation",
    "FileValidationFormatType0",
    "FileValidationMessages",
    "FileWarning",
    "FileWarningCode",
    "FineTuningEstimate",
    "FineTuningEstimateCreate",
    "FineTuningJob",
    "FineTuningJobCheckpoint",
    "FineTuningJobCheckpointPage",
    "FineTuningJobCreate",
    "FineTuningJobCreateIntegrationsType0Item",
    "FineTuningJobCreateMetadataType0",
    "FineTuningJobEvent",
    "FineTuningJobEventData",
    "FineTuningJobEventLevel",
    "FineTuningJobEventPage",
    "FineTuningJobEventType",
    "FineTuningJobMetadataType0",
    "FineTuningJobMetricsType0",
    "FineTuningJobPage",
    "FineTuningJobRetry",
    "FineTuningJobRetryMetadataType0",
    "FineTuningJobStatus",
    "FineTuningJobUsageMetricsType0",
    "FineTuningValidation",
    "FineTuningValidationCreate",
    "FunctionChoice",
    "FunctionTool",
    "FunctionToolParametersType0",
    "FusionWeights",
    "GeneralTextEffect",
    "GeneralTextEffectDrift",
    "Generator",
    "GraderErrors",
    "GraderMessage",
    "GraderMessageRole",
    "GraderMessageTypeType0",
    "GraderRun",
    "GraderRunItem",
    "GraderRunMetadata",
    "GraderRunMetadataScores",
    "GraderRunResponse",
    "GraderRunResponseModelGraderTokenUsagePerModel",
    "GraderRunResponseSubRewards",
    "GraderValidate",
    "GraderValidateResponse",
    "GroundingSummary",
    "HybridSearch",
    "Hyperparameters",
    "HyperparametersBatchSizeType0",
    "HyperparametersLearningRateMultiplierType0",
    "HyperparametersLrSchedulerType",
    "HyperparametersMaxLengthType0",
    "HyperparametersNEpochsType0",
    "HyperparametersWarmupStepsType0",
    "ImagePart",
    "InputTokenCount",
    "InputTokenCountInputType1Item",
    "InputTokenCountToolChoiceType0",
    "InputTokenCountTruncation",
    "InputTokens",
    "InputTokensDetails",
    "ItemPage",
    "ItemPageDataItem",
    "JobError",
    "JsonSchemaGrader",
    "JsonSchemaGraderSchema",
    "JudgeFigures",
    "LabelModelGrader",
    "LastError",
    "LastErrorCode",
    "LeakedQuestion",
    "LengthBucket",
    "ListBatchFilesFilter",
    "ListBatchFilesOrder",
    "ListCheckpointPermissionsOrder",
    "ListComparisonEventsOrder",
    "ListComparisonsOrder",
    "ListDatasetEventsOrder",
    "ListDatasetsOrder",
    "ListFilesOrder",
    "ListFilesPurposeType0",
    "ListFilesPurposeType1",
    "ListFineTuningCheckpointsOrder",
    "ListFineTuningEventsOrder",
    "ListFineTuningJobsMetadata",
    "ListFineTuningJobsOrder",
    "ListInputItemsIncludeItemType0",
    "ListInputItemsIncludeItemType1",
    "ListInputItemsOrder",
    "ListReembeddingsOrder",
    "ListStoreFilesFilter",
    "ListStoreFilesOrder",
    "ListVectorStoresOrder",
    "ListWebhookEndpointsOrder",
    "Live",
    "LoraOptions",
    "LoraOptionsTargetModulesType0",
    "MarkdownStrategy",
    "MemoryParts",
    "Method",
    "MethodChoice",
    "MethodChoiceDpoType0",
    "MethodChoiceSupervisedType0",
    "MethodChoiceType",
    "MethodsFit",
    "MethodsFitFull",
    "MethodsFitLora",
    "MethodsFitQlora",
    "MethodsMemory",
    "MethodsMemoryDevice",
    "MethodsMemoryDtype",
    "MethodType",
    "Model",
    "ModelExportCreate",
    "ModelExportCreateDtype",
    "ModelImport",
    "ModelList",
    "ModelStatusType0",
    "MoreQuestions",
    "MultiGrader",
    "MultiGraderGraders",
    "NumericGrader",
    "NumericGraderSelect",
    "OtherStrategy",
    "OutputTokensDetails",
    "Overtake",
    "ParentChildChunking",
    "ParentChildChunkingInvalidLines",
    "ParentChildStrategy",
    "PreviewedChunk",
    "Prices",
    "Probe",
    "ProbeStatus",
    "PythonGrader",
    "Raft",
    "RankingOptions",
    "Ready",
    "ReadyEnginesType0",
    "ReadyEnginesType0AdditionalProperty",
    "ReadyMissing",
    "ReadyStatus",
    "ReciprocalRankFusion",
    "RecursiveStrategy",
    "Reembedding",
    "ReembeddingError",
    "ReembeddingPage",
    "ReembeddingStatus",
    "ReembedRequest",
    "Rerank",
    "RerankDocument",
    "RerankRequest",
    "RerankResponse",
    "RerankResult",
    "RerankUsage",
    "ResponseCreate",
    "ResponseCreateIncludeItem",
    "ResponseCreateInputType1Item",
    "ResponseCreateMetadata",
    "ResponseCreateServiceTier",
    "ResponseCreateToolChoiceType0",
    "ResponseCreateTruncation",
    "ResponseError",
    "ResponseEvent",
    "ResponseObject",
    "ResponseObjectIncompleteDetailsType0",
    "ResponseObjectMetadata",
    "ResponseObjectOutputItem",
    "ResponseObjectStatus",
    "ResponseObjectToolChoiceType0",
    "ResponseObjectTruncation",
    "RetrievalOptions",
    "RetrievalOptionsAttribution",
    "RetrievalOptionsOnEmpty",
    "RetrievalOptionsOrder",
    "RetrievalOptionsQuery",
    "RetrievalOptionsSearchMode",
    "RetrievalScores",
    "RetrieveResponseIncludeItem",
    "Sampling",
    "SamplingParams",
    "SamplingParamsReasoningEffortType0",
    "ScoreComponent",
    "ScoreModelGrader",
    "Scores",
    "SearchChoice",
    "SearchHit",
    "SearchHitAttributesType0",
    "SearchRequest",
    "SearchRequestSearchMode",
    "SearchResults",
    "SeedScore",
    "SeedScoreScores",
    "SemanticChunking",
    "SemanticChunkingInvalidLines",
    "SemanticStrategy",
    "Sentence",
    "SentenceStrategy",
    "Span",
    "Split",
    "StaticChunking",
    "StaticChunkingInvalidLines",
    "StaticStrategy",
    "StoredResponses",
    "StoredResponsesInstructions",
    "StoredResponsesMetadata",
    "StoredResponsesPassages",
    "StoredResponsesTools",
    "StreamOptions",
    "StreamUsage",
    "StringCheckGrader",
    "StringCheckGraderOperation",
    "SupervisedMethod",
    "TagScore",
    "TextConfig",
    "TextConfigOutput",
    "TextContent",
    "TextFormat",
    "TextFormatOutput",
    "TextFormatSchemaType0",
    "TextFormatType",
    "TextPart",
    "TextPartPromptCacheBreakpointType0",
    "TextPartType",
    "TextSimilarityGrader",
    "TextSimilarityGraderEvaluationMetric",
    "TokenAdvice",
    "TokenEstimate",
    "TokenPercentiles",
    "TokenUsage",
    "ToolCall",
    "ToolCallTypeType0",
    "Trace",
    "TraceHit",
    "TraceHitReasonType0",
    "TraceTimingsMs",
    "TrainableHere",
    "TrainedParameters",
    "TrainingEffect",
    "Usage",
    "ValidationEffect",
    "ValidationEvent",
    "ValidationEventErrorType0",
    "ValidationEventType",
    "ValidationProgress",
    "ValidationProgressFile",
    "VectorStore",
    "VectorStoreCreate",
    "VectorStoreCreateMetadataType0",
    "VectorStoreCreateOnDuplicate",
    "VectorStoreFile",
    "VectorStoreFileAttributesType0",
    "VectorStoreFileCreate",
    "VectorStoreFileCreateAttributesType0",
    "VectorStoreFileCreateOnDuplicate",
    "VectorStoreFilePage",
    "VectorStoreFileStage",
    "VectorStoreFileStatus",
    "VectorStoreFileUpdate",
    "VectorStoreFileUpdateAttributesType0",
    "VectorStoreMetadataType0",
    "VectorStorePage",
    "VectorStoreStatus",
    "VectorStoreUpdate",
    "VectorStoreUpdateMetadataType0",
    "Verdict",
    "VerdictOutcome",
    "WebhookEndpoint",
    "WebhookEndpointCreate",
    "WebhookEndpointCreateEventTypesItem",
    "WebhookEndpointPage",
    "WebhookEndpointUpdate",
    "WebhookEndpointUpdateEventTypesType0Item",
    "WebhookEndpointWithSecret",
    "WebhookEventTypeList",
    "WebhookEventTypeListDataItem",
    "WebhookSecretRotate",
    "WebhookTest",
    "WebhookTestEventType",
    "WebhookTestResult",
)
