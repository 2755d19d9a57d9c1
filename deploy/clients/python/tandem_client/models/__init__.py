"""Contains all the data models used in inputs/outputs"""

from .abstention_grader import AbstentionGrader
from .abstention_scores import AbstentionScores
from .allowed_tool import AllowedTool
from .allowed_tool_type import AllowedToolType
from .allowed_tools import AllowedTools
from .allowed_tools_mode import AllowedToolsMode
from .answer_message import AnswerMessage
from .answer_schema import AnswerSchema
from .answer_schema_schema import AnswerSchemaSchema
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
from .chat_completion_create_metadata_type_0 import ChatCompletionCreateMetadataType0
from .chat_completion_create_tool_choice_type_0 import (
    ChatCompletionCreateToolChoiceType0,
)
from .chat_function import ChatFunction
from .chat_function_choice import ChatFunctionChoice
from .chat_function_name import ChatFunctionName
from .chat_function_parameters_type_0 import ChatFunctionParametersType0
from .chat_message import ChatMessage
from .chat_message_role import ChatMessageRole
from .chat_tool import ChatTool
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
from .compared_run import ComparedRun
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
from .completions_run import CompletionsRun
from .completions_run_retrieval_type_0 import CompletionsRunRetrievalType0
from .completions_sampling import CompletionsSampling
from .completions_sampling_reasoning_effort_type_0 import (
    CompletionsSamplingReasoningEffortType0,
)
from .completions_sampling_response_format_type_0 import (
    CompletionsSamplingResponseFormatType0,
)
from .completions_sampling_tools_type_0_item import CompletionsSamplingToolsType0Item
from .compound_filter import CompoundFilter
from .compound_filter_type import CompoundFilterType
from .contains_grader import ContainsGrader
from .content_delete_response import ContentDeleteResponse
from .content_part import ContentPart
from .convex_fusion import ConvexFusion
from .counted_line import CountedLine
from .criterion_result import CriterionResult
from .custom_config import CustomConfig
from .custom_config_item_schema import CustomConfigItemSchema
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
from .device_estimate_measured_by_type_0 import DeviceEstimateMeasuredByType0
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
from .engine_part import EnginePart
from .engine_part_type import EnginePartType
from .error_detail import ErrorDetail
from .error_response import ErrorResponse
from .eval_ import Eval
from .eval_create import EvalCreate
from .eval_create_metadata_type_0 import EvalCreateMetadataType0
from .eval_data_source_config import EvalDataSourceConfig
from .eval_delete_response import EvalDeleteResponse
from .eval_import import EvalImport
from .eval_import_models import EvalImportModels
from .eval_import_result import EvalImportResult
from .eval_message import EvalMessage
from .eval_message_role import EvalMessageRole
from .eval_message_type_type_0 import EvalMessageTypeType0
from .eval_metadata_type_0 import EvalMetadataType0
from .eval_page import EvalPage
from .eval_questions import EvalQuestions
from .eval_testing_criteria_item import EvalTestingCriteriaItem
from .eval_update import EvalUpdate
from .eval_update_metadata_type_0 import EvalUpdateMetadataType0
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
from .file_content_source import FileContentSource
from .file_counts import FileCounts
from .file_expires_after import FileExpiresAfter
from .file_id import FileId
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
from .fine_tuning_job_create_device import FineTuningJobCreateDevice
from .fine_tuning_job_create_metadata_type_0 import FineTuningJobCreateMetadataType0
from .fine_tuning_job_create_priority import FineTuningJobCreatePriority
from .fine_tuning_job_device import FineTuningJobDevice
from .fine_tuning_job_event import FineTuningJobEvent
from .fine_tuning_job_event_data import FineTuningJobEventData
from .fine_tuning_job_event_level import FineTuningJobEventLevel
from .fine_tuning_job_event_page import FineTuningJobEventPage
from .fine_tuning_job_event_type import FineTuningJobEventType
from .fine_tuning_job_metadata_type_0 import FineTuningJobMetadataType0
from .fine_tuning_job_metrics_type_0 import FineTuningJobMetricsType0
from .fine_tuning_job_page import FineTuningJobPage
from .fine_tuning_job_priority import FineTuningJobPriority
from .fine_tuning_job_retry import FineTuningJobRetry
from .fine_tuning_job_retry_device_type_0 import FineTuningJobRetryDeviceType0
from .fine_tuning_job_retry_metadata_type_0 import FineTuningJobRetryMetadataType0
from .fine_tuning_job_retry_priority_type_0 import FineTuningJobRetryPriorityType0
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
from .imported_criterion_result import ImportedCriterionResult
from .imported_error import ImportedError
from .imported_eval import ImportedEval
from .imported_eval_data_source_config import ImportedEvalDataSourceConfig
from .imported_eval_metadata_type_0 import ImportedEvalMetadataType0
from .imported_eval_testing_criteria_item import ImportedEvalTestingCriteriaItem
from .imported_item import ImportedItem
from .imported_item_datasource_item import ImportedItemDatasourceItem
from .imported_item_results_item import ImportedItemResultsItem
from .imported_item_sample_type_0 import ImportedItemSampleType0
from .imported_item_status import ImportedItemStatus
from .imported_run import ImportedRun
from .imported_run_data_source import ImportedRunDataSource
from .imported_run_metadata_type_0 import ImportedRunMetadataType0
from .imported_run_status import ImportedRunStatus
from .imported_usage import ImportedUsage
from .input_token_count import InputTokenCount
from .input_token_count_input_type_1_item import InputTokenCountInputType1Item
from .input_token_count_tool_choice_type_0 import InputTokenCountToolChoiceType0
from .input_token_count_truncation import InputTokenCountTruncation
from .input_tokens import InputTokens
from .input_tokens_details import InputTokensDetails
from .item_page import ItemPage
from .item_page_data_item import ItemPageDataItem
from .item_reference import ItemReference
from .item_result import ItemResult
from .item_result_sample_type_0 import ItemResultSampleType0
from .item_sample import ItemSample
from .item_sample_retrieved_type_0_item import ItemSampleRetrievedType0Item
from .job_error import JobError
from .json_schema_grader import JsonSchemaGrader
from .json_schema_grader_schema import JsonSchemaGraderSchema
from .jsonl_run import JsonlRun
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
from .list_eval_output_items_order import ListEvalOutputItemsOrder
from .list_eval_output_items_status import ListEvalOutputItemsStatus
from .list_eval_runs_order import ListEvalRunsOrder
from .list_eval_runs_status import ListEvalRunsStatus
from .list_evals_order import ListEvalsOrder
from .list_evals_order_by import ListEvalsOrderBy
from .list_files_order import ListFilesOrder
from .list_files_purpose_type_0 import ListFilesPurposeType0
from .list_files_purpose_type_1 import ListFilesPurposeType1
from .list_fine_tuning_checkpoints_order import ListFineTuningCheckpointsOrder
from .list_fine_tuning_events_order import ListFineTuningEventsOrder
from .list_fine_tuning_jobs_metadata import ListFineTuningJobsMetadata
from .list_fine_tuning_jobs_order import ListFineTuningJobsOrder
from .list_input_items_include_item import ListInputItemsIncludeItem
from .list_input_items_order import ListInputItemsOrder
from .list_reembeddings_order import ListReembeddingsOrder
from .list_store_files_filter import ListStoreFilesFilter
from .list_store_files_order import ListStoreFilesOrder
from .list_stored_completions_metadata import ListStoredCompletionsMetadata
from .list_stored_completions_order import ListStoredCompletionsOrder
from .list_stored_messages_order import ListStoredMessagesOrder
from .list_vector_stores_order import ListVectorStoresOrder
from .list_webhook_endpoints_order import ListWebhookEndpointsOrder
from .live import Live
from .log_probability_change import LogProbabilityChange
from .logs_config import LogsConfig
from .logs_config_metadata_type_0 import LogsConfigMetadataType0
from .lora_options import LoraOptions
from .lora_options_target_modules_type_0 import LoraOptionsTargetModulesType0
from .markdown_strategy import MarkdownStrategy
from .media_address import MediaAddress
from .memory_parts import MemoryParts
from .message_audio import MessageAudio
from .message_function import MessageFunction
from .message_image import MessageImage
from .message_recording import MessageRecording
from .message_refusal import MessageRefusal
from .message_text import MessageText
from .message_thinking import MessageThinking
from .message_tool_call import MessageToolCall
from .message_video import MessageVideo
from .messages_template import MessagesTemplate
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
from .mlflow_integration import MlflowIntegration
from .mlflow_options import MlflowOptions
from .mlflow_options_tags_type_0 import MlflowOptionsTagsType0
from .model import Model
from .model_export_create import ModelExportCreate
from .model_export_create_dtype import ModelExportCreateDtype
from .model_import import ModelImport
from .model_list import ModelList
from .model_status_type_0 import ModelStatusType0
from .model_usage import ModelUsage
from .more_questions import MoreQuestions
from .multi_grader import MultiGrader
from .multi_grader_graders import MultiGraderGraders
from .numeric_grader import NumericGrader
from .numeric_grader_select import NumericGraderSelect
from .other_strategy import OtherStrategy
from .output_item import OutputItem
from .output_item_datasource_item import OutputItemDatasourceItem
from .output_item_page import OutputItemPage
from .output_item_status import OutputItemStatus
from .output_tokens_details import OutputTokensDetails
from .overtake import Overtake
from .parent_child_chunking import ParentChildChunking
from .parent_child_chunking_invalid_lines import ParentChildChunkingInvalidLines
from .parent_child_strategy import ParentChildStrategy
from .pass_rate import PassRate
from .previewed_chunk import PreviewedChunk
from .prices import Prices
from .probe import Probe
from .probe_status import ProbeStatus
from .promptfoo_assertion import PromptfooAssertion
from .promptfoo_config import PromptfooConfig
from .promptfoo_import import PromptfooImport
from .promptfoo_import_models import PromptfooImportModels
from .promptfoo_import_result import PromptfooImportResult
from .promptfoo_options import PromptfooOptions
from .promptfoo_prompt import PromptfooPrompt
from .promptfoo_provider import PromptfooProvider
from .promptfoo_run import PromptfooRun
from .promptfoo_run_data_source import PromptfooRunDataSource
from .promptfoo_sampling import PromptfooSampling
from .promptfoo_sampling_response_format_type_0 import (
    PromptfooSamplingResponseFormatType0,
)
from .promptfoo_sampling_tools_type_0_item import PromptfooSamplingToolsType0Item
from .promptfoo_test import PromptfooTest
from .promptfoo_test_metadata_type_0 import PromptfooTestMetadataType0
from .promptfoo_test_vars_type_0 import PromptfooTestVarsType0
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
from .reasoning import Reasoning
from .reasoning_effort_type_0 import ReasoningEffortType0
from .reciprocal_rank_fusion import ReciprocalRankFusion
from .recording import Recording
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
from .response_create_prompt_cache_retention_type_0 import (
    ResponseCreatePromptCacheRetentionType0,
)
from .response_create_service_tier import ResponseCreateServiceTier
from .response_create_tool_choice_type_0 import ResponseCreateToolChoiceType0
from .response_create_truncation import ResponseCreateTruncation
from .response_error import ResponseError
from .response_event import ResponseEvent
from .response_format import ResponseFormat
from .response_format_type import ResponseFormatType
from .response_object import ResponseObject
from .response_object_incomplete_details_type_0 import (
    ResponseObjectIncompleteDetailsType0,
)
from .response_object_metadata import ResponseObjectMetadata
from .response_object_output_item import ResponseObjectOutputItem
from .response_object_prompt_cache_retention_type_0 import (
    ResponseObjectPromptCacheRetentionType0,
)
from .response_object_status import ResponseObjectStatus
from .response_object_tool_choice_type_0 import ResponseObjectToolChoiceType0
from .response_object_truncation import ResponseObjectTruncation
from .response_text import ResponseText
from .response_text_format_type_0 import ResponseTextFormatType0
from .responses import Responses
from .responses_metadata_type_0 import ResponsesMetadataType0
from .responses_reasoning_effort_type_0 import ResponsesReasoningEffortType0
from .responses_run import ResponsesRun
from .responses_sampling import ResponsesSampling
from .responses_sampling_reasoning_effort_type_0 import (
    ResponsesSamplingReasoningEffortType0,
)
from .responses_sampling_tools_type_0_item import ResponsesSamplingToolsType0Item
from .result_counts import ResultCounts
from .retrieval_options import RetrievalOptions
from .retrieval_options_attribution import RetrievalOptionsAttribution
from .retrieval_options_on_empty import RetrievalOptionsOnEmpty
from .retrieval_options_order import RetrievalOptionsOrder
from .retrieval_options_query import RetrievalOptionsQuery
from .retrieval_options_search_mode import RetrievalOptionsSearchMode
from .retrieval_scores import RetrievalScores
from .retrieve_response_include_item import RetrieveResponseIncludeItem
from .row import Row
from .row_item import RowItem
from .row_sample_type_0 import RowSampleType0
from .run import Run
from .run_comparison import RunComparison
from .run_comparison_create import RunComparisonCreate
from .run_comparison_outcome import RunComparisonOutcome
from .run_create import RunCreate
from .run_create_metadata_type_0 import RunCreateMetadataType0
from .run_data_source import RunDataSource
from .run_delete_response import RunDeleteResponse
from .run_difference import RunDifference
from .run_error import RunError
from .run_import import RunImport
from .run_metadata_type_0 import RunMetadataType0
from .run_page import RunPage
from .run_status import RunStatus
from .sample_answer import SampleAnswer
from .sample_answer_finish_reason import SampleAnswerFinishReason
from .sample_message import SampleMessage
from .sample_usage import SampleUsage
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
from .skipped_field import SkippedField
from .span import Span
from .split import Split
from .static_chunking import StaticChunking
from .static_chunking_invalid_lines import StaticChunkingInvalidLines
from .static_strategy import StaticStrategy
from .stored_answers import StoredAnswers
from .stored_answers_instructions import StoredAnswersInstructions
from .stored_answers_metadata import StoredAnswersMetadata
from .stored_answers_passages import StoredAnswersPassages
from .stored_answers_tools import StoredAnswersTools
from .stored_completion import StoredCompletion
from .stored_completion_metadata import StoredCompletionMetadata
from .stored_completion_moderation_type_0 import StoredCompletionModerationType0
from .stored_completion_page import StoredCompletionPage
from .stored_completion_response_format_type_0 import (
    StoredCompletionResponseFormatType0,
)
from .stored_completion_tool_choice_type_1 import StoredCompletionToolChoiceType1
from .stored_completion_tools_type_0_item import StoredCompletionToolsType0Item
from .stored_completion_update import StoredCompletionUpdate
from .stored_completion_update_metadata_type_0 import (
    StoredCompletionUpdateMetadataType0,
)
from .stored_completions import StoredCompletions
from .stored_completions_config import StoredCompletionsConfig
from .stored_completions_config_metadata_type_0 import (
    StoredCompletionsConfigMetadataType0,
)
from .stored_completions_metadata_type_0 import StoredCompletionsMetadataType0
from .stored_message import StoredMessage
from .stored_message_page import StoredMessagePage
from .stored_message_role import StoredMessageRole
from .stream_options import StreamOptions
from .stream_usage import StreamUsage
from .string_check_grader import StringCheckGrader
from .string_check_grader_operation import StringCheckGraderOperation
from .supervised_method import SupervisedMethod
from .tag_score import TagScore
from .text_config import TextConfig
from .text_config_output import TextConfigOutput
from .text_config_output_verbosity_type_0 import TextConfigOutputVerbosityType0
from .text_config_verbosity_type_0 import TextConfigVerbosityType0
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
from .wandb_integration import WandbIntegration
from .wandb_options import WandbOptions
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
    "AnswerSchema",
    "AnswerSchemaSchema",
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
    "ChatCompletionCreateMetadataType0",
    "ChatCompletionCreateToolChoiceType0",
    "ChatFunction",
    "ChatFunctionChoice",
    "ChatFunctionName",
    "ChatFunctionParametersType0",
    "ChatMessage",
    "ChatMessageRole",
    "ChatTool",
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
    "ComparedRun",
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
    "CompletionsRun",
    "CompletionsRunRetrievalType0",
    "CompletionsSampling",
    "CompletionsSamplingReasoningEffortType0",
    "CompletionsSamplingResponseFormatType0",
    "CompletionsSamplingToolsType0Item",
    "CompoundFilter",
    "CompoundFilterType",
    "ContainsGrader",
    "ContentDeleteResponse",
    "ContentPart",
    "ConvexFusion",
    "CountedLine",
    "CriterionResult",
    "CustomConfig",
    "CustomConfigItemSchema",
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
    "DeviceEstimateMeasuredByType0",
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
    "EnginePart",
    "EnginePartType",
    "ErrorDetail",
    "ErrorResponse",
    "Eval",
    "EvalCreate",
    "EvalCreateMetadataType0",
    "EvalDataSourceConfig",
    "EvalDeleteResponse",
    "EvalImport",
    "EvalImportModels",
    "EvalImportResult",
    "EvalMessage",
    "EvalMessageRole",
    "EvalMessageTypeType0",
    "EvalMetadataType0",
    "EvalPage",
    "EvalQuestions",
    "EvalTestingCriteriaItem",
    "EvalUpdate",
    "EvalUpdateMetadataType0",
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
    "FileContentSource",
    "FileCounts",
    "FileExpiresAfter",
    "FileId",
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
    "FineTuningJobCreateDevice",
    "FineTuningJobCreateMetadataType0",
    "FineTuningJobCreatePriority",
    "FineTuningJobDevice",
    "FineTuningJobEvent",
    "FineTuningJobEventData",
    "FineTuningJobEventLevel",
    "FineTuningJobEventPage",
    "FineTuningJobEventType",
    "FineTuningJobMetadataType0",
    "FineTuningJobMetricsType0",
    "FineTuningJobPage",
    "FineTuningJobPriority",
    "FineTuningJobRetry",
    "FineTuningJobRetryDeviceType0",
    "FineTuningJobRetryMetadataType0",
    "FineTuningJobRetryPriorityType0",
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
    "ImportedCriterionResult",
    "ImportedError",
    "ImportedEval",
    "ImportedEvalDataSourceConfig",
    "ImportedEvalMetadataType0",
    "ImportedEvalTestingCriteriaItem",
    "ImportedItem",
    "ImportedItemDatasourceItem",
    "ImportedItemResultsItem",
    "ImportedItemSampleType0",
    "ImportedItemStatus",
    "ImportedRun",
    "ImportedRunDataSource",
    "ImportedRunMetadataType0",
    "ImportedRunStatus",
    "ImportedUsage",
    "InputTokenCount",
    "InputTokenCountInputType1Item",
    "InputTokenCountToolChoiceType0",
    "InputTokenCountTruncation",
    "InputTokens",
    "InputTokensDetails",
    "ItemPage",
    "ItemPageDataItem",
    "ItemReference",
    "ItemResult",
    "ItemResultSampleType0",
    "ItemSample",
    "ItemSampleRetrievedType0Item",
    "JobError",
    "JsonlRun",
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
    "ListEvalOutputItemsOrder",
    "ListEvalOutputItemsStatus",
    "ListEvalRunsOrder",
    "ListEvalRunsStatus",
    "ListEvalsOrder",
    "ListEvalsOrderBy",
    "ListFilesOrder",
    "ListFilesPurposeType0",
    "ListFilesPurposeType1",
    "ListFineTuningCheckpointsOrder",
    "ListFineTuningEventsOrder",
    "ListFineTuningJobsMetadata",
    "ListFineTuningJobsOrder",
    "ListInputItemsIncludeItem",
    "ListInputItemsOrder",
    "ListReembeddingsOrder",
    "ListStoredCompletionsMetadata",
    "ListStoredCompletionsOrder",
    "ListStoredMessagesOrder",
    "ListStoreFilesFilter",
    "ListStoreFilesOrder",
    "ListVectorStoresOrder",
    "ListWebhookEndpointsOrder",
    "Live",
    "LogProbabilityChange",
    "LogsConfig",
    "LogsConfigMetadataType0",
    "LoraOptions",
    "LoraOptionsTargetModulesType0",
    "MarkdownStrategy",
    "MediaAddress",
    "MemoryParts",
    "MessageAudio",
    "MessageFunction",
    "MessageImage",
    "MessageRecording",
    "MessageRefusal",
    "MessagesTemplate",
    "MessageText",
    "MessageThinking",
    "MessageToolCall",
    "MessageVideo",
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
    "MlflowIntegration",
    "MlflowOptions",
    "MlflowOptionsTagsType0",
    "Model",
    "ModelExportCreate",
    "ModelExportCreateDtype",
    "ModelImport",
    "ModelList",
    "ModelStatusType0",
    "ModelUsage",
    "MoreQuestions",
    "MultiGrader",
    "MultiGraderGraders",
    "NumericGrader",
    "NumericGraderSelect",
    "OtherStrategy",
    "OutputItem",
    "OutputItemDatasourceItem",
    "OutputItemPage",
    "OutputItemStatus",
    "OutputTokensDetails",
    "Overtake",
    "ParentChildChunking",
    "ParentChildChunkingInvalidLines",
    "ParentChildStrategy",
    "PassRate",
    "PreviewedChunk",
    "Prices",
    "Probe",
    "ProbeStatus",
    "PromptfooAssertion",
    "PromptfooConfig",
    "PromptfooImport",
    "PromptfooImportModels",
    "PromptfooImportResult",
    "PromptfooOptions",
    "PromptfooPrompt",
    "PromptfooProvider",
    "PromptfooRun",
    "PromptfooRunDataSource",
    "PromptfooSampling",
    "PromptfooSamplingResponseFormatType0",
    "PromptfooSamplingToolsType0Item",
    "PromptfooTest",
    "PromptfooTestMetadataType0",
    "PromptfooTestVarsType0",
    "PythonGrader",
    "Raft",
    "RankingOptions",
    "Ready",
    "ReadyEnginesType0",
    "ReadyEnginesType0AdditionalProperty",
    "ReadyMissing",
    "ReadyStatus",
    "Reasoning",
    "ReasoningEffortType0",
    "ReciprocalRankFusion",
    "Recording",
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
    "ResponseCreatePromptCacheRetentionType0",
    "ResponseCreateServiceTier",
    "ResponseCreateToolChoiceType0",
    "ResponseCreateTruncation",
    "ResponseError",
    "ResponseEvent",
    "ResponseFormat",
    "ResponseFormatType",
    "ResponseObject",
    "ResponseObjectIncompleteDetailsType0",
    "ResponseObjectMetadata",
    "ResponseObjectOutputItem",
    "ResponseObjectPromptCacheRetentionType0",
    "ResponseObjectStatus",
    "ResponseObjectToolChoiceType0",
    "ResponseObjectTruncation",
    "Responses",
    "ResponsesMetadataType0",
    "ResponsesReasoningEffortType0",
    "ResponsesRun",
    "ResponsesSampling",
    "ResponsesSamplingReasoningEffortType0",
    "ResponsesSamplingToolsType0Item",
    "ResponseText",
    "ResponseTextFormatType0",
    "ResultCounts",
    "RetrievalOptions",
    "RetrievalOptionsAttribution",
    "RetrievalOptionsOnEmpty",
    "RetrievalOptionsOrder",
    "RetrievalOptionsQuery",
    "RetrievalOptionsSearchMode",
    "RetrievalScores",
    "RetrieveResponseIncludeItem",
    "Row",
    "RowItem",
    "RowSampleType0",
    "Run",
    "RunComparison",
    "RunComparisonCreate",
    "RunComparisonOutcome",
    "RunCreate",
    "RunCreateMetadataType0",
    "RunDataSource",
    "RunDeleteResponse",
    "RunDifference",
    "RunError",
    "RunImport",
    "RunMetadataType0",
    "RunPage",
    "RunStatus",
    "SampleAnswer",
    "SampleAnswerFinishReason",
    "SampleMessage",
    "SampleUsage",
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
    "SkippedField",
    "Span",
    "Split",
    "StaticChunking",
    "StaticChunkingInvalidLines",
    "StaticStrategy",
    "StoredAnswers",
    "StoredAnswersInstructions",
    "StoredAnswersMetadata",
    "StoredAnswersPassages",
    "StoredAnswersTools",
    "StoredCompletion",
    "StoredCompletionMetadata",
    "StoredCompletionModerationType0",
    "StoredCompletionPage",
    "StoredCompletionResponseFormatType0",
    "StoredCompletions",
    "StoredCompletionsConfig",
    "StoredCompletionsConfigMetadataType0",
    "StoredCompletionsMetadataType0",
    "StoredCompletionToolChoiceType1",
    "StoredCompletionToolsType0Item",
    "StoredCompletionUpdate",
    "StoredCompletionUpdateMetadataType0",
    "StoredMessage",
    "StoredMessagePage",
    "StoredMessageRole",
    "StreamOptions",
    "StreamUsage",
    "StringCheckGrader",
    "StringCheckGraderOperation",
    "SupervisedMethod",
    "TagScore",
    "TextConfig",
    "TextConfigOutput",
    "TextConfigOutputVerbosityType0",
    "TextConfigVerbosityType0",
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
    "WandbIntegration",
    "WandbOptions",
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
