import { type Client, type Options as Options2, type TDataShape } from './client/index.js';
import type { AttachToStoreData, AttachToStoreErrors, AttachToStoreResponses, CancelComparisonData, CancelComparisonErrors, CancelComparisonResponses, CancelDatasetData, CancelDatasetErrors, CancelDatasetResponses, CancelEvalRunAtItsPathData, CancelEvalRunAtItsPathErrors, CancelEvalRunAtItsPathResponses, CancelEvalRunData, CancelEvalRunErrors, CancelEvalRunResponses, CancelFileBatchData, CancelFileBatchErrors, CancelFileBatchResponses, CancelFineTuningJobData, CancelFineTuningJobErrors, CancelFineTuningJobResponses, CancelReembeddingData, CancelReembeddingErrors, CancelReembeddingResponses, CancelResponseData, CancelResponseErrors, CancelResponseResponses, CancelStoreFileData, CancelStoreFileErrors, CancelStoreFileResponses, CompareEvalRunsData, CompareEvalRunsErrors, CompareEvalRunsResponses, ConfirmReembeddingData, ConfirmReembeddingErrors, ConfirmReembeddingResponses, CountInputTokensData, CountInputTokensErrors, CountInputTokensResponses, CreateChatCompletionData, CreateChatCompletionErrors, CreateChatCompletionResponses, CreateCheckpointPermissionsData, CreateCheckpointPermissionsErrors, CreateCheckpointPermissionsResponses, CreateComparisonData, CreateComparisonErrors, CreateComparisonResponses, CreateCompletionData, CreateCompletionErrors, CreateCompletionResponses, CreateDatasetData, CreateDatasetErrors, CreateDatasetResponses, CreateEmbeddingsData, CreateEmbeddingsErrors, CreateEmbeddingsResponses, CreateEvalData, CreateEvalErrors, CreateEvalResponses, CreateEvalRunData, CreateEvalRunErrors, CreateEvalRunResponses, CreateFileBatchData, CreateFileBatchErrors, CreateFileBatchResponses, CreateFineTuningJobData, CreateFineTuningJobErrors, CreateFineTuningJobResponses, CreateResponseData, CreateResponseErrors, CreateResponseResponses, CreateVectorStoreData, CreateVectorStoreErrors, CreateVectorStoreResponses, CreateWebhookEndpointData, CreateWebhookEndpointErrors, CreateWebhookEndpointResponses, DeleteCheckpointPermissionData, DeleteCheckpointPermissionErrors, DeleteCheckpointPermissionResponses, DeleteComparisonData, DeleteComparisonErrors, DeleteComparisonResponses, DeleteDatasetData, DeleteDatasetErrors, DeleteDatasetResponses, DeleteEvalData, DeleteEvalErrors, DeleteEvalResponses, DeleteEvalRunData, DeleteEvalRunErrors, DeleteEvalRunResponses, DeleteFileData, DeleteFileErrors, DeleteFileResponses, DeleteModelData, DeleteModelErrors, DeleteModelResponses, DeleteResponseData, DeleteResponseErrors, DeleteResponseResponses, DeleteStoredCompletionData, DeleteStoredCompletionErrors, DeleteStoredCompletionResponses, DeleteStoreFileData, DeleteStoreFileErrors, DeleteStoreFileResponses, DeleteVectorStoreData, DeleteVectorStoreErrors, DeleteVectorStoreResponses, DeleteWebhookEndpointData, DeleteWebhookEndpointErrors, DeleteWebhookEndpointResponses, DownloadAdapterData, DownloadAdapterErrors, DownloadAdapterResponses, EstimateFineTuningData, EstimateFineTuningErrors, EstimateFineTuningResponses, ExportModelData, ExportModelErrors, ExportModelResponses, ImportEvalData, ImportEvalErrors, ImportEvalResponses, ImportModelData, ImportModelErrors, ImportModelResponses, ImportPromptfooData, ImportPromptfooErrors, ImportPromptfooResponses, ListBatchFilesData, ListBatchFilesErrors, ListBatchFilesResponses, ListCheckpointPermissionsData, ListCheckpointPermissionsErrors, ListCheckpointPermissionsResponses, ListComparisonEventsData, ListComparisonEventsErrors, ListComparisonEventsResponses, ListComparisonsData, ListComparisonsErrors, ListComparisonsResponses, ListDatasetEventsData, ListDatasetEventsErrors, ListDatasetEventsResponses, ListDatasetsData, ListDatasetsErrors, ListDatasetsResponses, ListEvalOutputItemsData, ListEvalOutputItemsErrors, ListEvalOutputItemsResponses, ListEvalRunsData, ListEvalRunsErrors, ListEvalRunsResponses, ListEvalsData, ListEvalsErrors, ListEvalsResponses, ListFilesData, ListFilesErrors, ListFilesResponses, ListFineTuningCheckpointsData, ListFineTuningCheckpointsErrors, ListFineTuningCheckpointsResponses, ListFineTuningEventsData, ListFineTuningEventsErrors, ListFineTuningEventsResponses, ListFineTuningJobsData, ListFineTuningJobsErrors, ListFineTuningJobsResponses, ListInputItemsData, ListInputItemsErrors, ListInputItemsResponses, ListModelsData, ListModelsErrors, ListModelsResponses, ListReembeddingsData, ListReembeddingsErrors, ListReembeddingsResponses, ListStoredCompletionsData, ListStoredCompletionsErrors, ListStoredCompletionsResponses, ListStoredMessagesData, ListStoredMessagesErrors, ListStoredMessagesResponses, ListStoreFilesData, ListStoreFilesErrors, ListStoreFilesResponses, ListVectorStoresData, ListVectorStoresErrors, ListVectorStoresResponses, ListWebhookEndpointsData, ListWebhookEndpointsErrors, ListWebhookEndpointsResponses, ListWebhookEventTypesData, ListWebhookEventTypesErrors, ListWebhookEventTypesResponses, LiveData, LiveResponses, PauseFineTuningJobData, PauseFineTuningJobErrors, PauseFineTuningJobResponses, PreviewChunksData, PreviewChunksErrors, PreviewChunksResponses, ReadyData, ReadyErrors, ReadyResponses, ReembedVectorStoreData, ReembedVectorStoreErrors, ReembedVectorStoreResponses, RerankData, RerankErrors, RerankResponses, RerankUnversionedData, RerankUnversionedErrors, RerankUnversionedResponses, RerankV2Data, RerankV2Errors, RerankV2Responses, ResumeFineTuningJobData, ResumeFineTuningJobErrors, ResumeFineTuningJobResponses, RetrieveComparisonData, RetrieveComparisonErrors, RetrieveComparisonResponses, RetrieveContentData, RetrieveContentErrors, RetrieveContentResponses, RetrieveDatasetData, RetrieveDatasetErrors, RetrieveDatasetResponses, RetrieveEvalData, RetrieveEvalErrors, RetrieveEvalOutputItemData, RetrieveEvalOutputItemErrors, RetrieveEvalOutputItemResponses, RetrieveEvalResponses, RetrieveEvalRunData, RetrieveEvalRunErrors, RetrieveEvalRunResponses, RetrieveFileBatchData, RetrieveFileBatchErrors, RetrieveFileBatchResponses, RetrieveFileData, RetrieveFileErrors, RetrieveFileResponses, RetrieveFineTuningCurveData, RetrieveFineTuningCurveErrors, RetrieveFineTuningCurveResponses, RetrieveFineTuningJobData, RetrieveFineTuningJobErrors, RetrieveFineTuningJobResponses, RetrieveModelData, RetrieveModelErrors, RetrieveModelResponses, RetrieveReembeddingData, RetrieveReembeddingErrors, RetrieveReembeddingResponses, RetrieveResponseData, RetrieveResponseErrors, RetrieveResponseResponses, RetrieveStoredCompletionData, RetrieveStoredCompletionErrors, RetrieveStoredCompletionResponses, RetrieveStoreFileContentData, RetrieveStoreFileContentErrors, RetrieveStoreFileContentResponses, RetrieveStoreFileData, RetrieveStoreFileErrors, RetrieveStoreFileResponses, RetrieveVectorStoreData, RetrieveVectorStoreErrors, RetrieveVectorStoreResponses, RetrieveWebhookEndpointData, RetrieveWebhookEndpointErrors, RetrieveWebhookEndpointResponses, RetryFineTuningJobData, RetryFineTuningJobErrors, RetryFineTuningJobResponses, RollBackReembeddingData, RollBackReembeddingErrors, RollBackReembeddingResponses, RotateWebhookSecretData, RotateWebhookSecretErrors, RotateWebhookSecretResponses, RunGraderData, RunGraderErrors, RunGraderResponses, SearchVectorStoreData, SearchVectorStoreErrors, SearchVectorStoreResponses, TestWebhookEndpointData, TestWebhookEndpointErrors, TestWebhookEndpointResponses, UpdateEvalData, UpdateEvalErrors, UpdateEvalResponses, UpdateStoredCompletionData, UpdateStoredCompletionErrors, UpdateStoredCompletionResponses, UpdateStoreFileData, UpdateStoreFileErrors, UpdateStoreFileResponses, UpdateVectorStoreData, UpdateVectorStoreErrors, UpdateVectorStoreResponses, UpdateWebhookEndpointData, UpdateWebhookEndpointErrors, UpdateWebhookEndpointResponses, UploadFileData, UploadFileErrors, UploadFileResponses, ValidateFineTuningFilesData, ValidateFineTuningFilesErrors, ValidateFineTuningFilesResponses, ValidateGraderData, ValidateGraderErrors, ValidateGraderResponses } from './types.gen.js';
export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: Record<string, unknown>;
};
/**
 * Live
 *
 * Return 200 as long as the process responds, even if all its threads are busy.
 */
export declare const live: <ThrowOnError extends boolean = false>(options?: Options<LiveData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<LiveResponses, unknown, ThrowOnError, "fields">;
/**
 * Ready
 *
 * Return 200 if everything that the service needs is available, otherwise 503 with what is missing.
 *
 * With an API key, the response also says why, and has the addresses of the engines.
 */
export declare const ready: <ThrowOnError extends boolean = false>(options?: Options<ReadyData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ReadyResponses, ReadyErrors, ThrowOnError, "fields">;
/**
 * List Models
 *
 * List the base models and the project's fine-tuned models, all on one page.
 */
export declare const listModels: <ThrowOnError extends boolean = false>(options?: Options<ListModelsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListModelsResponses, ListModelsErrors, ThrowOnError, "fields">;
/**
 * Import Model
 *
 * Import a LoRA adapter from elsewhere, as multipart form data with the parts `file`, `model` and, if wanted, `suffix`.
 */
export declare const importModel: <ThrowOnError extends boolean = false>(options: Options<ImportModelData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ImportModelResponses, ImportModelErrors, ThrowOnError, "fields">;
/**
 * Download Adapter
 *
 * Download the files of a fine-tuned model as a tar archive: a PEFT adapter, and the manifest of its training.
 */
export declare const downloadAdapter: <ThrowOnError extends boolean = false>(options: Options<DownloadAdapterData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DownloadAdapterResponses, DownloadAdapterErrors, ThrowOnError, "fields">;
/**
 * Export Model
 *
 * Download a fine-tuned model merged with its base model: a tar archive with a directory that transformers and vLLM load.
 */
export declare const exportModel: <ThrowOnError extends boolean = false>(options: Options<ExportModelData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ExportModelResponses, ExportModelErrors, ThrowOnError, "fields">;
/**
 * Delete Model
 *
 * Delete a fine-tuned model: every engine unloads it, and its files are deleted.
 */
export declare const deleteModel: <ThrowOnError extends boolean = false>(options: Options<DeleteModelData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteModelResponses, DeleteModelErrors, ThrowOnError, "fields">;
/**
 * Retrieve Model
 *
 * Retrieve a model.
 */
export declare const retrieveModel: <ThrowOnError extends boolean = false>(options: Options<RetrieveModelData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveModelResponses, RetrieveModelErrors, ThrowOnError, "fields">;
/**
 * List Stored Completions
 *
 * List the stored chat completions, oldest first. `metadata` and `model` filter them.
 */
export declare const listStoredCompletions: <ThrowOnError extends boolean = false>(options?: Options<ListStoredCompletionsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListStoredCompletionsResponses, ListStoredCompletionsErrors, ThrowOnError, "fields">;
/**
 * Create Chat Completion
 *
 * Create a chat completion. The request goes to the engine unchanged, unless the field `retrieval` adds documents.
 *
 * With `store`, the completion is stored before the end of the answer is sent.
 */
export declare const createChatCompletion: <ThrowOnError extends boolean = false>(options: Options<CreateChatCompletionData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateChatCompletionResponses, CreateChatCompletionErrors, ThrowOnError, "fields">;
/**
 * Create Completion
 *
 * Create a completion. The request goes to the engine unchanged, unless the field `retrieval` adds documents.
 */
export declare const createCompletion: <ThrowOnError extends boolean = false>(options: Options<CreateCompletionData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateCompletionResponses, CreateCompletionErrors, ThrowOnError, "fields">;
/**
 * Delete Stored Completion
 *
 * Delete a stored chat completion with its messages.
 */
export declare const deleteStoredCompletion: <ThrowOnError extends boolean = false>(options: Options<DeleteStoredCompletionData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteStoredCompletionResponses, DeleteStoredCompletionErrors, ThrowOnError, "fields">;
/**
 * Retrieve Stored Completion
 *
 * Retrieve a stored chat completion.
 */
export declare const retrieveStoredCompletion: <ThrowOnError extends boolean = false>(options: Options<RetrieveStoredCompletionData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveStoredCompletionResponses, RetrieveStoredCompletionErrors, ThrowOnError, "fields">;
/**
 * Update Stored Completion
 *
 * Replace the metadata of a stored chat completion. Nothing else of it can be changed.
 */
export declare const updateStoredCompletion: <ThrowOnError extends boolean = false>(options: Options<UpdateStoredCompletionData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateStoredCompletionResponses, UpdateStoredCompletionErrors, ThrowOnError, "fields">;
/**
 * List Stored Messages
 *
 * List the messages of the request of a stored chat completion, in their order.
 */
export declare const listStoredMessages: <ThrowOnError extends boolean = false>(options: Options<ListStoredMessagesData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListStoredMessagesResponses, ListStoredMessagesErrors, ThrowOnError, "fields">;
/**
 * Create Response
 *
 * Create a response. `previous_response_id` continues a conversation, and the tool `file_search` answers from documents.
 *
 * With `background`, the call returns immediately. Retrieve, stream or cancel the response by its id.
 */
export declare const createResponse: <ThrowOnError extends boolean = false>(options: Options<CreateResponseData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateResponseResponses, CreateResponseErrors, ThrowOnError, "fields">;
/**
 * Count Input Tokens
 *
 * Count the tokens of the prompt that `POST /v1/responses` would make, without passages. No answer is generated or stored.
 */
export declare const countInputTokens: <ThrowOnError extends boolean = false>(options: Options<CountInputTokensData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CountInputTokensResponses, CountInputTokensErrors, ThrowOnError, "fields">;
/**
 * Delete Response
 *
 * Delete a stored response. If it is in progress in the background, it stops.
 */
export declare const deleteResponse: <ThrowOnError extends boolean = false>(options: Options<DeleteResponseData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteResponseResponses, DeleteResponseErrors, ThrowOnError, "fields">;
/**
 * Retrieve Response
 *
 * Retrieve a stored response, with the search results, log probabilities or trace that `include` names.
 *
 * With `stream`, the result is the events of a response that was created with `background` and `stream`. They start after the event
 * with the number `starting_after`. `include_obfuscation` has no effect.
 */
export declare const retrieveResponse: <ThrowOnError extends boolean = false>(options: Options<RetrieveResponseData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveResponseResponses, RetrieveResponseErrors, ThrowOnError, "fields">;
/**
 * Cancel Response
 *
 * Cancel a response in the background: the engine stops generating. A response that has ended does not change.
 */
export declare const cancelResponse: <ThrowOnError extends boolean = false>(options: Options<CancelResponseData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelResponseResponses, CancelResponseErrors, ThrowOnError, "fields">;
/**
 * List Input Items
 *
 * List the input items of a stored response, last first. `include` has no effect: items are always complete.
 */
export declare const listInputItems: <ThrowOnError extends boolean = false>(options: Options<ListInputItemsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListInputItemsResponses, ListInputItemsErrors, ThrowOnError, "fields">;
/**
 * List Fine Tuning Jobs
 *
 * List the jobs, newest first; with `metadata`, only those that have it.
 */
export declare const listFineTuningJobs: <ThrowOnError extends boolean = false>(options?: Options<ListFineTuningJobsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListFineTuningJobsResponses, ListFineTuningJobsErrors, ThrowOnError, "fields">;
/**
 * Create Fine Tuning Job
 *
 * Create a fine-tuning job. The model and every line of the files are checked first; files larger than 5 MB are checked later.
 */
export declare const createFineTuningJob: <ThrowOnError extends boolean = false>(options: Options<CreateFineTuningJobData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateFineTuningJobResponses, CreateFineTuningJobErrors, ThrowOnError, "fields">;
/**
 * Retrieve Fine Tuning Job
 *
 * Retrieve a job, with its progress.
 */
export declare const retrieveFineTuningJob: <ThrowOnError extends boolean = false>(options: Options<RetrieveFineTuningJobData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveFineTuningJobResponses, RetrieveFineTuningJobErrors, ThrowOnError, "fields">;
/**
 * Cancel Fine Tuning Job
 *
 * Cancel a job: a queued one immediately, a running one within seconds.
 */
export declare const cancelFineTuningJob: <ThrowOnError extends boolean = false>(options: Options<CancelFineTuningJobData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelFineTuningJobResponses, CancelFineTuningJobErrors, ThrowOnError, "fields">;
/**
 * Pause Fine Tuning Job
 *
 * Pause a job. A worker that runs it writes a checkpoint after the current step, and takes other jobs.
 */
export declare const pauseFineTuningJob: <ThrowOnError extends boolean = false>(options: Options<PauseFineTuningJobData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<PauseFineTuningJobResponses, PauseFineTuningJobErrors, ThrowOnError, "fields">;
/**
 * Resume Fine Tuning Job
 *
 * Return a paused job to the queue. It continues from its last checkpoint.
 */
export declare const resumeFineTuningJob: <ThrowOnError extends boolean = false>(options: Options<ResumeFineTuningJobData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ResumeFineTuningJobResponses, ResumeFineTuningJobErrors, ThrowOnError, "fields">;
/**
 * Retry Fine Tuning Job
 *
 * Create a job that repeats one that has ended, with the same model, files and options, except for those in the body.
 */
export declare const retryFineTuningJob: <ThrowOnError extends boolean = false>(options: Options<RetryFineTuningJobData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetryFineTuningJobResponses, RetryFineTuningJobErrors, ThrowOnError, "fields">;
/**
 * List Fine Tuning Events
 *
 * List the events of a job, newest first.
 */
export declare const listFineTuningEvents: <ThrowOnError extends boolean = false>(options: Options<ListFineTuningEventsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListFineTuningEventsResponses, ListFineTuningEventsErrors, ThrowOnError, "fields">;
/**
 * Retrieve Fine Tuning Curve
 *
 * Retrieve the loss curve of a job as an SVG image, also while the job runs.
 */
export declare const retrieveFineTuningCurve: <ThrowOnError extends boolean = false>(options: Options<RetrieveFineTuningCurveData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveFineTuningCurveResponses, RetrieveFineTuningCurveErrors, ThrowOnError, "fields">;
/**
 * List Fine Tuning Checkpoints
 *
 * List the checkpoints of a job, newest first: one for each of its last three epochs and the best, once the job has succeeded.
 */
export declare const listFineTuningCheckpoints: <ThrowOnError extends boolean = false>(options: Options<ListFineTuningCheckpointsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListFineTuningCheckpointsResponses, ListFineTuningCheckpointsErrors, ThrowOnError, "fields">;
/**
 * List Checkpoint Permissions
 *
 * List which other projects may use a fine-tuned model of this project, newest first.
 */
export declare const listCheckpointPermissions: <ThrowOnError extends boolean = false>(options: Options<ListCheckpointPermissionsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListCheckpointPermissionsResponses, ListCheckpointPermissionsErrors, ThrowOnError, "fields">;
/**
 * Create Checkpoint Permissions
 *
 * Let other projects use a fine-tuned model of this project.
 */
export declare const createCheckpointPermissions: <ThrowOnError extends boolean = false>(options: Options<CreateCheckpointPermissionsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateCheckpointPermissionsResponses, CreateCheckpointPermissionsErrors, ThrowOnError, "fields">;
/**
 * Delete Checkpoint Permission
 *
 * Take a permission back: from its next request on, the project cannot use the model.
 */
export declare const deleteCheckpointPermission: <ThrowOnError extends boolean = false>(options: Options<DeleteCheckpointPermissionData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteCheckpointPermissionResponses, DeleteCheckpointPermissionErrors, ThrowOnError, "fields">;
/**
 * Validate Fine Tuning Files
 *
 * Check the files of a fine-tuning job without creating one: every problem of every line, and warnings about the whole files.
 *
 * With `model`, its engine counts the tokens of the examples, or of a sample of them. Large files take minutes; with `stream`, events
 * tell how far the check is. It stops if the client disconnects.
 */
export declare const validateFineTuningFiles: <ThrowOnError extends boolean = false>(options: Options<ValidateFineTuningFilesData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ValidateFineTuningFilesResponses, ValidateFineTuningFilesErrors, ThrowOnError, "fields">;
/**
 * Estimate Fine Tuning
 *
 * Estimate parameters, memory, tokens, time and cost of a fine-tuning job, without creating one.
 *
 * With `training_file`, the files are checked as for a job, and the engine counts the tokens of its examples, or of a sample of them.
 */
export declare const estimateFineTuning: <ThrowOnError extends boolean = false>(options: Options<EstimateFineTuningData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<EstimateFineTuningResponses, EstimateFineTuningErrors, ThrowOnError, "fields">;
/**
 * Run Grader
 *
 * Grade one answer. If it cannot be graded, the reward is 0, and `metadata.errors` says why.
 */
export declare const runGrader: <ThrowOnError extends boolean = false>(options: Options<RunGraderData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RunGraderResponses, RunGraderErrors, ThrowOnError, "fields">;
/**
 * Validate Grader
 *
 * Check a grader: its fields, templates and formula, and that its models exist.
 */
export declare const validateGrader: <ThrowOnError extends boolean = false>(options: Options<ValidateGraderData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ValidateGraderResponses, ValidateGraderErrors, ThrowOnError, "fields">;
/**
 * List Datasets
 *
 * List the datasets, newest first.
 */
export declare const listDatasets: <ThrowOnError extends boolean = false>(options?: Options<ListDatasetsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListDatasetsResponses, ListDatasetsErrors, ThrowOnError, "fields">;
/**
 * Create Dataset
 *
 * Create a dataset: a model writes questions with answers from the documents of vector stores, and checks them.
 */
export declare const createDataset: <ThrowOnError extends boolean = false>(options: Options<CreateDatasetData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateDatasetResponses, CreateDatasetErrors, ThrowOnError, "fields">;
/**
 * Delete Dataset
 *
 * Delete a dataset with its items. A running one stops. Its files are not deleted.
 */
export declare const deleteDataset: <ThrowOnError extends boolean = false>(options: Options<DeleteDatasetData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteDatasetResponses, DeleteDatasetErrors, ThrowOnError, "fields">;
/**
 * Retrieve Dataset
 *
 * Retrieve a dataset: its progress and, when it has succeeded, its files.
 */
export declare const retrieveDataset: <ThrowOnError extends boolean = false>(options: Options<RetrieveDatasetData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveDatasetResponses, RetrieveDatasetErrors, ThrowOnError, "fields">;
/**
 * Cancel Dataset
 *
 * Cancel a dataset: a queued one immediately, a running one within seconds.
 */
export declare const cancelDataset: <ThrowOnError extends boolean = false>(options: Options<CancelDatasetData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelDatasetResponses, CancelDatasetErrors, ThrowOnError, "fields">;
/**
 * List Dataset Events
 *
 * List the events of a dataset, newest first.
 */
export declare const listDatasetEvents: <ThrowOnError extends boolean = false>(options: Options<ListDatasetEventsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListDatasetEventsResponses, ListDatasetEventsErrors, ThrowOnError, "fields">;
/**
 * List Comparisons
 *
 * List the comparisons, newest first.
 */
export declare const listComparisons: <ThrowOnError extends boolean = false>(options?: Options<ListComparisonsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListComparisonsResponses, ListComparisonsErrors, ThrowOnError, "fields">;
/**
 * Create Comparison
 *
 * Create a comparison: check its questions, vector stores and models, then ask every question with every arm.
 */
export declare const createComparison: <ThrowOnError extends boolean = false>(options: Options<CreateComparisonData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateComparisonResponses, CreateComparisonErrors, ThrowOnError, "fields">;
/**
 * Delete Comparison
 *
 * Delete a comparison with its answers and its report. A running comparison stops.
 */
export declare const deleteComparison: <ThrowOnError extends boolean = false>(options: Options<DeleteComparisonData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteComparisonResponses, DeleteComparisonErrors, ThrowOnError, "fields">;
/**
 * Retrieve Comparison
 *
 * Retrieve a comparison: its progress and, when it has succeeded, its result with the verdict.
 */
export declare const retrieveComparison: <ThrowOnError extends boolean = false>(options: Options<RetrieveComparisonData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveComparisonResponses, RetrieveComparisonErrors, ThrowOnError, "fields">;
/**
 * List Comparison Events
 *
 * List the events of a comparison, newest first.
 */
export declare const listComparisonEvents: <ThrowOnError extends boolean = false>(options: Options<ListComparisonEventsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListComparisonEventsResponses, ListComparisonEventsErrors, ThrowOnError, "fields">;
/**
 * Cancel Comparison
 *
 * Cancel a comparison, and what is running for it: a queued one immediately, a running one within seconds.
 */
export declare const cancelComparison: <ThrowOnError extends boolean = false>(options: Options<CancelComparisonData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelComparisonResponses, CancelComparisonErrors, ThrowOnError, "fields">;
/**
 * List Evals
 *
 * List the evals, oldest first.
 */
export declare const listEvals: <ThrowOnError extends boolean = false>(options?: Options<ListEvalsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListEvalsResponses, ListEvalsErrors, ThrowOnError, "fields">;
/**
 * Create Eval
 *
 * Create an eval: the shape of its data, and the criteria that answers are graded by.
 */
export declare const createEval: <ThrowOnError extends boolean = false>(options: Options<CreateEvalData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateEvalResponses, CreateEvalErrors, ThrowOnError, "fields">;
/**
 * Import Eval
 *
 * Import an eval as OpenAI's API returns it, with its runs and their output items. All of it is imported, or nothing.
 */
export declare const importEval: <ThrowOnError extends boolean = false>(options: Options<ImportEvalData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ImportEvalResponses, ImportEvalErrors, ThrowOnError, "fields">;
/**
 * Delete Eval
 *
 * Delete an eval with its runs and their output items. Runs that are in progress stop.
 */
export declare const deleteEval: <ThrowOnError extends boolean = false>(options: Options<DeleteEvalData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteEvalResponses, DeleteEvalErrors, ThrowOnError, "fields">;
/**
 * Retrieve Eval
 *
 * Retrieve an eval.
 */
export declare const retrieveEval: <ThrowOnError extends boolean = false>(options: Options<RetrieveEvalData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveEvalResponses, RetrieveEvalErrors, ThrowOnError, "fields">;
/**
 * Update Eval
 *
 * Change the name or the metadata of an eval. Its criteria and the shape of its data do not change.
 */
export declare const updateEval: <ThrowOnError extends boolean = false>(options: Options<UpdateEvalData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateEvalResponses, UpdateEvalErrors, ThrowOnError, "fields">;
/**
 * Import Promptfoo
 *
 * Create an eval from a configuration of Promptfoo. The response has its rows and the runs to start.
 */
export declare const importPromptfoo: <ThrowOnError extends boolean = false>(options: Options<ImportPromptfooData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ImportPromptfooResponses, ImportPromptfooErrors, ThrowOnError, "fields">;
/**
 * List Eval Runs
 *
 * List the runs of an eval, oldest first; with `status`, only those with that status. If runs have many rows, pages are shorter.
 */
export declare const listEvalRuns: <ThrowOnError extends boolean = false>(options: Options<ListEvalRunsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListEvalRunsResponses, ListEvalRunsErrors, ThrowOnError, "fields">;
/**
 * Create Eval Run
 *
 * Create a run, which answers and grades each row. Its data and how the model is asked are checked first.
 */
export declare const createEvalRun: <ThrowOnError extends boolean = false>(options: Options<CreateEvalRunData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateEvalRunResponses, CreateEvalRunErrors, ThrowOnError, "fields">;
/**
 * Delete Eval Run
 *
 * Delete a run with its output items. A run that is in progress stops.
 */
export declare const deleteEvalRun: <ThrowOnError extends boolean = false>(options: Options<DeleteEvalRunData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteEvalRunResponses, DeleteEvalRunErrors, ThrowOnError, "fields">;
/**
 * Retrieve Eval Run
 *
 * Retrieve a run: its progress and, when it has completed, its results.
 */
export declare const retrieveEvalRun: <ThrowOnError extends boolean = false>(options: Options<RetrieveEvalRunData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveEvalRunResponses, RetrieveEvalRunErrors, ThrowOnError, "fields">;
/**
 * Cancel Eval Run At Its Path
 *
 * Cancel a run, as older versions of OpenAI's clients do.
 *
 * @deprecated
 */
export declare const cancelEvalRunAtItsPath: <ThrowOnError extends boolean = false>(options: Options<CancelEvalRunAtItsPathData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelEvalRunAtItsPathResponses, CancelEvalRunAtItsPathErrors, ThrowOnError, "fields">;
/**
 * Cancel Eval Run
 *
 * Cancel a run: a queued one immediately, one that is in progress within seconds.
 */
export declare const cancelEvalRun: <ThrowOnError extends boolean = false>(options: Options<CancelEvalRunData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelEvalRunResponses, CancelEvalRunErrors, ThrowOnError, "fields">;
/**
 * List Eval Output Items
 *
 * List the output items of a run that have been graded, in the order of the data; with `status`, only those with that status.
 *
 * If items are large, a page has fewer than `limit`, and `has_more` is true.
 */
export declare const listEvalOutputItems: <ThrowOnError extends boolean = false>(options: Options<ListEvalOutputItemsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListEvalOutputItemsResponses, ListEvalOutputItemsErrors, ThrowOnError, "fields">;
/**
 * Retrieve Eval Output Item
 *
 * Retrieve an output item of a run.
 */
export declare const retrieveEvalOutputItem: <ThrowOnError extends boolean = false>(options: Options<RetrieveEvalOutputItemData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveEvalOutputItemResponses, RetrieveEvalOutputItemErrors, ThrowOnError, "fields">;
/**
 * Compare Eval Runs
 *
 * Compare completed runs of an eval, paired by their items, with the statistics of comparisons.
 */
export declare const compareEvalRuns: <ThrowOnError extends boolean = false>(options: Options<CompareEvalRunsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CompareEvalRunsResponses, CompareEvalRunsErrors, ThrowOnError, "fields">;
/**
 * List Webhook Event Types
 *
 * List the types of events that are sent.
 */
export declare const listWebhookEventTypes: <ThrowOnError extends boolean = false>(options?: Options<ListWebhookEventTypesData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListWebhookEventTypesResponses, ListWebhookEventTypesErrors, ThrowOnError, "fields">;
/**
 * List Webhook Endpoints
 *
 * List the project's webhook endpoints, newest first.
 */
export declare const listWebhookEndpoints: <ThrowOnError extends boolean = false>(options?: Options<ListWebhookEndpointsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListWebhookEndpointsResponses, ListWebhookEndpointsErrors, ThrowOnError, "fields">;
/**
 * Create Webhook Endpoint
 *
 * Create a webhook endpoint. Its secret is in this response only.
 */
export declare const createWebhookEndpoint: <ThrowOnError extends boolean = false>(options: Options<CreateWebhookEndpointData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateWebhookEndpointResponses, CreateWebhookEndpointErrors, ThrowOnError, "fields">;
/**
 * Delete Webhook Endpoint
 *
 * Delete a webhook endpoint, and the events that wait to be sent to it.
 */
export declare const deleteWebhookEndpoint: <ThrowOnError extends boolean = false>(options: Options<DeleteWebhookEndpointData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteWebhookEndpointResponses, DeleteWebhookEndpointErrors, ThrowOnError, "fields">;
/**
 * Retrieve Webhook Endpoint
 *
 * Retrieve a webhook endpoint.
 */
export declare const retrieveWebhookEndpoint: <ThrowOnError extends boolean = false>(options: Options<RetrieveWebhookEndpointData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveWebhookEndpointResponses, RetrieveWebhookEndpointErrors, ThrowOnError, "fields">;
/**
 * Update Webhook Endpoint
 *
 * Change the name, the URL or the event types of a webhook endpoint.
 */
export declare const updateWebhookEndpoint: <ThrowOnError extends boolean = false>(options: Options<UpdateWebhookEndpointData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateWebhookEndpointResponses, UpdateWebhookEndpointErrors, ThrowOnError, "fields">;
/**
 * Rotate Webhook Secret
 *
 * Give a webhook endpoint a new secret, which is in this response only.
 */
export declare const rotateWebhookSecret: <ThrowOnError extends boolean = false>(options: Options<RotateWebhookSecretData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RotateWebhookSecretResponses, RotateWebhookSecretErrors, ThrowOnError, "fields">;
/**
 * Test Webhook Endpoint
 *
 * Send a sample event to a webhook endpoint, and return the status of its response.
 */
export declare const testWebhookEndpoint: <ThrowOnError extends boolean = false>(options: Options<TestWebhookEndpointData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<TestWebhookEndpointResponses, TestWebhookEndpointErrors, ThrowOnError, "fields">;
/**
 * Preview Chunks
 *
 * Return the chunks that a file or a text would have. Nothing is stored.
 */
export declare const previewChunks: <ThrowOnError extends boolean = false>(options: Options<PreviewChunksData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<PreviewChunksResponses, PreviewChunksErrors, ThrowOnError, "fields">;
/**
 * List Files
 *
 * List the project's files, newest first.
 */
export declare const listFiles: <ThrowOnError extends boolean = false>(options?: Options<ListFilesData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListFilesResponses, ListFilesErrors, ThrowOnError, "fields">;
/**
 * Upload File
 *
 * Upload a file as multipart form data with the parts `file` and `purpose`, and `expires_after` if the file should expire.
 */
export declare const uploadFile: <ThrowOnError extends boolean = false>(options: Options<UploadFileData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UploadFileResponses, UploadFileErrors, ThrowOnError, "fields">;
/**
 * Delete File
 *
 * Delete a file, and its chunks from every vector store. If a fine-tuning job that has not ended needs it, you get a 409.
 */
export declare const deleteFile: <ThrowOnError extends boolean = false>(options: Options<DeleteFileData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteFileResponses, DeleteFileErrors, ThrowOnError, "fields">;
/**
 * Retrieve File
 *
 * Return a file's name, size, purpose and other properties.
 */
export declare const retrieveFile: <ThrowOnError extends boolean = false>(options: Options<RetrieveFileData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveFileResponses, RetrieveFileErrors, ThrowOnError, "fields">;
/**
 * Retrieve Content
 *
 * Return a file's bytes, exactly as they were uploaded. For parts of them, send the header `Range`, such as `bytes=0-99,-100`.
 *
 * Ranges beyond the end are left out; if all are, you get a 416. If you ask for more than 100 ranges, you get the whole file.
 */
export declare const retrieveContent: <ThrowOnError extends boolean = false>(options: Options<RetrieveContentData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveContentResponses, RetrieveContentErrors, ThrowOnError, "fields">;
/**
 * List Vector Stores
 *
 * List the project's vector stores, newest first.
 */
export declare const listVectorStores: <ThrowOnError extends boolean = false>(options?: Options<ListVectorStoresData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListVectorStoresResponses, ListVectorStoresErrors, ThrowOnError, "fields">;
/**
 * Create Vector Store
 *
 * Create a vector store, with the files in `file_ids`.
 */
export declare const createVectorStore: <ThrowOnError extends boolean = false>(options: Options<CreateVectorStoreData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateVectorStoreResponses, CreateVectorStoreErrors, ThrowOnError, "fields">;
/**
 * Delete Vector Store
 *
 * Delete a vector store with all its chunks. The files are not deleted.
 */
export declare const deleteVectorStore: <ThrowOnError extends boolean = false>(options: Options<DeleteVectorStoreData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteVectorStoreResponses, DeleteVectorStoreErrors, ThrowOnError, "fields">;
/**
 * Retrieve Vector Store
 *
 * Return a vector store.
 */
export declare const retrieveVectorStore: <ThrowOnError extends boolean = false>(options: Options<RetrieveVectorStoreData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveVectorStoreResponses, RetrieveVectorStoreErrors, ThrowOnError, "fields">;
/**
 * Update Vector Store
 *
 * Change a vector store's name, metadata or expiry. Fields that are not sent stay as they are.
 */
export declare const updateVectorStore: <ThrowOnError extends boolean = false>(options: Options<UpdateVectorStoreData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateVectorStoreResponses, UpdateVectorStoreErrors, ThrowOnError, "fields">;
/**
 * List Store Files
 *
 * List the files in a vector store, most recently attached first.
 */
export declare const listStoreFiles: <ThrowOnError extends boolean = false>(options: Options<ListStoreFilesData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListStoreFilesResponses, ListStoreFilesErrors, ThrowOnError, "fields">;
/**
 * Attach To Store
 *
 * Attach a file to a vector store. It is indexed in the background.
 */
export declare const attachToStore: <ThrowOnError extends boolean = false>(options: Options<AttachToStoreData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<AttachToStoreResponses, AttachToStoreErrors, ThrowOnError, "fields">;
/**
 * Delete Store File
 *
 * Delete a file from a vector store. The file itself is not deleted.
 */
export declare const deleteStoreFile: <ThrowOnError extends boolean = false>(options: Options<DeleteStoreFileData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<DeleteStoreFileResponses, DeleteStoreFileErrors, ThrowOnError, "fields">;
/**
 * Retrieve Store File
 *
 * Return a file in a vector store and the progress of its indexing.
 */
export declare const retrieveStoreFile: <ThrowOnError extends boolean = false>(options: Options<RetrieveStoreFileData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveStoreFileResponses, RetrieveStoreFileErrors, ThrowOnError, "fields">;
/**
 * Update Store File
 *
 * Replace the attributes of a file in a vector store. A search that begins after the response filters by the new ones.
 *
 * A file that shares chunks with another file of the same content is first indexed on its own, in the background; see its status.
 */
export declare const updateStoreFile: <ThrowOnError extends boolean = false>(options: Options<UpdateStoreFileData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<UpdateStoreFileResponses, UpdateStoreFileErrors, ThrowOnError, "fields">;
/**
 * Cancel Store File
 *
 * Cancel the indexing of a file in a vector store. The file can be attached again.
 */
export declare const cancelStoreFile: <ThrowOnError extends boolean = false>(options: Options<CancelStoreFileData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelStoreFileResponses, CancelStoreFileErrors, ThrowOnError, "fields">;
/**
 * Retrieve Store File Content
 *
 * Return the text of a file, page by page if it has pages.
 */
export declare const retrieveStoreFileContent: <ThrowOnError extends boolean = false>(options: Options<RetrieveStoreFileContentData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveStoreFileContentResponses, RetrieveStoreFileContentErrors, ThrowOnError, "fields">;
/**
 * Create File Batch
 *
 * Attach up to 2,000 files to a vector store, all or none. They are indexed in the background.
 */
export declare const createFileBatch: <ThrowOnError extends boolean = false>(options: Options<CreateFileBatchData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateFileBatchResponses, CreateFileBatchErrors, ThrowOnError, "fields">;
/**
 * Retrieve File Batch
 *
 * Return a batch and how many of its files are indexed.
 */
export declare const retrieveFileBatch: <ThrowOnError extends boolean = false>(options: Options<RetrieveFileBatchData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveFileBatchResponses, RetrieveFileBatchErrors, ThrowOnError, "fields">;
/**
 * Cancel File Batch
 *
 * Cancel the files of a batch that are not indexed yet. Indexed files stay in the vector store.
 */
export declare const cancelFileBatch: <ThrowOnError extends boolean = false>(options: Options<CancelFileBatchData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelFileBatchResponses, CancelFileBatchErrors, ThrowOnError, "fields">;
/**
 * List Batch Files
 *
 * List the files of a batch that are still in the vector store, most recently attached first.
 */
export declare const listBatchFiles: <ThrowOnError extends boolean = false>(options: Options<ListBatchFilesData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListBatchFilesResponses, ListBatchFilesErrors, ThrowOnError, "fields">;
/**
 * Search Vector Store
 *
 * Search a vector store, or several, for the chunks that answer a query best.
 */
export declare const searchVectorStore: <ThrowOnError extends boolean = false>(options: Options<SearchVectorStoreData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<SearchVectorStoreResponses, SearchVectorStoreErrors, ThrowOnError, "fields">;
/**
 * Create Embeddings
 *
 * Return one vector of length 1 for each input.
 */
export declare const createEmbeddings: <ThrowOnError extends boolean = false>(options: Options<CreateEmbeddingsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CreateEmbeddingsResponses, CreateEmbeddingsErrors, ThrowOnError, "fields">;
/**
 * Rerank
 *
 * Rank documents by their relevance to a query.
 */
export declare const rerank: <ThrowOnError extends boolean = false>(options: Options<RerankData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RerankResponses, RerankErrors, ThrowOnError, "fields">;
/**
 * Rerank
 *
 * Rank documents by their relevance to a query.
 */
export declare const rerankV2: <ThrowOnError extends boolean = false>(options: Options<RerankV2Data, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RerankV2Responses, RerankV2Errors, ThrowOnError, "fields">;
/**
 * Rerank
 *
 * Rank documents by their relevance to a query.
 */
export declare const rerankUnversioned: <ThrowOnError extends boolean = false>(options: Options<RerankUnversionedData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RerankUnversionedResponses, RerankUnversionedErrors, ThrowOnError, "fields">;
/**
 * Reembed Vector Store
 *
 * Embed a store again in the background, with another model or chunking. Searches use the old vectors until all new ones exist.
 */
export declare const reembedVectorStore: <ThrowOnError extends boolean = false>(options: Options<ReembedVectorStoreData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ReembedVectorStoreResponses, ReembedVectorStoreErrors, ThrowOnError, "fields">;
/**
 * List Reembeddings
 *
 * List the re-embeddings of a store, newest first.
 */
export declare const listReembeddings: <ThrowOnError extends boolean = false>(options: Options<ListReembeddingsData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ListReembeddingsResponses, ListReembeddingsErrors, ThrowOnError, "fields">;
/**
 * Retrieve Reembedding
 *
 * Return a re-embedding and its progress.
 */
export declare const retrieveReembedding: <ThrowOnError extends boolean = false>(options: Options<RetrieveReembeddingData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RetrieveReembeddingResponses, RetrieveReembeddingErrors, ThrowOnError, "fields">;
/**
 * Confirm Reembedding
 *
 * Confirm a completed re-embedding. The old vectors are deleted in the background.
 */
export declare const confirmReembedding: <ThrowOnError extends boolean = false>(options: Options<ConfirmReembeddingData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<ConfirmReembeddingResponses, ConfirmReembeddingErrors, ThrowOnError, "fields">;
/**
 * Roll Back Reembedding
 *
 * Return to the old vectors immediately. Files that were attached since then are indexed with the old model and chunking.
 */
export declare const rollBackReembedding: <ThrowOnError extends boolean = false>(options: Options<RollBackReembeddingData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<RollBackReembeddingResponses, RollBackReembeddingErrors, ThrowOnError, "fields">;
/**
 * Cancel Reembedding
 *
 * Cancel a re-embedding in progress. The store does not change.
 */
export declare const cancelReembedding: <ThrowOnError extends boolean = false>(options: Options<CancelReembeddingData, ThrowOnError>) => import("./client/types.gen.js").RequestResult<CancelReembeddingResponses, CancelReembeddingErrors, ThrowOnError, "fields">;
