export type ClientOptions = {
    baseUrl: 'http://localhost:8000' | (string & {});
};
/**
 * AbstentionGrader
 *
 * Extension: 1 if the answer says that the documents do not have the answer, and the list of accepted answers is empty.
 *
 * 1 also if neither is the case, otherwise 0.
 */
export type AbstentionGrader = {
    name: string;
    input?: string;
    reference?: string | Array<string>;
    /**
     * More phrases with which an answer abstains, in addition to the known ones.
     */
    phrases?: Array<string>;
    type: 'abstention';
};
/**
 * AbstentionScores
 *
 * How well an arm says that the documents do not have the answer.
 *
 * `had_to` counts the questions without accepted answers, `did` the answers that abstained. `precision` is the share of the abstentions
 * that were right, `recall` the share of those questions for which the arm abstained; null if there are none.
 */
export type AbstentionScores = {
    had_to: number;
    did: number;
    precision: number | null;
    recall: number | null;
};
/**
 * AllowedTool
 *
 * One of the tools, by its type and, for a function, its name.
 */
export type AllowedTool = {
    type: 'function' | 'file_search';
    name?: string | null;
};
/**
 * AllowedTools
 *
 * The model may use only these tools; with `required` it must use one of them.
 */
export type AllowedTools = {
    type: 'allowed_tools';
    mode: 'auto' | 'required';
    tools: Array<AllowedTool>;
};
/**
 * AnswerMessage
 *
 * The message that the model wrote, or in a stream the next piece of it.
 */
export type AnswerMessage = {
    role?: string | null;
    content?: string | null;
    tool_calls?: Array<ToolCall> | null;
    [key: string]: unknown;
};
/**
 * AnswerSpan
 *
 * A part of an answer that is based on a passage: a marker such as `[1]` that the model wrote, or a sentence without a marker.
 *
 * `choice` is the index of the answer, if `n` is above 1. `support` is the support of the sentence, null if it was not computed.
 */
export type AnswerSpan = {
    choice: number;
    start: number;
    end: number;
    source: 'marker' | 'alignment';
    support: number | null;
};
/**
 * Arm
 *
 * An arm of your own: a model, with or without documents, examples and instructions.
 */
export type Arm = {
    name: string;
    /**
     * A base model or a fine-tuned model. Default: the base model of the comparison.
     */
    model?: string | null;
    /**
     * Null: the arm answers without documents.
     */
    retrieval?: ArmRetrieval | null;
    /**
     * Default: those of the comparison.
     */
    instructions?: string | null;
    /**
     * How many examples of the training file are shown to the model.
     */
    examples?: number;
    sampling?: Sampling;
};
/**
 * ArmRetrieval
 *
 * How an arm of your own retrieves. Without `vector_store_ids`, it uses those of the comparison.
 */
export type ArmRetrieval = {
    max_num_results?: number;
    score_threshold?: number;
    search_mode?: 'vector' | 'keyword' | 'hybrid';
    max_context_tokens?: number;
    vector_store_ids?: Array<string>;
    prompt_template?: string | null;
};
/**
 * ArmSummary
 *
 * One arm over all questions. Times are in seconds and include every wait.
 *
 * `latency_p50` and `latency_p95` were measured under load, the `single_…` ones with one question at a time. `cost` is the mean cost
 * of a question: an amount of money if the request had `prices`, otherwise the number of tokens. `fixed_cost` is what training
 * and indexing cost in total.
 */
export type ArmSummary = {
    arm: string;
    model: string;
    scores: {
        [key: string]: number;
    };
    intervals: {
        [key: string]: [
            number,
            number
        ];
    };
    latency_p50: number;
    latency_p95: number;
    single_latency_p50: number | null;
    single_latency_p95: number | null;
    prompt_tokens: number;
    completion_tokens: number;
    engine_seconds: number | null;
    cost: number;
    fixed_cost: number;
    cost_per_correct: number | null;
    failures: Failures;
    tags: Array<TagScore>;
    retrieval: RetrievalScores | null;
    abstention: AbstentionScores | null;
};
/**
 * AudioData
 *
 * A recording, encoded as Base64.
 */
export type AudioData = {
    data: string;
    format: 'mp3' | 'wav';
};
/**
 * AudioPart
 *
 * A recording in a message. The model must be able to read audio.
 */
export type AudioPart = {
    type: 'input_audio';
    input_audio: AudioData;
};
/**
 * CalledFunction
 *
 * The name of a function and its arguments, a JSON object as text.
 */
export type CalledFunction = {
    name?: string | null;
    arguments?: string | null;
    [key: string]: unknown;
};
/**
 * Change
 *
 * A value before the training and after it.
 */
export type Change = {
    before: number;
    after: number;
};
/**
 * ChatChoice
 *
 * One of the answers.
 */
export type ChatChoice = {
    index: number;
    message: AnswerMessage;
    finish_reason?: string | null;
    [key: string]: unknown;
};
/**
 * ChatCompletion
 *
 * The answer to a chat.
 */
export type ChatCompletion = {
    id: string;
    created: number;
    model: string;
    usage?: TokenUsage | null;
    citations?: Array<Citation> | null;
    sentences?: Array<Sentence> | null;
    abstained?: boolean | null;
    notes?: Array<string> | null;
    trace?: Trace | null;
    object: 'chat.completion';
    choices: Array<ChatChoice>;
    [key: string]: unknown;
};
/**
 * CheckpointMetrics
 *
 * What was measured at a step. Validation always reads the whole file, so its two losses are the same, as are its two accuracies.
 */
export type CheckpointMetrics = {
    step: number;
    train_loss: number | null;
    train_mean_token_accuracy: number | null;
    valid_loss: number | null;
    valid_mean_token_accuracy: number | null;
    full_valid_loss: number | null;
    full_valid_mean_token_accuracy: number | null;
};
/**
 * CheckpointPermission
 *
 * A permission for another project to use a fine-tuned model or checkpoint.
 */
export type CheckpointPermission = {
    id: string;
    object: 'checkpoint.permission';
    created_at: number;
    project_id: string;
};
/**
 * CheckpointPermissionCreate
 *
 * Body of `POST /v1/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions`.
 */
export type CheckpointPermissionCreate = {
    /**
     * The projects that may use the model.
     */
    project_ids: Array<string>;
};
/**
 * ChunkLocation
 *
 * Where a chunk is in its document: `start` and `end` are character offsets in the parsed text.
 *
 * `page` counts from 1; it is null if the format has no pages. `heading_path` starts with the outermost heading. If the chunk is part of a
 * larger one whose text is the hit's content, `parent_start` and `parent_end` are the offsets of the larger one.
 */
export type ChunkLocation = {
    position: number;
    start: number;
    end: number;
    page: number | null;
    heading_path: Array<string>;
    title: string | null;
    parent_start: number | null;
    parent_end: number | null;
};
/**
 * Citation
 *
 * A passage in the prompt; `index` is its number there, counted from 1.
 *
 * `chunk` is its place in the document (page, characters). `spans` are the parts of the answer that are based on it.
 */
export type Citation = {
    index: number;
    file_id: string;
    filename: string;
    vector_store_id: string;
    chunk_id: string;
    score: number;
    text: string;
    chunk: ChunkLocation;
    spans: Array<AnswerSpan>;
};
/**
 * ComparedRun
 *
 * One of the runs. Its pass rate is that of the items that are compared, with the 95% interval of this run alone.
 */
export type ComparedRun = {
    run_id: string;
    name: string;
    model: string | null;
    pass_rate: PassRate;
};
/**
 * Comparison
 *
 * A comparison, as the API shows it.
 *
 * `look` is the number of the verdict: 1, or one more for each comparison that this one extends. `reuses` names an earlier comparison
 * with the same questions. `dataset_id` and `fine_tuning_jobs` were made for this comparison, if it was created from `documents`.
 */
export type Comparison = {
    id: string;
    object: 'comparison';
    created_at: number;
    started_at: number | null;
    finished_at: number | null;
    name: string | null;
    status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
    stage: string;
    percent: number;
    questions_file: string | null;
    eval: EvalQuestions | null;
    model: string | null;
    base_model: string;
    vector_store_ids: Array<string>;
    training_file: string | null;
    instructions: string | null;
    arms: Array<string>;
    grader: string;
    margin: number | null;
    look: number;
    extends: string | null;
    reuses: string | null;
    dataset_id: string | null;
    fine_tuning_jobs: Array<string>;
    result: ComparisonResult | null;
    error: JobError | null;
    metadata: {
        [key: string]: unknown;
    } | null;
};
/**
 * ComparisonCreate
 *
 * Body of `POST /v1/comparisons`.
 *
 * `questions_file` is JSONL or CSV (see the documentation). `model` is a fine-tuned model, or a base model for a comparison without
 * fine-tuning. `arms` defaults to all standard arms that the inputs allow. If you send `documents` instead of questions, a model and
 * vector stores, these are made from the documents first. They are ordinary resources, and they remain. With `documents`, a base model
 * in `model` is the one that is fine-tuned; by default, that is the first of `GET /v1/models`. The response names it in `base_model`.
 */
export type ComparisonCreate = {
    name?: string | null;
    questions_file?: string | null;
    /**
     * An eval: its criteria become graders. `questions_file` has rows of its data.
     */
    eval?: EvalQuestions | null;
    model?: string | null;
    vector_store_ids?: Array<string>;
    /**
     * Ids of files with documents.
     */
    documents?: Array<string>;
    /**
     * The model that writes questions about `documents`. Default: the base model.
     */
    generator?: Generator | null;
    /**
     * Default: the training file of the fine-tuned model.
     */
    training_file?: string | null;
    /**
     * The system message of every arm.
     */
    instructions?: string | null;
    arms?: Array<'base' | 'prompted' | 'rag' | 'fine_tuned' | 'both' | Arm> | null;
    /**
     * Graders in OpenAI's shapes, and ours. Each needs a `name`.
     */
    graders?: Array<({
        type: 'string_check';
    } & StringCheckGrader) | ({
        type: 'text_similarity';
    } & TextSimilarityGrader) | ({
        type: 'score_model';
    } & ScoreModelGrader) | ({
        type: 'label_model';
    } & LabelModelGrader) | ({
        type: 'python';
    } & PythonGrader) | ({
        type: 'exact_match';
    } & ExactMatchGrader) | ({
        type: 'f1';
    } & F1Grader) | ({
        type: 'contains';
    } & ContainsGrader) | ({
        type: 'numeric';
    } & NumericGrader) | ({
        type: 'json_schema';
    } & JsonSchemaGrader) | ({
        type: 'abstention';
    } & AbstentionGrader) | ({
        type: 'multi';
    } & MultiGrader)>;
    /**
     * The name of the grader that decides: `f1`, `exact_match`, or one of `graders`.
     */
    grader?: string;
    /**
     * The smallest difference that matters. Default: 5% of the grader's range.
     */
    margin?: number | null;
    /**
     * The maximum length of an answer, in tokens.
     */
    max_tokens?: number;
    retrieval?: ComparisonRetrieval;
    /**
     * The price sheet. Without it, the cost is the number of tokens.
     */
    prices?: Prices | null;
    /**
     * What to do with questions that the training file has.
     */
    leaked_questions?: 'leave_out' | 'keep';
    seed?: number;
    /**
     * How many adapters to compare, each trained with another seed. The verdict is about the first.
     */
    seeds?: number;
    /**
     * A comparison to continue with more questions.
     */
    extends?: string | null;
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * ComparisonEvent
 *
 * Something that happened to a comparison.
 */
export type ComparisonEvent = {
    id: string;
    object: 'comparison.event';
    created_at: number;
    level: 'info' | 'warn' | 'error';
    message: string;
    type: 'message' | 'metrics';
    data: {
        [key: string]: unknown;
    } | null;
};
/**
 * ComparisonFilter
 *
 * A comparison of the attribute `key` with `value`.
 *
 * `eq` and `ne` take a string, a number or a boolean; `gt`, `gte`, `lt` and `lte` take a number; `in` and `nin` take a list. 1 equals 1.0,
 * but neither "1" nor true. A file without the attribute, or with a value of another type, matches only `ne` and `nin`.
 */
export type ComparisonFilter = {
    type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin';
    key: string;
    value: string | boolean | number | Array<string | boolean | number>;
};
/**
 * ComparisonResult
 *
 * The `result` of a comparison: what it found, and the ids of the files that report it.
 */
export type ComparisonResult = {
    questions: number;
    clusters: number | null;
    left_out: number;
    arms: Array<ArmSummary>;
    differences: Array<Difference>;
    verdict: Verdict;
    leaked: Array<LeakedQuestion>;
    template_copies: number;
    judges: Array<JudgeFigures>;
    seeds: Array<SeedScore>;
    overtakes: Array<Overtake>;
    smallest_difference: number | null;
    seed: number;
    concurrency: number;
    report_json: string;
    report_html: string;
    report_markdown: string | null;
    bundle: string | null;
    bundle_sha256: string | null;
};
/**
 * ComparisonRetrieval
 *
 * How the arms with documents retrieve. The fields are those of `retrieval` in a chat.
 */
export type ComparisonRetrieval = {
    max_num_results?: number;
    score_threshold?: number;
    search_mode?: 'vector' | 'keyword' | 'hybrid';
    max_context_tokens?: number;
};
/**
 * Completion
 *
 * The answer to a completion, and an event of its stream.
 */
export type Completion = {
    id: string;
    created: number;
    model: string;
    usage?: TokenUsage | null;
    citations?: Array<Citation> | null;
    sentences?: Array<Sentence> | null;
    abstained?: boolean | null;
    notes?: Array<string> | null;
    trace?: Trace | null;
    object: 'text_completion';
    choices: Array<CompletionChoice>;
    [key: string]: unknown;
};
/**
 * CompletionChoice
 *
 * One of the texts, or in a stream the next piece of it.
 */
export type CompletionChoice = {
    index: number;
    text: string;
    finish_reason?: string | null;
    [key: string]: unknown;
};
/**
 * CompletionsRun
 *
 * A chat completion for each row. Without `model` and `input_messages`, stored completions are graded as they are.
 */
export type CompletionsRun = {
    type: 'completions';
    source: ({
        type: 'file_content';
    } & FileContentSource) | ({
        type: 'file_id';
    } & FileId) | ({
        type: 'stored_completions';
    } & StoredCompletions);
    input_messages?: ({
        type: 'template';
    } & MessagesTemplate) | ({
        type: 'item_reference';
    } & ItemReference) | null;
    model?: string | null;
    sampling_params?: CompletionsSampling | null;
    /**
     * Extension: answers from documents, as in a chat completion.
     */
    retrieval?: {
        [key: string]: unknown;
    } | null;
};
/**
 * CompletionsSampling
 *
 * How chat completions are sampled.
 */
export type CompletionsSampling = {
    max_completion_tokens?: number | null;
    max_completions_tokens?: number | null;
    reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;
    seed?: number | null;
    temperature?: number | null;
    top_p?: number | null;
    tools?: Array<{
        [key: string]: unknown;
    }> | null;
    response_format?: {
        [key: string]: unknown;
    } | null;
};
/**
 * CompoundFilter
 *
 * All of `filters` must match (`and`), or at least one of them (`or`).
 */
export type CompoundFilter = {
    type: 'and' | 'or';
    filters: Array<ComparisonFilter | CompoundFilter>;
};
/**
 * ContainsGrader
 *
 * Extension: 1 if the words of an accepted answer occur in the answer, in their order and next to each other.
 */
export type ContainsGrader = {
    name: string;
    input?: string;
    reference?: string | Array<string>;
    /**
     * More phrases with which an answer abstains, in addition to the known ones.
     */
    phrases?: Array<string>;
    type: 'contains';
};
/**
 * ContentPart
 *
 * A part of a message: text, or other input that the model can read.
 */
export type ContentPart = {
    type: string;
    text?: string | null;
    [key: string]: unknown;
};
/**
 * CountedLine
 *
 * The tokens of the example in a line.
 */
export type CountedLine = {
    line: number;
    tokens: number;
};
/**
 * CriterionResult
 *
 * How many items passed and failed a criterion. `errored`, an extension, counts those that it could not grade, which are in neither.
 */
export type CriterionResult = {
    testing_criteria: string;
    passed: number;
    failed: number;
    errored: number;
};
/**
 * CustomConfig
 *
 * Rows that you send or upload, each an `item` that is valid under `item_schema`.
 *
 * Set `include_sample_schema` if the criteria grade answers. A model gives them in a run, or the rows bring them.
 */
export type CustomConfig = {
    type: 'custom';
    item_schema: {
        [key: string]: unknown;
    };
    include_sample_schema?: boolean;
};
/**
 * Dataset
 *
 * A dataset, as the API shows it. Fields that its source does not have are null.
 */
export type Dataset = {
    id: string;
    object: 'dataset';
    created_at: number;
    started_at: number | null;
    finished_at: number | null;
    name: string | null;
    status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
    stage: string;
    percent: number;
    source: 'documents' | 'responses' | 'chat_completions';
    responses: StoredAnswers | null;
    chat_completions: StoredAnswers | null;
    vector_store_ids: Array<string> | null;
    generator: Generator | null;
    examples: number | null;
    questions_per_passage: number | null;
    kinds: Array<'fact' | 'number' | 'name' | 'list' | 'why' | 'yes_no'> | null;
    split: Split;
    raft: Raft | null;
    instructions: string | null;
    seed: number;
    result: DatasetResult | null;
    error: JobError | null;
    metadata: {
        [key: string]: unknown;
    } | null;
};
/**
 * DatasetCreate
 *
 * Body of `POST /v1/datasets`.
 *
 * With the source `documents`, `vector_store_ids` is required, and `generator` defaults to the base model. `examples` is how many examples
 * are wanted in all parts together; the job ends earlier if every passage was tried. With the sources `responses` and `chat_completions`,
 * these fields, `questions_per_passage`, `kinds` and `raft` cannot be sent, and `split` has no questions. `instructions` become the system
 * message of every training example.
 */
export type DatasetCreate = {
    name?: string | null;
    source?: 'documents' | 'responses' | 'chat_completions';
    /**
     * Only with the source `responses`. If null, all of the project's are used.
     */
    responses?: StoredAnswers | null;
    /**
     * Only with the source `chat_completions`. If null, all of the project's stored ones are used.
     */
    chat_completions?: StoredAnswers | null;
    vector_store_ids?: Array<string> | null;
    generator?: Generator | null;
    examples?: number;
    /**
     * How many questions are requested for a passage, at most.
     */
    questions_per_passage?: number;
    /**
     * The kinds of questions, in equal shares if possible.
     */
    kinds?: Array<'fact' | 'number' | 'name' | 'list' | 'why' | 'yes_no'>;
    split?: Split;
    /**
     * Null: training examples are questions without passages.
     */
    raft?: Raft | null;
    instructions?: string | null;
    seed?: number;
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * DatasetEvent
 *
 * Something that happened to a dataset's job.
 */
export type DatasetEvent = {
    id: string;
    object: 'dataset.event';
    created_at: number;
    level: 'info' | 'warn' | 'error';
    message: string;
    type: 'message' | 'metrics';
    data: {
        [key: string]: unknown;
    } | null;
};
/**
 * DatasetResult
 *
 * What a dataset contains: the ids of its files, and counts.
 *
 * A file is null if its share is 0. `examples`, `documents` and `conversations` count by part; `kinds` and `difficulties` count examples.
 * `requested` is how many questions the generator was asked to write, or how many stored answers matched, and `filtered` how many of
 * them were left out, by reason.
 */
export type DatasetResult = {
    training_file: string | null;
    validation_file: string | null;
    questions_file: string | null;
    examples: {
        [key: string]: number;
    };
    documents: {
        [key: string]: number;
    };
    conversations: {
        [key: string]: number;
    };
    kinds: {
        [key: string]: number;
    };
    difficulties: {
        [key: string]: number;
    };
    requested: number;
    filtered: {
        [key: string]: number;
    };
    prompt_tokens: number;
    completion_tokens: number;
    warnings: Array<string>;
};
/**
 * DeleteResponse
 *
 * The response to a DELETE. `object` names the kind of what was deleted, such as `vector_store.deleted`.
 */
export type DeleteResponse = {
    id: string;
    object: string;
    deleted: true;
};
/**
 * DeviceEstimate
 *
 * A device that a training worker has now. `free_bytes` is the memory that was free when no training ran.
 *
 * `tokens_per_second` is the speed of the last training of this base model on a device with this name, which ended at `measured_at`;
 * before the first training, it is the speed of a few steps that the worker has computed for an estimate, and `measured_by` is
 * `calibration`. `seconds` and `cost` follow from it, for a LoRA training. `detail` says where they come from, or why they are null.
 */
export type DeviceEstimate = {
    name: string;
    device: 'cpu' | 'gpu';
    dtype: 'bfloat16' | 'float32';
    free_bytes: number;
    fits: MethodsFit;
    tokens_per_second: number | null;
    measured_at: number | null;
    measured_by: 'training' | 'calibration' | null;
    seconds: number | null;
    cost: number | null;
    detail: string;
};
/**
 * Difference
 *
 * The mean paired difference `better - worse` in the deciding grader, with the interval that decides whether it is shown.
 *
 * The interval is simultaneous over all pairs of arms. `shown` is true if it lies above 0. `mid_p` and `exact_p` are the p-values of
 * McNemar's tests of this pair alone, for information; null if the scores are not right or wrong, or in clusters.
 */
export type Difference = {
    better: string;
    worse: string;
    mean: number;
    low: number;
    high: number;
    shown: boolean;
    mid_p: number | null;
    exact_p: number | null;
};
/**
 * DpoHyperparameters
 *
 * Hyperparameters of direct preference optimization: `beta`, and those of supervised fine-tuning.
 */
export type DpoHyperparameters = {
    n_epochs?: 'auto' | number;
    batch_size?: 'auto' | number;
    learning_rate_multiplier?: 'auto' | number;
    /**
     * After the warm-up, the learning rate falls to 0, linearly or along a cosine, or stays constant.
     */
    lr_scheduler_type?: 'linear' | 'cosine' | 'constant';
    /**
     * Share of the steps in which the learning rate rises from 0.
     */
    warmup_ratio?: number;
    /**
     * A number replaces `warmup_ratio`.
     */
    warmup_steps?: 'auto' | number;
    /**
     * AdamW's decoupled weight decay.
     */
    weight_decay?: number;
    /**
     * A batch of `batch_size` examples is computed in at least this many parts; in more if memory is short.
     */
    gradient_accumulation_steps?: number;
    /**
     * Tokens after which an example is truncated.
     */
    max_length?: 'auto' | number;
    /**
     * The training ends after this many epochs in a row without a lower validation loss. It needs a `validation_file`.
     */
    early_stopping_patience?: number | null;
    /**
     * The loss must fall by more than this to count as lower for `early_stopping_patience`.
     */
    early_stopping_threshold?: number;
    /**
     * Several examples share a row of tokens, without seeing each other, instead of being padded.
     */
    packing?: boolean;
    /**
     * How close the model is kept to the one that the training starts from.
     */
    beta?: 'auto' | number;
};
/**
 * DpoMethod
 *
 * Hyperparameters of direct preference optimization. Extension: `lora`.
 */
export type DpoMethod = {
    hyperparameters?: DpoHyperparameters;
    lora?: LoraOptions;
};
/**
 * Eval
 *
 * An eval, as the API shows it.
 *
 * `data_source_config` has the schema of the rows as `schema`: `item`, and `sample` if answers are graded. Each criterion has an `id`,
 * which is its key in the results of runs.
 */
export type Eval = {
    id: string;
    object: 'eval';
    created_at: number;
    name: string;
    data_source_config: {
        [key: string]: unknown;
    };
    testing_criteria: Array<{
        [key: string]: unknown;
    }>;
    metadata: {
        [key: string]: string;
    } | null;
};
/**
 * EvalCreate
 *
 * Body of `POST /v1/evals`.
 */
export type EvalCreate = {
    /**
     * Defaults to the type of the data source and the date.
     */
    name?: string | null;
    data_source_config: ({
        type: 'custom';
    } & CustomConfig) | ({
        type: 'logs';
    } & LogsConfig) | ({
        type: 'stored_completions';
    } & StoredCompletionsConfig);
    testing_criteria: Array<({
        type: 'string_check';
    } & StringCheckGrader) | ({
        type: 'text_similarity';
    } & TextSimilarityGrader) | ({
        type: 'score_model';
    } & ScoreModelGrader) | ({
        type: 'label_model';
    } & LabelModelGrader) | ({
        type: 'python';
    } & PythonGrader) | ({
        type: 'exact_match';
    } & ExactMatchGrader) | ({
        type: 'f1';
    } & F1Grader) | ({
        type: 'contains';
    } & ContainsGrader) | ({
        type: 'numeric';
    } & NumericGrader) | ({
        type: 'json_schema';
    } & JsonSchemaGrader) | ({
        type: 'abstention';
    } & AbstentionGrader) | ({
        type: 'multi';
    } & MultiGrader)>;
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * EvalDeleteResponse
 *
 * The response to the DELETE of an eval, which has `eval_id` where others have `id`.
 */
export type EvalDeleteResponse = {
    eval_id: string;
    object: 'eval.deleted';
    deleted: true;
};
/**
 * EvalImport
 *
 * Body of `POST /v1/evals/import`: objects as OpenAI's API returns them.
 *
 * `models` names models here that replace those in the criteria: `{"gpt-4o": "smollm2-135m-instruct"}`. If one request
 * cannot have all of it, send more with `eval_id`, the id that the eval got here, instead of `eval`. A `run_id` may then be the id that a
 * run got here.
 */
export type EvalImport = {
    eval?: ImportedEval | null;
    eval_id?: string | null;
    runs?: Array<ImportedRun>;
    output_items?: Array<ImportedItem>;
    models?: {
        [key: string]: string;
    };
};
/**
 * EvalImportResult
 *
 * What was imported. All ids are new, except for those of the criteria, which the results name.
 */
export type EvalImportResult = {
    object: 'eval.import';
    eval: Eval;
    runs: Array<RunImport>;
    skipped: Array<SkippedField>;
};
/**
 * EvalMessage
 *
 * A message to the model that is evaluated. Texts may have templates such as `{{item.question}}`.
 */
export type EvalMessage = {
    role: 'user' | 'assistant' | 'system' | 'developer';
    content: string | ({
        type: 'input_text' | 'output_text';
    } & TextPart) | ({
        type: 'input_image';
    } & ImagePart) | ({
        type: 'input_audio';
    } & AudioPart) | Array<string | ({
        type: 'input_text' | 'output_text';
    } & TextPart) | ({
        type: 'input_image';
    } & ImagePart) | ({
        type: 'input_audio';
    } & AudioPart)>;
    type?: 'message' | null;
    /**
     * Accepted and ignored.
     */
    phase?: string | null;
};
/**
 * EvalQuestions
 *
 * An eval whose criteria become graders, and how the rows of `questions_file` become questions.
 *
 * `question` is a template, such as `{{item.ticket}}`. `answers` is another, of the accepted answer or a list of them. By default, it is
 * `{{item.answers}}` for the rows that have this field. Rows without accepted answers need a grader that uses none, such as a judge.
 */
export type EvalQuestions = {
    id: string;
    question?: string;
    answers?: string | null;
};
/**
 * EvalUpdate
 *
 * Body of `POST /v1/evals/{eval_id}`. What is missing stays as it is; null deletes the metadata.
 */
export type EvalUpdate = {
    name?: string | null;
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * ExactMatchGrader
 *
 * Extension: 1 if the answer is an accepted one, apart from case, punctuation and articles (SQuAD). Numbers, signs and units count.
 */
export type ExactMatchGrader = {
    name: string;
    input?: string;
    reference?: string | Array<string>;
    /**
     * More phrases with which an answer abstains, in addition to the known ones.
     */
    phrases?: Array<string>;
    type: 'exact_match';
};
/**
 * ExampleLengths
 *
 * The lengths of the examples in characters, of all messages together. The buckets double.
 */
export type ExampleLengths = {
    unit: 'characters';
    shortest: number;
    mean: number;
    longest: number;
    longest_line: number;
    histogram: Array<LengthBucket>;
};
/**
 * ExampleTokens
 *
 * The tokens of the examples, according to the tokenizer and the chat template of the model's engine.
 *
 * Of a large file, a sample is counted; `is_sample` is then true. `histogram` and `percentiles` are of `sampled` examples, spread evenly
 * over the file. `total`, `mean`, `longer_than_window` and `longer_than_max_length` are estimates from these and are about all
 * `examples`. `shortest`, `longest` and `longest_examples` are of the `counted` ones, which also include the ten with the most
 * characters. Of a preference pair, the longer answer counts.
 *
 * `window` is the most tokens that the engine takes, `max_length` the most that are trained: a longer example is truncated. `trained` is
 * the total of what is left then.
 */
export type ExampleTokens = {
    unit: 'tokens';
    model: string;
    is_sample: boolean;
    examples: number;
    counted: number;
    sampled: number;
    total: number;
    trained: number;
    shortest: number;
    mean: number;
    longest: number;
    longest_examples: Array<CountedLine>;
    percentiles: TokenPercentiles;
    histogram: Array<LengthBucket>;
    window: number;
    longer_than_window: number;
    max_length: number;
    longer_than_max_length: number;
    advice: TokenAdvice;
};
/**
 * F1Grader
 *
 * Extension: how many words the answer and an accepted one share (SQuAD's token F1), from 0 to 1.
 */
export type F1Grader = {
    name: string;
    input?: string;
    reference?: string | Array<string>;
    /**
     * More phrases with which an answer abstains, in addition to the known ones.
     */
    phrases?: Array<string>;
    type: 'f1';
    /**
     * The lowest score with which the answer passes.
     */
    pass_threshold?: number | null;
};
/**
 * Failures
 *
 * How many answers failed: by the arm's own fault, so they get the lowest score, or by a fault of the infrastructure or a judge.
 */
export type Failures = {
    own: number;
    infrastructure: number;
};
/**
 * FileContentSource
 *
 * Rows in the request itself.
 */
export type FileContentSource = {
    type: 'file_content';
    content: Array<Row>;
};
/**
 * FileId
 *
 * A JSONL file with the purpose `evals`, whose lines are rows: `{"item": {…}, "sample": {…}}`.
 */
export type FileId = {
    type: 'file_id';
    id: string;
};
/**
 * FileProblem
 *
 * Something that prevents training. `line` is null if it is about the file, `field` if it is about the whole line.
 *
 * `code` is `invalid_encoding`, `invalid_json`, `invalid_value`, `invalid_file_format` (the rest of the file cannot be read),
 * `invalid_n_examples`, `not_supported` (valid for OpenAI, but it cannot be trained here), or `chat_template` (the model's chat template
 * refuses the example, or does not show its tools).
 */
export type FileProblem = {
    line: number | null;
    field: string | null;
    code: string;
    message: string;
};
/**
 * FileSearchTool
 *
 * Answer from these vector stores. The fields that OpenAI does not have mean the same as in the `retrieval` field of chat.
 */
export type FileSearchTool = {
    search_mode?: 'vector' | 'keyword' | 'hybrid';
    rerank?: Rerank | null;
    max_context_tokens?: number;
    order?: 'relevance' | 'reverse' | 'document';
    query?: 'last' | 'conversation';
    prompt_template?: string | null;
    on_empty?: 'answer' | 'abstain';
    attribution?: 'embeddings' | 'words' | 'none';
    type: 'file_search';
    vector_store_ids: Array<string>;
    filters?: ComparisonFilter | CompoundFilter | null;
    max_num_results?: number;
    ranking_options?: RankingOptions;
};
/**
 * FileValidation
 *
 * What was found in a file. `problems` has the first 100 of `num_problems`.
 *
 * If `complete` is false, the last problem prevents reading the rest. `format` is null if no line is valid. `messages` counts the messages
 * by role, as they are trained; `lengths` is null without examples. `tokens` is null without `model`, and if no tokens could be counted:
 * the warning `tokens_not_counted`, or problems with the code `chat_template`, then say why.
 */
export type FileValidation = {
    id: string;
    filename: string;
    bytes: number;
    valid: boolean;
    complete: boolean;
    format: 'chat' | 'preference' | 'prompt_completion' | 'alpaca' | 'sharegpt' | 'csv' | null;
    examples: number;
    wrong_lines: number;
    messages: {
        [key: string]: number;
    };
    num_problems: number;
    problems: Array<FileProblem>;
    warnings: Array<FileWarning>;
    lengths: ExampleLengths | null;
    tokens: ExampleTokens | null;
};
/**
 * FileWarning
 *
 * Something that does not prevent training. `lines` are the first ten.
 */
export type FileWarning = {
    code: 'converted' | 'changed' | 'unused_fields' | 'duplicates' | 'near_duplicates' | 'overlap' | 'secrets' | 'turns' | 'long_examples' | 'not_compared' | 'tokens_not_counted';
    message: string;
    lines: Array<number>;
};
/**
 * FineTuningEstimate
 *
 * What a fine-tuning job would take. Nothing is stored or loaded: it follows from the base model's `config.json`.
 *
 * `length` is what memory is estimated for: the tokens of the longest example, or `max_length`; for a preference pair, twice as many.
 * `n_epochs` is null if it is `auto` and there is no file. `tokens` is null without a file, and if none could be counted: `detail` then
 * says why.
 */
export type FineTuningEstimate = {
    object: 'fine_tuning.estimate';
    model: string;
    base: string;
    parameters: number;
    trained_parameters: TrainedParameters;
    trainable_here: TrainableHere;
    batch_size: number;
    max_length: number;
    length: number;
    n_epochs: number | null;
    tokens: TokenEstimate | null;
    memory: Array<MethodsMemory>;
    devices: Array<DeviceEstimate>;
    detail: string;
};
/**
 * FineTuningEstimateCreate
 *
 * Body of `POST /v1/fine_tuning/estimate`: the fields of a job that decide what it takes, and a price sheet.
 *
 * Without `training_file`, every example is assumed to have `max_length` tokens, and tokens, time and cost are not known. The
 * `validation_file` is checked as for a job, but only together with a training file.
 */
export type FineTuningEstimateCreate = {
    model: string;
    training_file?: string | null;
    validation_file?: string | null;
    method?: Method;
    /**
     * The price sheet of comparisons; only `training_hour` matters.
     */
    prices?: Prices | null;
};
/**
 * FineTuningJob
 *
 * A fine-tuning job.
 *
 * Extensions: `stage`, `percent` (0-100), `probe`, `metrics`, `effect`, `priority`, `device`, and `retry_of`, the job that this one
 * repeats. `stage` is `waiting_for_project` or `waiting_for_device` while a job waits because of a limit that the operator has set, and
 * `waiting_for_memory` while it waits for free GPU memory.
 *
 * `hyperparameters`, and those in `method`, are `auto` until the worker has read the files, and then what it trains with.
 * `usage_metrics` is always null: OpenAI has it for reinforcement fine-tuning only.
 * `result_files` has the metrics of the steps: a CSV file, then an event file for TensorBoard.
 */
export type FineTuningJob = {
    id: string;
    object: 'fine_tuning.job';
    created_at: number;
    finished_at: number | null;
    model: string;
    fine_tuned_model: string | null;
    organization_id: string;
    status: 'validating_files' | 'queued' | 'running' | 'paused' | 'succeeded' | 'failed' | 'cancelled';
    training_file: string;
    validation_file: string | null;
    hyperparameters: Hyperparameters;
    method: Method;
    seed: number;
    trained_tokens: number | null;
    result_files: Array<string>;
    error: JobError | null;
    estimated_finish: number | null;
    integrations: Array<({
        type: 'wandb';
    } & WandbIntegration) | ({
        type: 'mlflow';
    } & MlflowIntegration)>;
    metadata: {
        [key: string]: string;
    } | null;
    user_provided_suffix: string | null;
    usage_metrics: {
        [key: string]: unknown;
    } | null;
    stage: string;
    percent: number;
    probe: Probe | null;
    metrics: {
        [key: string]: unknown;
    } | null;
    effect: TrainingEffect | null;
    retry_of: string | null;
    priority: 'low' | 'normal' | 'high';
    device: 'auto' | 'cpu' | 'gpu';
};
/**
 * FineTuningJobCheckpoint
 *
 * The model after one of the last epochs of a job, or after the best. `fine_tuned_model_checkpoint` is its name; use it as `model`.
 *
 * `answers`, an extension, has its answers to sample prompts.
 */
export type FineTuningJobCheckpoint = {
    id: string;
    object: 'fine_tuning.job.checkpoint';
    created_at: number;
    fine_tuned_model_checkpoint: string;
    fine_tuning_job_id: string;
    step_number: number;
    metrics: CheckpointMetrics;
    answers: Array<SampleAnswer>;
};
/**
 * FineTuningJobCreate
 *
 * Body of `POST /v1/fine_tuning/jobs`.
 */
export type FineTuningJobCreate = {
    model: string;
    training_file: string;
    validation_file?: string | null;
    suffix?: string | null;
    seed?: number | null;
    /**
     * Deprecated by OpenAI in favor of `method`.
     */
    hyperparameters?: Hyperparameters | null;
    method?: Method | null;
    metadata?: {
        [key: string]: string;
    } | null;
    /**
     * The experiment trackers that the job is reported to. Extension: the type `mlflow`.
     */
    integrations?: Array<({
        type: 'wandb';
    } & WandbIntegration) | ({
        type: 'mlflow';
    } & MlflowIntegration)> | null;
    /**
     * Extension. The order of a project's waiting jobs. It does not put one project ahead of another.
     */
    priority?: 'low' | 'normal' | 'high';
    /**
     * Extension. The devices that the job may run on. `auto` means any; with `cpu` or `gpu`, the job waits for a worker with such a device.
     */
    device?: 'auto' | 'cpu' | 'gpu';
};
/**
 * FineTuningJobEvent
 *
 * Something that happened to a job.
 *
 * The `data` of a `metrics` event has `step` and `total_steps`, and those of `train_loss`, `train_mean_token_accuracy`, `valid_loss`,
 * `full_valid_loss`, `valid_mean_token_accuracy` and `full_valid_mean_token_accuracy` that were measured at the step. Validation always
 * reads the whole file, so both of its losses are the same. Extensions: `percent`, `seconds_left`, `tokens_per_second`,
 * `peak_memory_bytes`, `learning_rate` and `grad_norm`. With the method `dpo`, there is no token accuracy. Instead, there are
 * `train_reward_accuracy` and `valid_reward_accuracy`, the share of pairs in which the preferred answer has the higher reward, and
 * `train_reward_margin` and `valid_reward_margin`, how much higher it is on average.
 */
export type FineTuningJobEvent = {
    id: string;
    object: 'fine_tuning.job.event';
    created_at: number;
    level: 'info' | 'warn' | 'error';
    message: string;
    type: 'message' | 'metrics';
    data: {
        [key: string]: unknown;
    };
};
/**
 * FineTuningJobRetry
 *
 * Body of `POST /v1/fine_tuning/jobs/{job_id}/retry`: what to change in the new job.
 */
export type FineTuningJobRetry = {
    /**
     * By default, the method that was requested for the old job.
     */
    method?: Method | null;
    suffix?: string | null;
    seed?: number | null;
    metadata?: {
        [key: string]: string;
    } | null;
    /**
     * By default, those of the old job.
     */
    integrations?: Array<({
        type: 'wandb';
    } & WandbIntegration) | ({
        type: 'mlflow';
    } & MlflowIntegration)> | null;
    /**
     * The order of a project's waiting jobs. It does not put one project ahead of another. By default, that of the old job.
     */
    priority?: 'low' | 'normal' | 'high' | null;
    /**
     * The devices that the job may run on. `auto` means any; with `cpu` or `gpu`, the job waits for a worker with such a device. By default, that of the old job.
     */
    device?: 'auto' | 'cpu' | 'gpu' | null;
};
/**
 * FineTuningValidation
 *
 * What was found in the files of a fine-tuning job. It is valid if both files are. Nothing is stored.
 */
export type FineTuningValidation = {
    object: 'fine_tuning.validation';
    valid: boolean;
    training_file: FileValidation;
    validation_file: FileValidation | null;
    /**
     * How long the check took.
     */
    seconds: number;
};
/**
 * FineTuningValidationCreate
 *
 * Body of `POST /v1/fine_tuning/validate`. With `stream`, the response is a stream of events.
 *
 * With `model`, the engine counts the tokens of the examples.
 */
export type FineTuningValidationCreate = {
    training_file: string;
    validation_file?: string | null;
    model?: string | null;
    method?: MethodChoice;
    stream?: boolean;
};
/**
 * FunctionChoice
 *
 * The model must call this function.
 */
export type FunctionChoice = {
    type: 'function';
    name: string;
};
/**
 * FunctionTool
 *
 * A function that the model may ask the client to call.
 */
export type FunctionTool = {
    type: 'function';
    name: string;
    description?: string | null;
    parameters?: {
        [key: string]: unknown;
    } | null;
    strict?: boolean | null;
};
/**
 * GeneralTextEffect
 *
 * A general English text of `tokens` tokens that has nothing to do with the training.
 *
 * If its perplexity rises, the model has forgotten something: `slight` from 5%, `strong` from 25%. `detail` has the figures in words.
 */
export type GeneralTextEffect = {
    tokens: number;
    perplexity: Change;
    drift: 'none' | 'slight' | 'strong';
    detail: string;
};
/**
 * Generator
 *
 * The model that writes and checks the examples.
 *
 * Without `url`, it is a model that this API serves. `url` is the base URL of another OpenAI-compatible API, such as
 * `https://models.example.com/v1`. The operator must have allowed it in `EVALUATION_EXTERNAL_GENERATORS`, which also has its key.
 */
export type Generator = {
    model: string;
    url?: string | null;
};
/**
 * GraderErrors
 *
 * What went wrong, for a `multi` also in the graders that its formula does not use.
 *
 * Always false or null: the errors of `python`, which is refused, and `truncated_observation_error`, `unresponsive_reward_error` and
 * `model_grader_refusal_error`, because the output of a grading model is constrained to a score or a label.
 */
export type GraderErrors = {
    /**
     * `calculate_output` cannot be computed for these scores.
     */
    formula_parse_error: boolean;
    /**
     * The answer is not the JSON that a template reads, or lacks a field of it.
     */
    sample_parse_error: boolean;
    truncated_observation_error: boolean;
    unresponsive_reward_error: boolean;
    /**
     * A template names a field that the item does not have.
     */
    invalid_variable_error: boolean;
    /**
     * For example, a text is too long.
     */
    other_error: boolean;
    python_grader_server_error: boolean;
    python_grader_server_error_type: string | null;
    python_grader_runtime_error: boolean;
    python_grader_runtime_error_details: string | null;
    /**
     * A grading model or the embedding model could not be called.
     */
    model_grader_server_error: boolean;
    model_grader_refusal_error: boolean;
    /**
     * The output of a grading model cannot be used.
     */
    model_grader_parse_error: boolean;
    model_grader_server_error_details: string | null;
    /**
     * Extension: each error in words, with the name of the grader in a `multi`.
     */
    messages: Array<string>;
};
/**
 * GraderMessage
 *
 * A message to the model that grades: its content is text, a part, or a list of both. Texts may have templates.
 */
export type GraderMessage = {
    role: 'user' | 'assistant' | 'system' | 'developer';
    content: string | ({
        type: 'input_text' | 'output_text';
    } & TextPart) | ({
        type: 'input_image';
    } & ImagePart) | ({
        type: 'input_audio';
    } & AudioPart) | Array<string | ({
        type: 'input_text' | 'output_text';
    } & TextPart) | ({
        type: 'input_image';
    } & ImagePart) | ({
        type: 'input_audio';
    } & AudioPart)>;
    type?: 'message' | null;
};
/**
 * GraderRun
 *
 * Body of `POST /v1/fine_tuning/alpha/graders/run`.
 */
export type GraderRun = {
    grader: ({
        type: 'string_check';
    } & StringCheckGrader) | ({
        type: 'text_similarity';
    } & TextSimilarityGrader) | ({
        type: 'score_model';
    } & ScoreModelGrader) | ({
        type: 'multi';
    } & MultiGrader) | ({
        type: 'python';
    } & PythonGrader) | ({
        type: 'exact_match';
    } & ExactMatchGrader) | ({
        type: 'f1';
    } & F1Grader) | ({
        type: 'contains';
    } & ContainsGrader) | ({
        type: 'numeric';
    } & NumericGrader) | ({
        type: 'json_schema';
    } & JsonSchemaGrader) | ({
        type: 'abstention';
    } & AbstentionGrader);
    /**
     * The answer to grade: `sample.output_text`, and `sample.output_json` if it is JSON.
     */
    model_sample: string;
    /**
     * The row of the dataset that the answer belongs to.
     */
    item?: {
        [key: string]: unknown;
    };
};
/**
 * GraderRunMetadata
 *
 * How the reward came about.
 */
export type GraderRunMetadata = {
    name: string;
    type: string;
    errors: GraderErrors;
    /**
     * Seconds.
     */
    execution_time: number;
    /**
     * The scores of the graders of a `multi` that have no error.
     */
    scores: {
        [key: string]: number;
    };
    /**
     * All tokens of grading models; null if none was called.
     */
    token_usage: number | null;
    /**
     * The grading model; null if none was called, or several.
     */
    sampled_model_name: string | null;
};
/**
 * GraderRunResponse
 *
 * The reward of an answer: 0 if it could not be graded, as `metadata.errors` then says.
 */
export type GraderRunResponse = {
    reward: number;
    metadata: GraderRunMetadata;
    /**
     * The scores of the graders of a `multi`; 0 for those with an error.
     */
    sub_rewards: {
        [key: string]: number;
    };
    model_grader_token_usage_per_model: {
        [key: string]: number;
    };
};
/**
 * GraderValidate
 *
 * Body of `POST /v1/fine_tuning/alpha/graders/validate`.
 */
export type GraderValidate = {
    grader: ({
        type: 'string_check';
    } & StringCheckGrader) | ({
        type: 'text_similarity';
    } & TextSimilarityGrader) | ({
        type: 'score_model';
    } & ScoreModelGrader) | ({
        type: 'multi';
    } & MultiGrader) | ({
        type: 'python';
    } & PythonGrader) | ({
        type: 'exact_match';
    } & ExactMatchGrader) | ({
        type: 'f1';
    } & F1Grader) | ({
        type: 'contains';
    } & ContainsGrader) | ({
        type: 'numeric';
    } & NumericGrader) | ({
        type: 'json_schema';
    } & JsonSchemaGrader) | ({
        type: 'abstention';
    } & AbstentionGrader);
};
/**
 * GraderValidateResponse
 *
 * The grader as it was understood, with its defaults.
 */
export type GraderValidateResponse = {
    grader: ({
        type: 'string_check';
    } & StringCheckGrader) | ({
        type: 'text_similarity';
    } & TextSimilarityGrader) | ({
        type: 'score_model';
    } & ScoreModelGrader) | ({
        type: 'label_model';
    } & LabelModelGrader) | ({
        type: 'python';
    } & PythonGrader) | ({
        type: 'exact_match';
    } & ExactMatchGrader) | ({
        type: 'f1';
    } & F1Grader) | ({
        type: 'contains';
    } & ContainsGrader) | ({
        type: 'numeric';
    } & NumericGrader) | ({
        type: 'json_schema';
    } & JsonSchemaGrader) | ({
        type: 'abstention';
    } & AbstentionGrader) | ({
        type: 'multi';
    } & MultiGrader);
};
/**
 * GroundingSummary
 *
 * How an answer from documents was made.
 *
 * `abstained` is true if no model was called. `notes` say what the caller should know, such as passages that did not fit.
 * `trace` is included if the request asks for it.
 */
export type GroundingSummary = {
    abstained: boolean;
    notes: Array<string>;
    trace: Trace | null;
};
/**
 * HybridSearch
 *
 * The weights of reciprocal rank fusion, as in OpenAI's `file_search`. At least one must be greater than 0.
 */
export type HybridSearch = {
    embedding_weight: number;
    text_weight: number;
};
/**
 * Hyperparameters
 *
 * OpenAI's hyperparameters, then extensions with the names that TRL has for them.
 *
 * With `auto` the trainer chooses. The learning rate is the multiplier times 1e-4.
 */
export type Hyperparameters = {
    n_epochs?: 'auto' | number;
    batch_size?: 'auto' | number;
    learning_rate_multiplier?: 'auto' | number;
    /**
     * After the warm-up, the learning rate falls to 0, linearly or along a cosine, or stays constant.
     */
    lr_scheduler_type?: 'linear' | 'cosine' | 'constant';
    /**
     * Share of the steps in which the learning rate rises from 0.
     */
    warmup_ratio?: number;
    /**
     * A number replaces `warmup_ratio`.
     */
    warmup_steps?: 'auto' | number;
    /**
     * AdamW's decoupled weight decay.
     */
    weight_decay?: number;
    /**
     * A batch of `batch_size` examples is computed in at least this many parts; in more if memory is short.
     */
    gradient_accumulation_steps?: number;
    /**
     * Tokens after which an example is truncated.
     */
    max_length?: 'auto' | number;
    /**
     * The training ends after this many epochs in a row without a lower validation loss. It needs a `validation_file`.
     */
    early_stopping_patience?: number | null;
    /**
     * The loss must fall by more than this to count as lower for `early_stopping_patience`.
     */
    early_stopping_threshold?: number;
    /**
     * Several examples share a row of tokens, without seeing each other, instead of being padded.
     */
    packing?: boolean;
};
/**
 * ImagePart
 *
 * An image in a message. The model must be able to read images.
 */
export type ImagePart = {
    type: 'input_image';
    image_url: string;
    /**
     * One of `high`, `low`, or `auto`.
     */
    detail?: string | null;
};
/**
 * ImportedCriterionResult
 *
 * The items that passed and failed a criterion.
 */
export type ImportedCriterionResult = {
    testing_criteria: string;
    passed: number;
    failed: number;
    errored?: number;
};
/**
 * ImportedError
 *
 * Why a run failed.
 */
export type ImportedError = {
    code: string;
    message: string;
};
/**
 * ImportedEval
 *
 * An eval, as `evals.retrieve` returns it.
 */
export type ImportedEval = {
    id: string;
    name: string;
    created_at: number;
    data_source_config: {
        [key: string]: unknown;
    };
    testing_criteria: Array<{
        [key: string]: unknown;
    }>;
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * ImportedItem
 *
 * An output item, as `evals.runs.output_items.list` returns it.
 */
export type ImportedItem = {
    id: string;
    run_id: string;
    created_at: number;
    status: 'pass' | 'fail' | 'error';
    datasource_item_id: number;
    datasource_item: {
        [key: string]: unknown;
    };
    results: Array<{
        [key: string]: unknown;
    }>;
    sample?: {
        [key: string]: unknown;
    } | null;
};
/**
 * ImportedRun
 *
 * A run that has ended, as `evals.runs.retrieve` returns it.
 */
export type ImportedRun = {
    id: string;
    name: string;
    created_at: number;
    status: 'completed' | 'canceled' | 'failed';
    data_source: {
        [key: string]: unknown;
    };
    result_counts: ResultCounts;
    per_model_usage?: Array<ImportedUsage> | null;
    per_testing_criteria_results?: Array<ImportedCriterionResult> | null;
    error?: ImportedError | null;
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * ImportedUsage
 *
 * The calls and tokens of one model.
 */
export type ImportedUsage = {
    model_name: string;
    invocation_count: number;
    prompt_tokens: number;
    completion_tokens: number;
    cached_tokens: number;
    total_tokens: number;
};
/**
 * InputTokenCount
 *
 * Body of `POST /v1/responses/input_tokens`. Passages that a search would find are not counted. `reasoning` has no effect.
 */
export type InputTokenCount = {
    instructions?: string | null;
    previous_response_id?: string | null;
    text?: TextConfig;
    tools?: Array<({
        type: 'file_search';
    } & FileSearchTool) | ({
        type: 'function';
    } & FunctionTool)>;
    tool_choice?: 'none' | 'auto' | 'required' | ({
        type: 'function';
    } & FunctionChoice) | ({
        type: 'file_search';
    } & SearchChoice) | ({
        type: 'allowed_tools';
    } & AllowedTools);
    parallel_tool_calls?: boolean;
    truncation?: 'auto' | 'disabled';
    model?: string | null;
    input?: string | Array<{
        [key: string]: unknown;
    }> | null;
    reasoning?: Reasoning | null;
};
/**
 * InputTokens
 *
 * The number of tokens in the prompt.
 */
export type InputTokens = {
    object: 'response.input_tokens';
    input_tokens: number;
};
/**
 * InputTokensDetails
 *
 * Tokens that the engine took from its cache.
 */
export type InputTokensDetails = {
    cached_tokens: number;
    cache_write_tokens: number;
};
/**
 * ItemReference
 *
 * A field of each row that holds the messages, such as `item.input_trajectory`.
 */
export type ItemReference = {
    type: 'item_reference';
    item_reference: string;
};
/**
 * ItemResult
 *
 * The grade by one criterion. `name` is the criterion's id. `sample` has the call of a model that graded, or the error.
 */
export type ItemResult = {
    name: string;
    type: string;
    score: number | null;
    passed: boolean;
    sample?: {
        [key: string]: unknown;
    } | null;
    /**
     * Extension: why the answer could not be graded by this criterion.
     */
    error?: RunError | null;
    [key: string]: unknown;
};
/**
 * ItemSample
 *
 * What the model was asked and what it answered. `retrieved`, an extension, has the passages that a search found.
 */
export type ItemSample = {
    input: Array<SampleMessage>;
    output: Array<SampleMessage>;
    finish_reason: string | null;
    model: string;
    usage: SampleUsage | null;
    error: RunError | null;
    temperature: number | null;
    max_completion_tokens: number | null;
    top_p: number | null;
    seed: number | null;
    retrieved: Array<{
        [key: string]: unknown;
    }> | null;
};
/**
 * JobError
 *
 * Why a job failed.
 */
export type JobError = {
    code: string;
    message: string;
    param: string | null;
};
/**
 * JsonSchemaGrader
 *
 * Extension: 1 if the answer is JSON that is valid under `schema` (draft 2020-12).
 */
export type JsonSchemaGrader = {
    type: 'json_schema';
    name: string;
    input?: string;
    schema: {
        [key: string]: unknown;
    };
};
/**
 * JsonlRun
 *
 * Rows that are graded as they are.
 */
export type JsonlRun = {
    type: 'jsonl';
    source: ({
        type: 'file_content';
    } & FileContentSource) | ({
        type: 'file_id';
    } & FileId);
};
/**
 * JudgeFigures
 *
 * How far a model grader can be trusted, measured on a slice of the answers before it decides.
 *
 * `consistency` is the share of answers that get the same grade if answer and reference change places. `agreement` is the share of
 * right verdicts on accepted answers, which should pass, and on answers to other questions, which should not. Both are null if they
 * could not be measured. `unparseable` is the share of outputs that could not be read.
 */
export type JudgeFigures = {
    grader: string;
    model: string;
    judged: number;
    consistency: number | null;
    agreement: number | null;
    unparseable: number;
};
/**
 * LabelModelGrader
 *
 * A model gives one of `labels`, to which its output is constrained. The answer passes if it is one of `passing_labels`.
 */
export type LabelModelGrader = {
    type: 'label_model';
    name: string;
    model: string;
    input: Array<GraderMessage>;
    labels: Array<string>;
    passing_labels: Array<string>;
    /**
     * Extension, as in `score_model`.
     */
    sampling_params?: SamplingParams | null;
};
/**
 * LeakedQuestion
 *
 * A question that the training file has, or nearly the same. `line` is its line in the training file, `similarity` is from 0 to 1.
 */
export type LeakedQuestion = {
    question: string;
    line: number;
    similarity: number;
    left_out: boolean;
};
/**
 * LengthBucket
 *
 * How many examples have from `minimum` to `maximum` characters or tokens, both included.
 */
export type LengthBucket = {
    minimum: number;
    maximum: number;
    examples: number;
};
/**
 * Live
 *
 * The process responds.
 */
export type Live = {
    status?: 'live';
};
/**
 * LogProbabilityChange
 *
 * How much an adapter changes the log-probabilities of tokens that it was trained on, and how much rounding does.
 *
 * `difference` is the mean distance between the adapter and the model that the training started from (the job's `model`), in nats per
 * token. `noise` is the one between the base model and an adapter that changes nothing (its matrix B is zero), which computes the prompt
 * first and then the answer.
 */
export type LogProbabilityChange = {
    difference: number;
    noise: number;
};
/**
 * LogsConfig
 *
 * Rows from stored responses and chat completions that have all entries of `metadata`.
 */
export type LogsConfig = {
    type: 'logs';
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * LoraOptions
 *
 * Extension: the shape of the adapter (Hu et al. 2021): rank `r`, scale `alpha / r`, dropout, and the layers that get one.
 *
 * With `use_rslora`, the scale is `alpha / sqrt(r)` (Kalajdzievski 2023, arXiv:2312.03732), which lets higher ranks learn more.
 * `load_in_4bit` is named as in TRL.
 */
export type LoraOptions = {
    rank?: number;
    /**
     * Default: twice the rank, or 8 with `use_rslora`: the same scale at rank 16.
     */
    alpha?: number | null;
    dropout?: number;
    use_rslora?: boolean;
    /**
     * The linear layers that are adapted, by the last part of their names (`q_proj`).
     */
    target_modules?: 'all-linear' | Array<string>;
    /**
     * Keep the base model in 4 bits (NF4) while the adapter is trained, which takes less memory (QLoRA). This needs a GPU.
     */
    load_in_4bit?: boolean;
};
/**
 * MemoryParts
 *
 * Bytes of memory. `peak` is the most that is needed at a time: all parts, or, if a batch is computed at once, all but the smaller of
 * `gradients` and `activations`. The libraries' memory counts only without a GPU.
 */
export type MemoryParts = {
    weights: number;
    gradients: number;
    optimizer: number;
    activations: number;
    libraries: number;
    peak: number;
};
/**
 * MessagesTemplate
 *
 * The same messages for each row, with the fields of the row filled in.
 */
export type MessagesTemplate = {
    type: 'template';
    template: Array<EvalMessage>;
};
/**
 * Method
 *
 * How to fine-tune: on the answers of chats (`supervised`), or on pairs of a preferred and another answer (`dpo`).
 */
export type Method = {
    type?: 'supervised' | 'dpo';
    supervised?: SupervisedMethod | null;
    dpo?: DpoMethod | null;
};
/**
 * MethodChoice
 *
 * The `method` of a fine-tuning job. Only its `type` and the `max_length` of its hyperparameters matter here.
 */
export type MethodChoice = {
    type?: 'supervised' | 'dpo';
    supervised?: {
        [key: string]: unknown;
    } | null;
    dpo?: {
        [key: string]: unknown;
    } | null;
};
/**
 * MethodsFit
 *
 * Whether a training fits into free memory: `yes`, `no`, or `slower` (in smaller parts or with activations computed twice).
 *
 * `qlora` needs a GPU, so it is `no` on a processor.
 */
export type MethodsFit = {
    full: 'yes' | 'slower' | 'no';
    lora: 'yes' | 'slower' | 'no';
    qlora: 'yes' | 'slower' | 'no';
};
/**
 * MethodsMemory
 *
 * The memory of a training on a type of device, by method, if `examples_at_a_time` go through the model at a time.
 *
 * A batch is split into as many parts as that takes. More examples at a time would need more memory, and save no time.
 */
export type MethodsMemory = {
    device: 'cpu' | 'gpu';
    dtype: 'bfloat16' | 'float32';
    examples_at_a_time: number;
    full: MemoryParts;
    lora: MemoryParts;
    qlora: MemoryParts;
};
/**
 * MlflowIntegration
 *
 * Extension: reports the job to MLflow.
 */
export type MlflowIntegration = {
    type: 'mlflow';
    mlflow: MlflowOptions;
};
/**
 * MlflowOptions
 *
 * Where a run is in MLflow. The experiment is created if it does not exist. `run_name` defaults to the id of the job.
 *
 * The names of `tags` have only letters, digits, `_`, `-` and `.`.
 */
export type MlflowOptions = {
    experiment: string;
    run_name?: string | null;
    tags?: {
        [key: string]: string;
    } | null;
};
/**
 * Model
 *
 * A base model or an adapter. All fields but OpenAI's four are extensions, and only adapters have them.
 *
 * `parent` is the model that the adapter was trained from and `base` the base model under it. `job` is the fine-tuning job that made
 * it, null for an imported adapter, and `checkpoint` the training step of its weights. `reason` says why the adapter is out of service.
 */
export type Model = {
    id: string;
    object: 'model';
    created: number;
    owned_by: string;
    parent: string | null;
    base: string | null;
    job: string | null;
    checkpoint: number | null;
    status: 'in_service' | 'out_of_service' | null;
    reason: string | null;
};
/**
 * ModelExportCreate
 *
 * Body of `POST /v1/models/{model}/export`.
 */
export type ModelExportCreate = {
    /**
     * Must be true: the adapter is added to the base model's weights.
     */
    merge?: true;
    /**
     * The data type of the weights.
     */
    dtype?: 'bfloat16' | 'float16' | 'float32';
};
/**
 * ModelList
 *
 * Every model of the caller's project.
 */
export type ModelList = {
    object: 'list';
    data: Array<Model>;
};
/**
 * ModelUsage
 *
 * The calls and tokens of one model, in answers and grades.
 */
export type ModelUsage = {
    model_name: string;
    invocation_count: number;
    prompt_tokens: number;
    completion_tokens: number;
    cached_tokens: number;
    total_tokens: number;
};
/**
 * MoreQuestions
 *
 * How many more questions would settle the verdict with a probability of 50% and of 80%. Null: more than 5,000.
 */
export type MoreQuestions = {
    for_half: number | null;
    for_four_fifths: number | null;
};
/**
 * MultiGrader
 *
 * Several graders and a formula with their scores, which can use + - * / ^, min, max, abs, floor, ceil, exp, sqrt and log.
 */
export type MultiGrader = {
    type: 'multi';
    name: string;
    graders: {
        [key: string]: ({
            type: 'string_check';
        } & StringCheckGrader) | ({
            type: 'text_similarity';
        } & TextSimilarityGrader) | ({
            type: 'score_model';
        } & ScoreModelGrader) | ({
            type: 'label_model';
        } & LabelModelGrader) | ({
            type: 'python';
        } & PythonGrader) | ({
            type: 'exact_match';
        } & ExactMatchGrader) | ({
            type: 'f1';
        } & F1Grader) | ({
            type: 'contains';
        } & ContainsGrader) | ({
            type: 'numeric';
        } & NumericGrader) | ({
            type: 'json_schema';
        } & JsonSchemaGrader) | ({
            type: 'abstention';
        } & AbstentionGrader);
    };
    calculate_output: string;
    /**
     * Extension: the lowest score with which the answer passes.
     */
    pass_threshold?: number | null;
};
/**
 * NumericGrader
 *
 * Extension: 1 if the answer has the number of the reference, within the larger tolerance and with the reference's unit, if it has one.
 *
 * If the answer has several numbers with the unit, `select` says which one counts.
 */
export type NumericGrader = {
    name: string;
    input?: string;
    reference?: string | Array<string>;
    /**
     * More phrases with which an answer abstains, in addition to the known ones.
     */
    phrases?: Array<string>;
    type: 'numeric';
    absolute_tolerance?: number;
    relative_tolerance?: number;
    select?: 'first' | 'last';
};
/**
 * OutputItem
 *
 * An output item, as the API shows it.
 */
export type OutputItem = {
    id: string;
    object: 'eval.run.output_item';
    created_at: number;
    run_id: string;
    eval_id: string;
    status: 'pass' | 'fail' | 'error';
    datasource_item_id: number;
    datasource_item: {
        [key: string]: unknown;
    };
    results: Array<ItemResult>;
    sample: ItemSample | null;
};
/**
 * OutputTokensDetails
 *
 * Tokens that are not part of the answer's text.
 */
export type OutputTokensDetails = {
    reasoning_tokens: number;
};
/**
 * Overtake
 *
 * From `questions` questions on, `arm` costs less in total than `than`: its fixed cost is higher, but its answers are cheaper.
 */
export type Overtake = {
    arm: string;
    than: string;
    questions: number;
};
/**
 * CheckpointPermissionPage
 */
export type CheckpointPermissionPage = {
    object: 'list';
    data: Array<CheckpointPermission>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * ComparisonEventPage
 */
export type ComparisonEventPage = {
    object: 'list';
    data: Array<ComparisonEvent>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * ComparisonPage
 */
export type ComparisonPage = {
    object: 'list';
    data: Array<Comparison>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * DatasetEventPage
 */
export type DatasetEventPage = {
    object: 'list';
    data: Array<DatasetEvent>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * DatasetPage
 */
export type DatasetPage = {
    object: 'list';
    data: Array<Dataset>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * EvalPage
 */
export type EvalPage = {
    object: 'list';
    data: Array<Eval>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * FineTuningJobCheckpointPage
 */
export type FineTuningJobCheckpointPage = {
    object: 'list';
    data: Array<FineTuningJobCheckpoint>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * FineTuningJobEventPage
 */
export type FineTuningJobEventPage = {
    object: 'list';
    data: Array<FineTuningJobEvent>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * FineTuningJobPage
 */
export type FineTuningJobPage = {
    object: 'list';
    data: Array<FineTuningJob>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * OutputItemPage
 */
export type OutputItemPage = {
    object: 'list';
    data: Array<OutputItem>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * RunPage
 */
export type RunPage = {
    object: 'list';
    data: Array<Run>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * StoredCompletionPage
 */
export type StoredCompletionPage = {
    object: 'list';
    data: Array<StoredCompletion>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * StoredMessagePage
 */
export type StoredMessagePage = {
    object: 'list';
    data: Array<StoredMessage>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * WebhookEndpointPage
 */
export type WebhookEndpointPage = {
    object: 'list';
    data: Array<WebhookEndpoint>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * ItemPage
 */
export type ItemPage = {
    object: 'list';
    data: Array<{
        [key: string]: unknown;
    }>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * PassRate
 *
 * Extension: the share of graded items that passed, with its 95% interval (Wilson's). Items that errored are left out.
 */
export type PassRate = {
    rate: number;
    low: number;
    high: number;
    items: number;
};
/**
 * Prices
 *
 * A price sheet, in any currency. Tokens are priced per million, machines per hour of work.
 *
 * If `engine_hour` is given, an answer costs the seconds that the engine worked on it, instead of its tokens. What training and indexing
 * cost is spread over `expected_questions`. How long they took is measured, unless you send the seconds.
 */
export type Prices = {
    prompt?: number;
    completion?: number;
    engine_hour?: number | null;
    training_hour?: number;
    indexing_hour?: number;
    /**
     * Default: what the fine-tuning job of `model` took.
     */
    training_seconds?: number | null;
    /**
     * Default: what indexing the files of the vector stores took, or nothing if that was not measured.
     */
    indexing_seconds?: number | null;
    expected_questions?: number;
};
/**
 * Probe
 *
 * Whether the adapter differs from the model that the training started from: the base model, or the fine-tuned model that it continued.
 *
 * `differs`: the served adapter answers a training prompt differently, or it changes log-probabilities by more than 3 times the noise;
 * `same`: neither, so the training shows no effect; `not_run`: see `detail`. `log_probabilities` is null if they were not measured.
 */
export type Probe = {
    status: 'differs' | 'same' | 'not_run';
    detail: string;
    log_probabilities: LogProbabilityChange | null;
};
/**
 * PromptfooAssertion
 *
 * What an output must be like.
 */
export type PromptfooAssertion = {
    type: string;
    value?: unknown;
    threshold?: number | null;
    provider?: string | PromptfooProvider | null;
    metric?: string | null;
    weight?: number | null;
    [key: string]: unknown;
};
/**
 * PromptfooConfig
 *
 * A configuration with everything in it: files that it names are not read.
 */
export type PromptfooConfig = {
    description?: string | null;
    prompts: Array<string | PromptfooPrompt>;
    providers: Array<string | PromptfooProvider>;
    tests: Array<PromptfooTest>;
    defaultTest?: PromptfooTest | null;
    [key: string]: unknown;
};
/**
 * PromptfooImport
 *
 * Body of `POST /v1/evals/import/promptfoo`.
 *
 * `models` names models here that replace those of the configuration: `{"gpt-4o": "smollm2-135m-instruct"}`.
 */
export type PromptfooImport = {
    config: PromptfooConfig;
    models?: {
        [key: string]: string;
    };
};
/**
 * PromptfooImportResult
 *
 * The eval, the rows of its data, the runs to start with them, and what has no counterpart here.
 */
export type PromptfooImportResult = {
    object: 'eval.import';
    eval: Eval;
    rows: Array<Row>;
    runs: Array<PromptfooRun>;
    skipped: Array<SkippedField>;
};
/**
 * PromptfooOptions
 *
 * How the outputs of a test are graded. `provider` is the model that grades.
 */
export type PromptfooOptions = {
    provider?: string | PromptfooProvider | null;
    disableVarExpansion?: boolean | null;
    [key: string]: unknown;
};
/**
 * PromptfooPrompt
 *
 * A prompt with a label.
 */
export type PromptfooPrompt = {
    raw: string;
    label?: string | null;
    id?: string | null;
    [key: string]: unknown;
};
/**
 * PromptfooProvider
 *
 * A model, such as `openai:gpt-4o`, and how it is sampled.
 */
export type PromptfooProvider = {
    id: string;
    label?: string | null;
    config?: PromptfooSampling | null;
    [key: string]: unknown;
};
/**
 * PromptfooRun
 *
 * A run to start: one prompt and one model. `data_source` lacks its `source`, the rows.
 */
export type PromptfooRun = {
    name: string;
    data_source: {
        [key: string]: unknown;
    };
};
/**
 * PromptfooSampling
 *
 * How a model is sampled.
 */
export type PromptfooSampling = {
    temperature?: number | null;
    top_p?: number | null;
    max_tokens?: number | null;
    max_completion_tokens?: number | null;
    max_output_tokens?: number | null;
    seed?: number | null;
    response_format?: {
        [key: string]: unknown;
    } | null;
    tools?: Array<{
        [key: string]: unknown;
    }> | null;
    [key: string]: unknown;
};
/**
 * PromptfooTest
 *
 * A test: the values of the variables in the prompts, and what the output must be like.
 */
export type PromptfooTest = {
    vars?: {
        [key: string]: unknown;
    } | null;
    assert?: Array<PromptfooAssertion> | null;
    options?: PromptfooOptions | null;
    description?: string | null;
    metadata?: {
        [key: string]: unknown;
    } | null;
    [key: string]: unknown;
};
/**
 * PythonGrader
 *
 * OpenAI's grader that runs code. It is refused.
 */
export type PythonGrader = {
    type: 'python';
    name?: string;
    source?: string | null;
    image_tag?: string | null;
    pass_threshold?: number | null;
};
/**
 * Raft
 *
 * Training examples with passages in the prompt (RAFT, Zhang et al. 2024, arXiv 2403.10131), in the form of the built-in template.
 *
 * `oracle_share` of the examples have the passage with the answer among `distractors` other passages from a search.
 * `unanswerable_share` have only other passages, and `abstention` as their answer. `plain_share` have the question alone. The rest
 * have only other passages but keep their answer, as in the paper.
 */
export type Raft = {
    oracle_share?: number;
    unanswerable_share?: number;
    plain_share?: number;
    distractors?: number;
    abstention?: string;
};
/**
 * RankingOptions
 *
 * How hits are ranked, and the score below which they are left out.
 *
 * `ranker`: `none`, `auto` and `default-2024-11-15` rank by the fused score. Extension: the name of the configured reranker ranks by the
 * reranker's score. `hybrid_search` selects reciprocal rank fusion with these weights.
 */
export type RankingOptions = {
    ranker?: string;
    score_threshold?: number;
    hybrid_search?: HybridSearch | null;
};
/**
 * Ready
 *
 * Whether the service can do its work. `missing` maps what the service needs and cannot reach to the reason.
 *
 * Only the front door has `engines`: for each base model, the URLs of its engines with `up`, or why the engine is skipped.
 */
export type Ready = {
    status: 'ready' | 'not_ready';
    missing?: {
        [key: string]: string;
    };
    engines?: {
        [key: string]: {
            [key: string]: string;
        };
    } | null;
};
/**
 * Reasoning
 *
 * How much a model reasons before it answers. Models that do not reason ignore it.
 */
export type Reasoning = {
    effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;
};
/**
 * Rerank
 *
 * The reranker ranks the best `top_k` candidates (at least `max_num_results`) again. Only these can be hits.
 */
export type Rerank = {
    top_k?: number;
};
/**
 * Response
 *
 * A response, with the options of its request. Extensions: `seed`; `grounding` says how an answer from documents was made.
 */
export type Response = {
    id: string;
    object: 'response';
    created_at: number;
    completed_at: number | null;
    status: 'completed' | 'failed' | 'in_progress' | 'cancelled' | 'queued' | 'incomplete';
    error: ResponseError | null;
    incomplete_details: {
        [key: string]: string;
    } | null;
    instructions: string | null;
    max_output_tokens: number | null;
    max_tool_calls: number | null;
    model: string;
    output: Array<{
        [key: string]: unknown;
    }>;
    parallel_tool_calls: boolean;
    previous_response_id: string | null;
    background: boolean;
    store: boolean;
    temperature: number;
    top_p: number;
    presence_penalty: number;
    frequency_penalty: number;
    top_logprobs: number;
    reasoning: Reasoning | null;
    seed: number | null;
    text: TextConfigOutput;
    tool_choice: 'none' | 'auto' | 'required' | ({
        type: 'function';
    } & FunctionChoice) | ({
        type: 'file_search';
    } & SearchChoice) | ({
        type: 'allowed_tools';
    } & AllowedTools);
    tools: Array<({
        type: 'file_search';
    } & FileSearchTool) | ({
        type: 'function';
    } & FunctionTool)>;
    truncation: 'auto' | 'disabled';
    usage: Usage | null;
    user: string | null;
    safety_identifier: string | null;
    prompt_cache_key: string | null;
    prompt_cache_retention: 'in_memory' | 'in-memory' | '24h' | null;
    service_tier: string;
    grounding: GroundingSummary | null;
    metadata: {
        [key: string]: string;
    };
};
/**
 * ResponseCreate
 *
 * Body of `POST /v1/responses`.
 *
 * `user`, `safety_identifier`, `prompt_cache_key`, `prompt_cache_retention` and `service_tier` are accepted for compatibility and
 * returned; they have no effect.
 * `seed` is an extension: as far as it can, the engine gives the same answer to the same request with the same seed.
 */
export type ResponseCreate = {
    instructions?: string | null;
    previous_response_id?: string | null;
    text?: TextConfig;
    tools?: Array<({
        type: 'file_search';
    } & FileSearchTool) | ({
        type: 'function';
    } & FunctionTool)>;
    tool_choice?: 'none' | 'auto' | 'required' | ({
        type: 'function';
    } & FunctionChoice) | ({
        type: 'file_search';
    } & SearchChoice) | ({
        type: 'allowed_tools';
    } & AllowedTools);
    parallel_tool_calls?: boolean;
    truncation?: 'auto' | 'disabled';
    model: string;
    input: string | Array<{
        [key: string]: unknown;
    }>;
    store?: boolean;
    stream?: boolean;
    stream_options?: StreamOptions | null;
    background?: boolean;
    metadata?: {
        [key: string]: string;
    };
    include?: Array<'file_search_call.results' | 'message.output_text.logprobs' | 'reasoning.encrypted_content' | 'trace'>;
    max_output_tokens?: number | null;
    max_tool_calls?: number | null;
    temperature?: number;
    top_p?: number;
    presence_penalty?: number;
    frequency_penalty?: number;
    top_logprobs?: number;
    reasoning?: Reasoning | null;
    seed?: number | null;
    user?: string | null;
    safety_identifier?: string | null;
    prompt_cache_key?: string | null;
    prompt_cache_retention?: 'in_memory' | 'in-memory' | '24h' | null;
    service_tier?: 'auto' | 'default';
};
/**
 * ResponseError
 *
 * Why a response failed.
 */
export type ResponseError = {
    code: string;
    message: string;
};
/**
 * ResponseText
 *
 * The format of the output of a response.
 */
export type ResponseText = {
    format?: {
        [key: string]: unknown;
    } | null;
};
/**
 * Responses
 *
 * Stored responses, the newest first. Both times are inclusive; a response must meet all conditions that are given.
 */
export type Responses = {
    type: 'responses';
    metadata?: {
        [key: string]: string;
    } | null;
    model?: string | null;
    created_after?: number | null;
    created_before?: number | null;
    /**
     * Text that the instructions contain. Case does not matter.
     */
    instructions_search?: string | null;
    reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;
    temperature?: number | null;
    top_p?: number | null;
    /**
     * Names of tools that the request of the response must all have offered.
     */
    tools?: Array<string> | null;
    users?: Array<string> | null;
    /**
     * Extension: the highest number of responses.
     */
    limit?: number | null;
};
/**
 * ResponsesRun
 *
 * A response for each row. Without `model` and `input_messages`, stored responses are graded as they are.
 */
export type ResponsesRun = {
    type: 'responses';
    source: ({
        type: 'file_content';
    } & FileContentSource) | ({
        type: 'file_id';
    } & FileId) | ({
        type: 'responses';
    } & Responses);
    input_messages?: ({
        type: 'template';
    } & MessagesTemplate) | ({
        type: 'item_reference';
    } & ItemReference) | null;
    model?: string | null;
    sampling_params?: ResponsesSampling | null;
};
/**
 * ResponsesSampling
 *
 * How responses are sampled. With the tool `file_search`, the run evaluates retrieval and the model together.
 */
export type ResponsesSampling = {
    max_completion_tokens?: number | null;
    max_completions_tokens?: number | null;
    reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;
    seed?: number | null;
    temperature?: number | null;
    top_p?: number | null;
    tools?: Array<{
        [key: string]: unknown;
    }> | null;
    text?: ResponseText | null;
};
/**
 * ResultCounts
 *
 * How many items passed all criteria, failed one, or could not be answered or graded.
 */
export type ResultCounts = {
    total: number;
    passed: number;
    failed: number;
    errored: number;
};
/**
 * RetrievalScores
 *
 * How well an arm's search found the `contexts` of the questions, as means over the questions that have contexts.
 *
 * `supported` is the share of questions of which an accepted answer is in a retrieved passage. `missed_by_search` is the share of wrong
 * answers for which no context was retrieved, `missed_by_reading` the share for which one was retrieved but not used.
 */
export type RetrievalScores = {
    questions: number;
    recall: number;
    precision: number;
    ndcg: number;
    mrr: number;
    supported: number;
    missed_by_search: number;
    missed_by_reading: number;
};
/**
 * Row
 *
 * A row of data. `sample` is the answer to grade, if no model is asked: a chat completion, a response, or the fields of one.
 */
export type Row = {
    item: {
        [key: string]: unknown;
    };
    sample?: {
        [key: string]: unknown;
    } | null;
};
/**
 * Run
 *
 * A run, as the API shows it. `stage`, `percent` and `pass_rate` are extensions.
 */
export type Run = {
    id: string;
    object: 'eval.run';
    created_at: number;
    eval_id: string;
    name: string;
    model: string | null;
    status: 'queued' | 'in_progress' | 'completed' | 'canceled' | 'failed';
    data_source: {
        [key: string]: unknown;
    };
    error: RunError | null;
    metadata: {
        [key: string]: string;
    } | null;
    per_model_usage: Array<ModelUsage> | null;
    per_testing_criteria_results: Array<CriterionResult> | null;
    report_url: string;
    result_counts: ResultCounts;
    stage: string;
    percent: number;
    pass_rate: PassRate | null;
};
/**
 * RunComparison
 *
 * What the runs show.
 *
 * `items` counts the items that are compared: those that all runs have and could grade. `left_out` counts the others. `best` is the run
 * that is shown to be better than all others, null if there is none. `not_shown_to_be_worse` lists the runs that no other run is shown to
 * be better than.
 */
export type RunComparison = {
    object: 'eval.run_comparison';
    eval_id: string;
    outcome: 'better' | 'no_difference_shown' | 'too_few';
    text: string;
    best: string | null;
    not_shown_to_be_worse: Array<string>;
    items: number;
    left_out: number;
    runs: Array<ComparedRun>;
    differences: Array<RunDifference>;
};
/**
 * RunComparisonCreate
 *
 * Body of `POST /v1/evals/{eval_id}/compare`: runs of the eval that have completed.
 */
export type RunComparisonCreate = {
    run_ids: Array<string>;
};
/**
 * RunCreate
 *
 * Body of `POST /v1/evals/{eval_id}/runs`.
 */
export type RunCreate = {
    data_source: ({
        type: 'jsonl';
    } & JsonlRun) | ({
        type: 'completions';
    } & CompletionsRun) | ({
        type: 'responses';
    } & ResponsesRun);
    name?: string | null;
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * RunDeleteResponse
 *
 * The response to the DELETE of a run, which has `run_id` where others have `id`.
 */
export type RunDeleteResponse = {
    run_id: string;
    object: 'eval.run.deleted';
    deleted: true;
};
/**
 * RunDifference
 *
 * The pass rate of the run `first` minus that of the run `second`, and its interval. `shown` is true if the interval excludes 0.
 *
 * The intervals hold for all pairs of runs together, at 95%. `only_first` counts the items that passed only in the first run,
 * `only_second` those that passed only in the second.
 */
export type RunDifference = {
    first: string;
    second: string;
    only_first: number;
    only_second: number;
    difference: number;
    low: number;
    high: number;
    shown: boolean;
};
/**
 * RunError
 *
 * Why a run failed, or why an item could not be answered or graded.
 */
export type RunError = {
    code: string;
    message: string;
};
/**
 * RunImport
 *
 * A run that was imported or got output items: its id, the id that the request has for it, and how many items came with it.
 */
export type RunImport = {
    id: string;
    imported_id: string;
    output_items: number;
};
/**
 * SampleAnswer
 *
 * A checkpoint's answer to a prompt of the validation file, or of the training file if there is no validation file.
 *
 * The model always takes the most probable token. `expected` is the answer in the file. Both are cut after 40 tokens.
 */
export type SampleAnswer = {
    prompt: string;
    expected: string;
    answer: string;
    finish_reason: 'stop' | 'length';
};
/**
 * SampleMessage
 *
 * A message to the model, or its answer. Tool calls of the answer are an extra field, as in a chat completion.
 */
export type SampleMessage = {
    role: string;
    content: string | null;
    [key: string]: unknown;
};
/**
 * SampleUsage
 *
 * The tokens of an answer.
 */
export type SampleUsage = {
    total_tokens: number;
    completion_tokens: number;
    prompt_tokens: number;
    cached_tokens: number;
};
/**
 * Sampling
 *
 * How an arm of your own samples its answers.
 */
export type Sampling = {
    temperature?: number;
    top_p?: number;
    /**
     * Default: that of the comparison.
     */
    max_tokens?: number | null;
};
/**
 * SamplingParams
 *
 * How the model that grades is sampled. `temperature` defaults to 0.
 */
export type SamplingParams = {
    max_completions_tokens?: number | null;
    reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;
    seed?: number | null;
    temperature?: number | null;
    top_p?: number | null;
};
/**
 * ScoreComponent
 *
 * A score in [0, 1], its rank (from 1) among the candidates, and the raw value: a cosine similarity or a BM25 score.
 */
export type ScoreComponent = {
    score: number;
    rank: number;
    raw: number | null;
};
/**
 * ScoreModelGrader
 *
 * A model gives a score within `range`, which defaults to `[0, 1]`. The model's output is constrained to steps and a result.
 */
export type ScoreModelGrader = {
    type: 'score_model';
    name: string;
    model: string;
    input: Array<GraderMessage>;
    range?: [
        number,
        number
    ] | null;
    sampling_params?: SamplingParams | null;
    /**
     * The lowest score with which the answer passes.
     */
    pass_threshold?: number | null;
};
/**
 * Scores
 *
 * How a score was computed. `query` is the query with the best score. A part is null if that search did not find the chunk.
 */
export type Scores = {
    query: string;
    vector: ScoreComponent | null;
    keyword: ScoreComponent | null;
    fused: ScoreComponent;
    rerank: ScoreComponent | null;
};
/**
 * SearchChoice
 *
 * The vector stores must be searched.
 */
export type SearchChoice = {
    type: 'file_search';
};
/**
 * SeedScore
 *
 * The mean scores of arms with an adapter that was trained with another seed, and the arm that would be recommended with it.
 */
export type SeedScore = {
    model: string;
    scores: {
        [key: string]: number;
    };
    recommended: string | null;
};
/**
 * Sentence
 *
 * A sentence of an answer, by its characters, and how far the passages support it, from 0 to 1.
 *
 * `passages` are the numbers of the passages it is based on; `unknown` are numbers in its markers that no passage has.
 */
export type Sentence = {
    choice: number;
    start: number;
    end: number;
    passages: Array<number>;
    unknown: Array<number>;
    support: number;
    supported: boolean;
};
/**
 * SkippedField
 *
 * What was not imported, and why.
 */
export type SkippedField = {
    param: string;
    reason: string;
};
/**
 * Split
 *
 * The share of the examples in each part. The shares add up to 1. A document is in one part only.
 */
export type Split = {
    train?: number;
    validation?: number;
    questions?: number;
};
/**
 * StoredAnswers
 *
 * Which stored responses or chat completions become examples, the newest first, and which parts of their prompts are kept.
 *
 * An answer must have all entries of `metadata`. `created_after` and `created_before` are Unix times, both inclusive. `limit` is the
 * highest number of examples in all parts together. `instructions` says what happens to the `instructions` and the system and developer
 * messages, `passages` to what a search found. `tools` says whether answers to requests with functions become examples with `tools`.
 */
export type StoredAnswers = {
    metadata?: {
        [key: string]: string;
    };
    model?: string | null;
    created_after?: number | null;
    created_before?: number | null;
    limit?: number;
    instructions?: 'keep' | 'drop';
    passages?: 'keep' | 'drop';
    tools?: 'keep' | 'skip';
};
/**
 * StoredCompletion
 *
 * A stored chat completion: the answer, its metadata, and fields of its request, which are null if they were not sent.
 */
export type StoredCompletion = {
    id: string;
    created: number;
    model: string;
    usage?: TokenUsage | null;
    citations?: Array<Citation> | null;
    sentences?: Array<Sentence> | null;
    abstained?: boolean | null;
    notes?: Array<string> | null;
    trace?: Trace | null;
    object: 'chat.completion';
    choices: Array<ChatChoice>;
    metadata: {
        [key: string]: string;
    };
    temperature: number | null;
    top_p: number | null;
    presence_penalty: number | null;
    frequency_penalty: number | null;
    seed: number | null;
    tools: Array<{
        [key: string]: unknown;
    }> | null;
    tool_choice: string | {
        [key: string]: unknown;
    } | null;
    response_format: {
        [key: string]: unknown;
    } | null;
    /**
     * The `user` of the request.
     */
    input_user: string | null;
    service_tier: string | null;
    system_fingerprint: string | null;
    /**
     * Always null.
     */
    moderation: {
        [key: string]: unknown;
    } | null;
    [key: string]: unknown;
};
/**
 * StoredCompletionUpdate
 *
 * Body of `POST /v1/chat/completions/{completion_id}`: the new metadata, which replaces the old. Null deletes it.
 */
export type StoredCompletionUpdate = {
    metadata: {
        [key: string]: string;
    } | null;
};
/**
 * StoredCompletions
 *
 * Stored chat completions, the newest first. Both times are inclusive.
 */
export type StoredCompletions = {
    type: 'stored_completions';
    metadata?: {
        [key: string]: string;
    } | null;
    model?: string | null;
    created_after?: number | null;
    created_before?: number | null;
    limit?: number | null;
};
/**
 * StoredCompletionsConfig
 *
 * The older name of `logs`.
 */
export type StoredCompletionsConfig = {
    type: 'stored_completions';
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * StoredMessage
 *
 * A message of the request of a stored chat completion. If its content was a list of parts, `content` has their text.
 */
export type StoredMessage = {
    id: string;
    role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
    content?: string | null;
    name?: string | null;
    tool_calls?: Array<ToolCall> | null;
    tool_call_id?: string | null;
    content_parts?: Array<ContentPart> | null;
    [key: string]: unknown;
};
/**
 * StreamOptions
 *
 * `include_obfuscation` is accepted and has no effect: Tandem does not pad the events of a stream.
 */
export type StreamOptions = {
    include_obfuscation?: boolean;
};
/**
 * StringCheckGrader
 *
 * Compares two texts as they are. `like`: the input contains the reference; `ilike` ignores case. The score is 1 or 0.
 */
export type StringCheckGrader = {
    type: 'string_check';
    name: string;
    input: string;
    operation: 'eq' | 'ne' | 'like' | 'ilike';
    reference: string;
};
/**
 * SupervisedMethod
 *
 * Hyperparameters of supervised fine-tuning. Extension: `lora`.
 */
export type SupervisedMethod = {
    hyperparameters?: Hyperparameters;
    lora?: LoraOptions;
};
/**
 * TagScore
 *
 * An arm's mean of the deciding grader over the questions with one tag, with its 95% interval. Descriptive only.
 */
export type TagScore = {
    tag: string;
    questions: number;
    mean: number;
    interval: [
        number,
        number
    ];
};
/**
 * TextConfig
 *
 * The format of the answer's text. `verbosity` is accepted for compatibility and returned; it has no effect.
 */
export type TextConfig = {
    format?: TextFormat;
    verbosity?: 'low' | 'medium' | 'high' | null;
};
/**
 * TextConfigOutput
 *
 * The format of the answer's text. `verbosity` is accepted for compatibility and returned; it has no effect.
 */
export type TextConfigOutput = {
    format?: TextFormatOutput;
    verbosity?: 'low' | 'medium' | 'high' | null;
};
/**
 * TextFormat
 *
 * Plain text, any JSON object, or JSON that follows a schema.
 */
export type TextFormat = {
    type?: 'text' | 'json_object' | 'json_schema';
    name?: string | null;
    description?: string | null;
    schema?: {
        [key: string]: unknown;
    } | null;
    strict?: boolean | null;
};
export type TextFormatOutput = {
    [key: string]: unknown;
};
/**
 * TextPart
 *
 * Text of a message, of a user or of a model.
 */
export type TextPart = {
    type: 'input_text' | 'output_text';
    text: string;
    /**
     * Accepted and ignored.
     */
    prompt_cache_breakpoint?: {
        [key: string]: unknown;
    } | null;
};
/**
 * TextSimilarityGrader
 *
 * How similar a text is to the reference, from 0 to 1 (`cosine`: from -1 to 1).
 */
export type TextSimilarityGrader = {
    type: 'text_similarity';
    name: string;
    input: string;
    reference: string;
    evaluation_metric: 'fuzzy_match' | 'bleu' | 'gleu' | 'meteor' | 'cosine' | 'rouge_1' | 'rouge_2' | 'rouge_3' | 'rouge_4' | 'rouge_5' | 'rouge_l';
    /**
     * The lowest score with which the answer passes.
     */
    pass_threshold?: number | null;
};
/**
 * TokenAdvice
 *
 * A `max_length` for the job, and why. It truncates none of the counted examples, unless some are longer than the limits.
 */
export type TokenAdvice = {
    max_length: number;
    message: string;
};
/**
 * TokenEstimate
 *
 * The tokens of the training file, each example cut at `max_length`: in one epoch, and in all. `is_sample`: estimated from a sample.
 *
 * A preference pair counts as two chats with the longer answer.
 */
export type TokenEstimate = {
    examples: number;
    longest: number;
    per_epoch: number;
    total: number;
    is_sample: boolean;
};
/**
 * TokenPercentiles
 *
 * The tokens that 50, 90, 95 and 99% of the examples do not exceed.
 */
export type TokenPercentiles = {
    p50: number;
    p90: number;
    p95: number;
    p99: number;
};
/**
 * TokenUsage
 *
 * The number of tokens of the prompt and of the answer.
 */
export type TokenUsage = {
    prompt_tokens: number;
    completion_tokens?: number | null;
    total_tokens: number;
    [key: string]: unknown;
};
/**
 * ToolCall
 *
 * A function that the model calls. A stream sends a call in parts, which have the same `index`.
 */
export type ToolCall = {
    id?: string | null;
    type?: 'function' | null;
    index?: number | null;
    function: CalledFunction;
    [key: string]: unknown;
};
/**
 * Trace
 *
 * How an answer was made.
 *
 * `question` is the user's question, `query` the text that was searched; `context_tokens` is the number of tokens of the passages.
 * `prompt_sha256` is the hash of the body that the engine got, null if no engine was called. `timings_ms` is the time of each step.
 */
export type Trace = {
    question: string;
    query: string;
    hits: Array<TraceHit>;
    context_tokens: number;
    prompt_sha256: string | null;
    timings_ms: {
        [key: string]: number;
    };
};
/**
 * TraceHit
 *
 * A hit of the search; `index` is its number in the prompt, null if it was left out for the `reason`.
 */
export type TraceHit = {
    index: number | null;
    file_id: string;
    filename: string;
    vector_store_id: string;
    chunk_id: string;
    score: number;
    scores: Scores | null;
    reason: 'max_context_tokens' | 'window' | null;
};
/**
 * TrainableHere
 *
 * Which methods a job can use here. `qlora` is true if a running training worker has a GPU and the base model can be in 4 bits.
 */
export type TrainableHere = {
    full: boolean;
    lora: boolean;
    qlora: boolean;
};
/**
 * TrainedParameters
 *
 * How many parameters a method trains. Jobs train `lora`, or `qlora` with `load_in_4bit`; `full` is for comparison.
 */
export type TrainedParameters = {
    full: number;
    lora: number;
    qlora: number;
};
/**
 * TrainingEffect
 *
 * What a training changed. `validation` is null if there is no validation file whose answers can be scored.
 */
export type TrainingEffect = {
    validation: ValidationEffect | null;
    general_text: GeneralTextEffect;
};
/**
 * Usage
 *
 * The tokens of one response.
 */
export type Usage = {
    input_tokens: number;
    input_tokens_details: InputTokensDetails;
    output_tokens: number;
    output_tokens_details: OutputTokensDetails;
    total_tokens: number;
};
/**
 * ValidationEffect
 *
 * The answers of the validation file, or of a random sample of it: `answers` of `total_answers` were measured.
 *
 * `loss` is in nats per token. `exact_match` is the share of answers that the model gives word for word if it always takes the most
 * likely token. `detail` has the figures in words.
 */
export type ValidationEffect = {
    answers: number;
    total_answers: number;
    loss: Change;
    mean_token_accuracy: Change;
    exact_match: Change;
    detail: string;
};
/**
 * Verdict
 *
 * The recommendation, and what it rests on.
 *
 * `recommended` is the cheapest arm shown to be no worse than every other by `margin` or more, if it is also shown to be better than
 * every cheaper arm. `candidates` are the arms shown to be no worse than every other, `not_excluded` those that may be the best.
 * `best` is the arm with the highest mean. A look is one verdict on the questions so far; `alpha` is its one-sided error level.
 */
export type Verdict = {
    outcome: 'recommendation' | 'base_is_enough' | 'not_settled' | 'too_few' | 'failed';
    recommended: string | null;
    best: string;
    text: string;
    headline: string;
    candidates: Array<string>;
    not_excluded: Array<string>;
    none_answers_well: boolean;
    margin: number | null;
    look: number;
    alpha: number | null;
    more_questions: MoreQuestions | null;
    flip_rate: number | null;
    warnings: Array<string>;
    method: string;
};
/**
 * WandbIntegration
 *
 * Reports the job to Weights & Biases.
 */
export type WandbIntegration = {
    type: 'wandb';
    wandb: WandbOptions;
};
/**
 * WandbOptions
 *
 * Where a run is in Weights & Biases. `entity` defaults to that of the operator's key, `name` to the id of the job.
 *
 * `project` must not contain `/`, `\`, `#`, `?`, `%` or `:`.
 */
export type WandbOptions = {
    project: string;
    entity?: string | null;
    name?: string | null;
    tags?: Array<string> | null;
};
/**
 * WebhookEndpoint
 *
 * An endpoint that events are sent to. `updated_at` is when it or its secret last changed.
 */
export type WebhookEndpoint = {
    id: string;
    object: 'webhook_endpoint';
    created_at: number;
    event_types: Array<string>;
    name: string;
    signing_secret_hint: string;
    updated_at: number;
    url: string;
};
/**
 * WebhookEndpointCreate
 *
 * Body of `POST /v1/webhook_endpoints`.
 */
export type WebhookEndpointCreate = {
    event_types: Array<'fine_tuning.job.succeeded' | 'fine_tuning.job.failed' | 'fine_tuning.job.cancelled' | 'eval.run.succeeded' | 'eval.run.failed' | 'eval.run.canceled'>;
    name: string;
    /**
     * Must begin with `https://` and have a public host, unless the server's settings allow others.
     */
    url: string;
};
/**
 * WebhookEndpointUpdate
 *
 * Body of `POST /v1/webhook_endpoints/{webhook_endpoint_id}`. What is missing does not change.
 */
export type WebhookEndpointUpdate = {
    event_types?: Array<'fine_tuning.job.succeeded' | 'fine_tuning.job.failed' | 'fine_tuning.job.cancelled' | 'eval.run.succeeded' | 'eval.run.failed' | 'eval.run.canceled'> | null;
    name?: string | null;
    url?: string | null;
};
/**
 * WebhookEndpointWithSecret
 *
 * An endpoint with its secret, which is shown only once: when the endpoint is created, or its secret is rotated.
 */
export type WebhookEndpointWithSecret = {
    id: string;
    object: 'webhook_endpoint';
    created_at: number;
    event_types: Array<string>;
    name: string;
    signing_secret_hint: string;
    updated_at: number;
    url: string;
    signing_secret: string;
};
/**
 * WebhookEventTypeList
 *
 * The types of events that are sent.
 */
export type WebhookEventTypeList = {
    object: 'list';
    data: Array<'fine_tuning.job.succeeded' | 'fine_tuning.job.failed' | 'fine_tuning.job.cancelled' | 'eval.run.succeeded' | 'eval.run.failed' | 'eval.run.canceled'>;
};
/**
 * WebhookSecretRotate
 *
 * Body of `POST /v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret`.
 */
export type WebhookSecretRotate = {
    keep_old_secret_active_for_24_hours?: boolean;
};
/**
 * WebhookTest
 *
 * Body of `POST /v1/webhook_endpoints/{webhook_endpoint_id}/test`.
 */
export type WebhookTest = {
    event_type: 'fine_tuning.job.succeeded' | 'fine_tuning.job.failed' | 'fine_tuning.job.cancelled' | 'eval.run.succeeded' | 'eval.run.failed' | 'eval.run.canceled';
};
/**
 * WebhookTestResult
 *
 * The response of an endpoint to a sample event. `success` says that there was one; `status_code` says which.
 */
export type WebhookTestResult = {
    object: 'webhook_endpoint.test';
    event_type: string;
    status_code: number;
    success: true;
    webhook_endpoint_id: string;
};
/**
 * ErrorDetail
 *
 * What was wrong and where: `param` is the path of the field, `code` is for programs.
 */
export type ErrorDetail = {
    message: string;
    type: string;
    param: string | null;
    code: string | null;
};
/**
 * ErrorResponse
 *
 * The body of every response with a status of 400 or above.
 */
export type ErrorResponse = {
    error: ErrorDetail;
};
/**
 * ModelImport
 */
export type ModelImport = {
    /**
     * A PEFT directory as .tar or .tar.gz.
     */
    file: Blob | File;
    /**
     * The base model that the adapter belongs to.
     */
    model: string;
    /**
     * A part of the new model's name.
     */
    suffix?: string;
};
/**
 * ChatChunkChoice
 *
 * The next piece of one of the answers.
 */
export type ChatChunkChoice = {
    index: number;
    delta: AnswerMessage;
    finish_reason?: string | null;
    [key: string]: unknown;
};
/**
 * ChatCompletionChunk
 *
 * An event of a stream: the next pieces of the answers.
 */
export type ChatCompletionChunk = {
    id: string;
    created: number;
    model: string;
    usage?: TokenUsage | null;
    citations?: Array<Citation> | null;
    sentences?: Array<Sentence> | null;
    abstained?: boolean | null;
    notes?: Array<string> | null;
    trace?: Trace | null;
    object: 'chat.completion.chunk';
    choices: Array<ChatChunkChoice>;
    [key: string]: unknown;
};
/**
 * AnswerSchema
 *
 * The schema that an answer must match.
 */
export type AnswerSchema = {
    name: string;
    /**
     * In all, at most 5,000 properties; 1,000 properties that are not in 'required'; 5,000 values of 'enum'; 120,000 characters in names of properties and definitions and in values of 'enum' and 'const'.
     */
    schema: {
        [key: string]: unknown;
    };
    description?: string | null;
    strict?: boolean | null;
};
/**
 * ChatFunction
 *
 * A function that the model may call.
 */
export type ChatFunction = {
    name: string;
    description?: string | null;
    parameters?: {
        [key: string]: unknown;
    } | null;
    strict?: boolean | null;
};
/**
 * ChatFunctionChoice
 *
 * Makes the model call one function.
 */
export type ChatFunctionChoice = {
    type?: 'function';
    function: ChatFunctionName;
};
/**
 * ChatFunctionName
 *
 * The function that the model must call.
 */
export type ChatFunctionName = {
    name: string;
};
/**
 * ChatMessage
 *
 * A message of the conversation.
 */
export type ChatMessage = {
    role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
    content?: string | Array<({
        type: 'text';
    } & MessageText) | ({
        type: 'refusal';
    } & MessageRefusal) | ({
        type: 'thinking';
    } & MessageThinking) | ({
        type: 'image_url';
    } & MessageImage) | ({
        type: 'input_audio';
    } & MessageRecording) | ({
        type: 'audio_url';
    } & MessageAudio) | ({
        type: 'video_url';
    } & MessageVideo) | ({
        type: 'audio_embeds' | 'image_embeds' | 'input_image' | 'prompt_embeds' | 'tool_reference' | 'video_embeds';
    } & EnginePart)> | null;
    name?: string | null;
    refusal?: string | null;
    tool_calls?: Array<MessageToolCall> | null;
    tool_call_id?: string | null;
    [key: string]: unknown;
};
/**
 * ChatTool
 *
 * A tool. The engine supports only functions.
 */
export type ChatTool = {
    type?: 'function';
    function: ChatFunction;
};
/**
 * EnginePart
 *
 * A part that only vLLM has, and checks itself.
 */
export type EnginePart = {
    type: 'input_image' | 'image_embeds' | 'audio_embeds' | 'video_embeds' | 'prompt_embeds' | 'tool_reference';
};
/**
 * MediaAddress
 *
 * The URL of an image, a recording or a video, or its data as a `data:` URL.
 */
export type MediaAddress = {
    url: string;
};
/**
 * MessageAudio
 *
 * A recording, given by its URL. An extension of vLLM.
 */
export type MessageAudio = {
    type: 'audio_url';
    audio_url: MediaAddress;
};
/**
 * MessageFunction
 *
 * A function's name and its arguments, a JSON object as text.
 */
export type MessageFunction = {
    name: string;
    arguments: string;
};
/**
 * MessageImage
 *
 * A part with an image.
 */
export type MessageImage = {
    type: 'image_url';
    image_url: MediaAddress;
};
/**
 * MessageRecording
 *
 * A part with a recording.
 */
export type MessageRecording = {
    type: 'input_audio';
    input_audio: Recording;
};
/**
 * MessageRefusal
 *
 * What the model wrote instead of an answer.
 */
export type MessageRefusal = {
    type: 'refusal';
    refusal: string;
};
/**
 * MessageText
 *
 * A part with text.
 */
export type MessageText = {
    type: 'text';
    text: string;
};
/**
 * MessageThinking
 *
 * The model's reasoning. An extension of vLLM.
 */
export type MessageThinking = {
    type: 'thinking';
    thinking: string;
};
/**
 * MessageToolCall
 *
 * A function that the model called.
 */
export type MessageToolCall = {
    id: string;
    type: 'function';
    function: MessageFunction;
};
/**
 * MessageVideo
 *
 * A video. An extension of vLLM.
 */
export type MessageVideo = {
    type: 'video_url';
    video_url: MediaAddress;
};
/**
 * Recording
 *
 * A recording in base64.
 */
export type Recording = {
    data: string;
    format: string;
};
/**
 * ResponseFormat
 *
 * The format of the answer. `structural_tag` is an extension of vLLM.
 */
export type ResponseFormat = {
    type: 'text' | 'json_object' | 'json_schema' | 'structural_tag';
    json_schema?: AnswerSchema | null;
};
/**
 * RetrievalOptions
 *
 * The `retrieval` field: answer from these vector stores.
 *
 * If `ranking_options` is sent, its `score_threshold` replaces the field of the same name.
 */
export type RetrievalOptions = {
    search_mode?: 'vector' | 'keyword' | 'hybrid';
    rerank?: Rerank | null;
    max_context_tokens?: number;
    order?: 'relevance' | 'reverse' | 'document';
    query?: 'last' | 'conversation';
    prompt_template?: string | null;
    on_empty?: 'answer' | 'abstain';
    attribution?: 'embeddings' | 'words' | 'none';
    vector_store_ids: Array<string>;
    max_num_results?: number;
    score_threshold?: number;
    filters?: ComparisonFilter | CompoundFilter | null;
    ranking_options?: RankingOptions | null;
};
/**
 * StreamUsage
 *
 * With `include_usage`, a stream ends with a chunk that has the usage.
 */
export type StreamUsage = {
    include_usage?: boolean | null;
    [key: string]: unknown;
};
/**
 * ChatCompletionCreate
 *
 * Body of `POST /v1/chat/completions`. With `store`, the answer is stored when it is complete, and can be found by its `metadata`.
 */
export type ChatCompletionCreate = {
    model: string;
    stream?: boolean | null;
    stream_options?: StreamUsage | null;
    n?: number | null;
    temperature?: number | null;
    top_p?: number | null;
    max_tokens?: number | null;
    seed?: number | null;
    stop?: string | Array<string> | null;
    retrieval?: RetrievalOptions | null;
    include?: Array<'trace'> | null;
    messages: Array<ChatMessage>;
    max_completion_tokens?: number | null;
    tools?: Array<ChatTool> | null;
    tool_choice?: 'none' | 'auto' | 'required' | ChatFunctionChoice | null;
    response_format?: ResponseFormat | null;
    store?: boolean | null;
    metadata?: {
        [key: string]: string;
    } | null;
    [key: string]: unknown;
};
/**
 * CompletionCreate
 *
 * Body of `POST /v1/completions`.
 */
export type CompletionCreate = {
    model: string;
    stream?: boolean | null;
    stream_options?: StreamUsage | null;
    n?: number | null;
    temperature?: number | null;
    top_p?: number | null;
    max_tokens?: number | null;
    seed?: number | null;
    stop?: string | Array<string> | null;
    retrieval?: RetrievalOptions | null;
    include?: Array<'trace'> | null;
    prompt: string;
    [key: string]: unknown;
};
/**
 * ResponseEvent
 *
 * An event of a stream, in the shape of its `type`. Events are numbered from 0; `delta` is the next piece of the answer's text.
 */
export type ResponseEvent = {
    type: string;
    sequence_number: number;
    delta?: string | null;
    [key: string]: unknown;
};
/**
 * ValidationProgress
 *
 * How far the check is: bytes of both files together, and lines and problems of the file that is being read.
 *
 * After the files are read, `examples_counted` examples of a file have had their tokens counted.
 */
export type ValidationProgress = {
    file: 'training_file' | 'validation_file';
    percent: number;
    bytes_read: number;
    bytes: number;
    lines: number;
    num_problems: number;
    examples_counted: number;
};
/**
 * ValidationEvent
 *
 * An event of a stream.
 *
 * `fine_tuning.validation.progress` is sent about twice a second, with `progress`. The last event is
 * `fine_tuning.validation.completed` with `validation`, or `error` with `error`.
 */
export type ValidationEvent = {
    type: 'fine_tuning.validation.progress' | 'fine_tuning.validation.completed' | 'error';
    progress: ValidationProgress | null;
    validation: FineTuningValidation | null;
    error: {
        [key: string]: unknown;
    } | null;
};
/**
 * AutoStrategy
 *
 * The default strategy: the one with the best measured results.
 */
export type AutoStrategy = {
    type: 'auto';
};
/**
 * ChunkPreview
 *
 * Some of the chunks, and totals of all. `has_more` says whether chunks follow after these.
 */
export type ChunkPreview = {
    object: string;
    chunking_strategy: ({
        type: 'static';
    } & StaticStrategy) | ({
        type: 'sentence';
    } & SentenceStrategy) | ({
        type: 'recursive';
    } & RecursiveStrategy) | ({
        type: 'markdown';
    } & MarkdownStrategy) | ({
        type: 'semantic';
    } & SemanticStrategy) | ({
        type: 'parent_child';
    } & ParentChildStrategy);
    embedding_model: string;
    data: Array<PreviewedChunk>;
    has_more: boolean;
    total_chunks: number;
    total_tokens: number;
    total_characters: number;
    largest_chunk_tokens: number;
};
/**
 * ChunkPreviewRequest
 *
 * Body of `POST /v1/chunks/preview`: a file, or a text and its filename. The filename's extension determines the format; the default is
 * plain text.
 *
 * The whole text is split. The response has `limit` chunks from position `offset` on.
 */
export type ChunkPreviewRequest = {
    file_id?: string | null;
    text?: string | null;
    filename?: string;
    chunking_strategy?: ({
        type: 'static';
    } & StaticStrategy) | ({
        type: 'sentence';
    } & SentenceStrategy) | ({
        type: 'recursive';
    } & RecursiveStrategy) | ({
        type: 'markdown';
    } & MarkdownStrategy) | ({
        type: 'semantic';
    } & SemanticStrategy) | ({
        type: 'parent_child';
    } & ParentChildStrategy) | ({
        type: 'auto';
    } & AutoStrategy);
    embedding_model?: string | null;
    limit?: number;
    offset?: number;
};
/**
 * ChunkSizes
 *
 * A chunk has at most `max_chunk_size_tokens` of the embedding model's tokens, and shares `chunk_overlap_tokens` with the one before.
 *
 * Extensions: with `contextual_header`, title and headings are embedded before a chunk that does not contain them. If lines of a
 * JSON Lines file are not valid, `invalid_lines` decides whether the file fails (`reject`) or is indexed without them (`skip`).
 */
export type ChunkSizes = {
    max_chunk_size_tokens?: number;
    chunk_overlap_tokens?: number;
    contextual_header?: boolean;
    invalid_lines?: 'reject' | 'skip';
};
/**
 * ContentDeleteResponse
 *
 * Response to deleting a file or a vector store. Extension: `removed`.
 */
export type ContentDeleteResponse = {
    id: string;
    object: string;
    deleted: true;
    removed: DeletedChunks;
};
/**
 * ConvexFusion
 *
 * `alpha` times the vector score plus `1 - alpha` times the keyword score.
 */
export type ConvexFusion = {
    type: 'convex';
    alpha?: number;
};
/**
 * DeletedChunks
 *
 * What a deletion deleted from vector stores: `files`, each counted once per store, and `chunks`, as counted in the index.
 *
 * No search that starts after the response returns any of it. `note` says where and why the index still has points to delete, or that
 * a file with the same content keeps the chunks.
 */
export type DeletedChunks = {
    files: number;
    chunks: number;
    note: string | null;
};
/**
 * DistributionFusion
 *
 * Distribution-based score fusion: the weighted mean of both scores, scaled to three standard deviations around each list's mean.
 */
export type DistributionFusion = {
    type: 'dbsf';
    weights?: FusionWeights;
};
/**
 * Embedding
 *
 * The vector of one input, as numbers or as base64 of little-endian float32.
 */
export type Embedding = {
    object: 'embedding';
    index: number;
    embedding: Array<number> | string;
};
/**
 * EmbeddingList
 *
 * The vectors, in the order of the inputs.
 */
export type EmbeddingList = {
    object: 'list';
    data: Array<Embedding>;
    model: string;
    usage: EmbeddingsUsage;
};
/**
 * EmbeddingSetup
 *
 * How a store is embedded. If `chunking_strategy` is null, each file keeps its own.
 */
export type EmbeddingSetup = {
    embedding_model: string;
    chunking_strategy: ({
        type: 'static';
    } & StaticStrategy) | ({
        type: 'sentence';
    } & SentenceStrategy) | ({
        type: 'recursive';
    } & RecursiveStrategy) | ({
        type: 'markdown';
    } & MarkdownStrategy) | ({
        type: 'semantic';
    } & SemanticStrategy) | ({
        type: 'parent_child';
    } & ParentChildStrategy) | null;
};
/**
 * EmbeddingsRequest
 *
 * Body of `POST /v1/embeddings`. Token ids must come from the model's own tokenizer.
 *
 * Extension: `input_type` adds the prefix that the model expects before a query or a passage. Without it, no prefix is added.
 */
export type EmbeddingsRequest = {
    input: string | Array<string> | Array<number> | Array<Array<number>>;
    model: string;
    encoding_format?: 'float' | 'base64';
    dimensions?: number | null;
    user?: string | null;
    input_type?: 'query' | 'passage' | null;
};
/**
 * EmbeddingsUsage
 *
 * The number of tokens of all inputs.
 */
export type EmbeddingsUsage = {
    prompt_tokens: number;
    total_tokens: number;
};
/**
 * ExpiresAfter
 *
 * When a store expires: `days` after its last use.
 */
export type ExpiresAfter = {
    anchor?: 'last_active_at';
    days: number;
};
/**
 * Explanation
 *
 * Why a file is or is not among the hits. With several stores, for the store in which it is closest to being a hit.
 *
 * `rank` and `score` are those of its best chunk; null if it has none.
 */
export type Explanation = {
    file_id: string;
    reason: 'found' | 'no_such_file' | 'not_in_store' | 'in_progress' | 'failed' | 'cancelled' | 'duplicate' | 'no_chunks' | 'filtered_out' | 'no_match' | 'below_threshold' | 'outranked';
    message: string;
    vector_store_id: string | null;
    rank: number | null;
    score: number | null;
    chunk: ChunkLocation | null;
};
/**
 * FileBatch
 *
 * Files that were attached to a store together. The batch is `failed` if every file failed.
 */
export type FileBatch = {
    id: string;
    object: 'vector_store.files_batch';
    created_at: number;
    vector_store_id: string;
    status: 'in_progress' | 'completed' | 'cancelled' | 'failed';
    file_counts: FileCounts;
};
/**
 * FileBatchCreate
 *
 * Body of `POST /v1/vector_stores/{id}/file_batches`.
 *
 * Either `file_ids`, with `attributes`, `chunking_strategy` and `on_duplicate` (extension) for all of them, or `files`, each with its
 * own. With `files`, the fields for all files are ignored.
 */
export type FileBatchCreate = {
    file_ids?: Array<string>;
    files?: Array<VectorStoreFileCreate>;
    attributes?: {
        [key: string]: string | boolean | number | number;
    } | null;
    chunking_strategy?: ({
        type: 'static';
    } & StaticStrategy) | ({
        type: 'sentence';
    } & SentenceStrategy) | ({
        type: 'recursive';
    } & RecursiveStrategy) | ({
        type: 'markdown';
    } & MarkdownStrategy) | ({
        type: 'semantic';
    } & SemanticStrategy) | ({
        type: 'parent_child';
    } & ParentChildStrategy) | ({
        type: 'auto';
    } & AutoStrategy) | null;
    on_duplicate?: 'reuse' | 'replace' | 'keep_both';
};
/**
 * FileContent
 *
 * A part of a file's text.
 */
export type FileContent = {
    type: 'text';
    text: string;
};
/**
 * FileContentPage
 *
 * The text of a file, in parts. If the file has pages, each page is a part.
 */
export type FileContentPage = {
    object: 'vector_store.file_content.page';
    data: Array<FileContent>;
    has_more: false;
    next_page: null;
};
/**
 * FileCounts
 *
 * The number of a store's files by status.
 */
export type FileCounts = {
    in_progress: number;
    completed: number;
    failed: number;
    cancelled: number;
    total: number;
};
/**
 * FileObject
 *
 * A stored file. `bytes` is its size. `filename` is the name as it was sent, but with `_` for control characters, without zero-width
 * characters, and at most 255 characters long. Extension: `sha256` is the hexadecimal hash of its content.
 */
export type FileObject = {
    id: string;
    object: 'file';
    bytes: number;
    created_at: number;
    filename: string;
    purpose: string;
    status: 'uploaded' | 'processed' | 'error';
    expires_at: number | null;
    status_details: string | null;
    sha256: string;
};
/**
 * FusionWeights
 *
 * The weight of each list relative to the other. At least one must be greater than 0.
 */
export type FusionWeights = {
    vector?: number;
    keyword?: number;
};
/**
 * LastError
 *
 * Why a file could not be indexed.
 */
export type LastError = {
    code: 'server_error' | 'unsupported_file' | 'invalid_file';
    message: string;
};
/**
 * MarkdownStrategy
 *
 * Extension: whole sections if they fit, otherwise blocks. Tables and code blocks stay whole. Uses the headings of any format.
 */
export type MarkdownStrategy = {
    type: 'markdown';
    markdown?: ChunkSizes;
};
/**
 * OtherStrategy
 *
 * OpenAI's shape for a file's strategy that is not `static`. Extension: `strategy` is that strategy.
 */
export type OtherStrategy = {
    type: 'other';
    strategy: ({
        type: 'static';
    } & StaticStrategy) | ({
        type: 'sentence';
    } & SentenceStrategy) | ({
        type: 'recursive';
    } & RecursiveStrategy) | ({
        type: 'markdown';
    } & MarkdownStrategy) | ({
        type: 'semantic';
    } & SemanticStrategy) | ({
        type: 'parent_child';
    } & ParentChildStrategy);
};
/**
 * FileObjectPage
 */
export type FileObjectPage = {
    object: 'list';
    data: Array<FileObject>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * ReembeddingPage
 */
export type ReembeddingPage = {
    object: 'list';
    data: Array<Reembedding>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * VectorStoreFilePage
 */
export type VectorStoreFilePage = {
    object: 'list';
    data: Array<VectorStoreFile>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * VectorStorePage
 */
export type VectorStorePage = {
    object: 'list';
    data: Array<VectorStore>;
    first_id: string | null;
    last_id: string | null;
    has_more: boolean;
};
/**
 * ParentChildChunking
 *
 * The sizes of the children, which are searched, and of the parents, which are returned.
 */
export type ParentChildChunking = {
    max_chunk_size_tokens?: number;
    chunk_overlap_tokens?: number;
    contextual_header?: boolean;
    invalid_lines?: 'reject' | 'skip';
    parent_max_chunk_size_tokens?: number;
};
/**
 * ParentChildStrategy
 *
 * Extension: small chunks are searched, and the larger chunks that contain them are returned.
 */
export type ParentChildStrategy = {
    type: 'parent_child';
    parent_child?: ParentChildChunking;
};
/**
 * PreviewedChunk
 *
 * A chunk, its number of tokens for the embedding model, and the text that is embedded, with title and headings.
 */
export type PreviewedChunk = {
    position: number;
    start: number;
    end: number;
    page: number | null;
    heading_path: Array<string>;
    title: string | null;
    parent_start: number | null;
    parent_end: number | null;
    text: string;
    tokens: number;
    embedded_text: string;
};
/**
 * ReciprocalRankFusion
 *
 * Reciprocal rank fusion: the sum of weight / (k + rank), divided by the sum for a hit that is first in both lists.
 */
export type ReciprocalRankFusion = {
    type: 'rrf';
    k?: number;
    weights?: FusionWeights;
};
/**
 * RecursiveStrategy
 *
 * Extension: whole paragraphs if they fit, otherwise sentences, lines, words.
 */
export type RecursiveStrategy = {
    type: 'recursive';
    recursive?: ChunkSizes;
};
/**
 * ReembedRequest
 *
 * Body of `POST /v1/vector_stores/{id}/reembed`. If a field is not sent, the store's model or each file's own strategy stays.
 */
export type ReembedRequest = {
    embedding_model?: string | null;
    chunking_strategy?: ({
        type: 'static';
    } & StaticStrategy) | ({
        type: 'sentence';
    } & SentenceStrategy) | ({
        type: 'recursive';
    } & RecursiveStrategy) | ({
        type: 'markdown';
    } & MarkdownStrategy) | ({
        type: 'semantic';
    } & SemanticStrategy) | ({
        type: 'parent_child';
    } & ParentChildStrategy) | ({
        type: 'auto';
    } & AutoStrategy) | null;
};
/**
 * Reembedding
 *
 * A re-embedding. Once it is `completed`, searches use the new vectors; it can be rolled back until it is confirmed.
 */
export type Reembedding = {
    id: string;
    object: 'vector_store.reembedding';
    vector_store_id: string;
    status: 'in_progress' | 'completed' | 'confirmed' | 'rolled_back' | 'cancelled' | 'failed';
    percent: number;
    file_counts: FileCounts;
    source: EmbeddingSetup;
    target: EmbeddingSetup;
    error: ReembeddingError | null;
    created_at: number;
    ended_at: number | null;
};
/**
 * ReembeddingError
 *
 * Why a re-embedding failed.
 */
export type ReembeddingError = {
    code: string;
    message: string;
};
/**
 * RerankDocument
 *
 * A document as an object. Its `text` is scored; other fields are returned unchanged.
 */
export type RerankDocument = {
    text: string;
    [key: string]: unknown;
};
/**
 * RerankRequest
 *
 * Body of `POST /v1/rerank`.
 *
 * `top_n` is the maximum number of results; 0 or null returns all. If `return_documents` is false, the results have no documents.
 * Documents are truncated to `max_tokens_per_doc` tokens and the query to `max_tokens_per_query`; 0 means what the model's context window
 * allows.
 */
export type RerankRequest = {
    model?: string | null;
    query: string;
    documents: Array<string | RerankDocument>;
    top_n?: number | null;
    return_documents?: boolean;
    max_tokens_per_doc?: number;
    max_tokens_per_query?: number;
};
/**
 * RerankResponse
 *
 * The results, most relevant first.
 */
export type RerankResponse = {
    id: string;
    model: string;
    usage: RerankUsage;
    results: Array<RerankResult>;
};
/**
 * RerankResult
 *
 * A document's score. `index` is its position in the request, `relevance_score` is in [0, 1].
 */
export type RerankResult = {
    index: number;
    document: RerankDocument | null;
    relevance_score: number;
};
/**
 * RerankUsage
 *
 * The number of tokens that the model read. The query counts once for each document.
 */
export type RerankUsage = {
    prompt_tokens: number;
    total_tokens: number;
};
/**
 * SearchHit
 *
 * A hit. `score` is in [0, 1]; higher is better. Extensions: `chunk`, `vector_store_id`, and what the request selects.
 *
 * `chunks` are the locations of a file's chunks, in the order of `content`. `context` is the range of the text in `content`, if it is more
 * than the chunk.
 */
export type SearchHit = {
    file_id: string;
    filename: string;
    score: number;
    attributes: {
        [key: string]: unknown;
    } | null;
    content: Array<TextContent>;
    chunk: ChunkLocation;
    vector_store_id: string;
    chunks: Array<ChunkLocation> | null;
    context: Span | null;
    scores: Scores | null;
};
/**
 * SearchRequest
 *
 * Body of `POST /v1/vector_stores/{id}/search`.
 *
 * If there are several queries, each is searched separately, and a chunk has its best score. With `rewrite_query` a language model turns
 * them into search queries first.
 *
 * Extensions: `search_mode`; `fusion` for a hybrid search; `rerank`; `diversity` (maximal marginal relevance: 0 for the most relevant
 * hits, towards 1 for hits that differ most from each other, in the order of their selection); `vector_store_ids` (more stores of the
 * project); `group_by_file` (one hit per file, with its best chunks as its content); `context_window` (adds the text of that many chunks
 * before and after each hit; if chunks are parts of larger ones, of the chunks that are searched); `explain` (how each score was
 * computed); `explain_file` (why this file is not among the hits).
 */
export type SearchRequest = {
    query: string | Array<string>;
    filters?: ComparisonFilter | CompoundFilter | null;
    max_num_results?: number;
    ranking_options?: RankingOptions;
    rewrite_query?: boolean;
    search_mode?: 'vector' | 'keyword' | 'hybrid';
    fusion?: ({
        type: 'convex';
    } & ConvexFusion) | ({
        type: 'rrf';
    } & ReciprocalRankFusion) | ({
        type: 'dbsf';
    } & DistributionFusion) | null;
    rerank?: Rerank | null;
    diversity?: number;
    vector_store_ids?: Array<string>;
    group_by_file?: boolean;
    context_window?: number;
    explain?: boolean;
    explain_file?: string | null;
};
/**
 * SearchResults
 *
 * The hits of a search, best first. `search_query` has the queries as they were searched.
 *
 * Extension: `note` says which part of a query was ignored, because an embedding model reads a limited number of tokens.
 */
export type SearchResults = {
    object: 'vector_store.search_results.page';
    search_query: Array<string>;
    data: Array<SearchHit>;
    has_more: boolean;
    next_page: string | null;
    explanation: Explanation | null;
    note: string | null;
};
/**
 * SemanticChunking
 *
 * Sizes, and where a new subject starts: at gaps between sentences that are wider than `breakpoint_percentile` percent of all gaps.
 */
export type SemanticChunking = {
    max_chunk_size_tokens?: number;
    chunk_overlap_tokens?: number;
    contextual_header?: boolean;
    invalid_lines?: 'reject' | 'skip';
    breakpoint_percentile?: number;
};
/**
 * SemanticStrategy
 *
 * Extension: sentences about one subject, by the similarity of their embeddings.
 */
export type SemanticStrategy = {
    type: 'semantic';
    semantic?: SemanticChunking;
};
/**
 * SentenceStrategy
 *
 * Extension: as many whole sentences as fit into a chunk.
 */
export type SentenceStrategy = {
    type: 'sentence';
    sentence?: ChunkSizes;
};
/**
 * Span
 *
 * A range of characters in the parsed text, and the chunks it covers.
 */
export type Span = {
    start: number;
    end: number;
    first_position: number;
    last_position: number;
};
/**
 * StaticChunking
 *
 * The sizes of OpenAI's `static` strategy. Both are required.
 */
export type StaticChunking = {
    max_chunk_size_tokens: number;
    chunk_overlap_tokens: number;
    contextual_header?: boolean;
    invalid_lines?: 'reject' | 'skip';
};
/**
 * StaticStrategy
 *
 * OpenAI's `static` strategy: a fixed number of tokens, wherever that splits the text.
 */
export type StaticStrategy = {
    type: 'static';
    static: StaticChunking;
};
/**
 * TextContent
 *
 * A chunk's text.
 */
export type TextContent = {
    type: 'text';
    text: string;
};
/**
 * VectorStore
 *
 * A vector store.
 *
 * Extensions: `embedding_model` embedded its chunks; `chunking_strategy` is the default for files attached to it; `indexing_seconds`,
 * how many seconds of work indexing its files took, is null if that is unknown for some of the indexed files.
 */
export type VectorStore = {
    id: string;
    object: 'vector_store';
    created_at: number;
    name: string;
    description: string | null;
    status: 'in_progress' | 'completed' | 'expired';
    file_counts: FileCounts;
    usage_bytes: number;
    last_active_at: number | null;
    expires_after: ExpiresAfter | null;
    expires_at: number | null;
    metadata: {
        [key: string]: string;
    } | null;
    embedding_model: string;
    chunking_strategy: ({
        type: 'static';
    } & StaticStrategy) | ({
        type: 'sentence';
    } & SentenceStrategy) | ({
        type: 'recursive';
    } & RecursiveStrategy) | ({
        type: 'markdown';
    } & MarkdownStrategy) | ({
        type: 'semantic';
    } & SemanticStrategy) | ({
        type: 'parent_child';
    } & ParentChildStrategy) | ({
        type: 'auto';
    } & AutoStrategy);
    indexing_seconds: number | null;
};
/**
 * VectorStoreCreate
 *
 * Body of `POST /v1/vector_stores`.
 *
 * Extensions: `embedding_model`, one of the configured models; `on_duplicate`, for the `file_ids`.
 */
export type VectorStoreCreate = {
    name?: string | null;
    description?: string | null;
    file_ids?: Array<string>;
    chunking_strategy?: ({
        type: 'static';
    } & StaticStrategy) | ({
        type: 'sentence';
    } & SentenceStrategy) | ({
        type: 'recursive';
    } & RecursiveStrategy) | ({
        type: 'markdown';
    } & MarkdownStrategy) | ({
        type: 'semantic';
    } & SemanticStrategy) | ({
        type: 'parent_child';
    } & ParentChildStrategy) | ({
        type: 'auto';
    } & AutoStrategy) | null;
    expires_after?: ExpiresAfter | null;
    metadata?: {
        [key: string]: string;
    } | null;
    embedding_model?: string | null;
    on_duplicate?: 'reuse' | 'replace' | 'keep_both';
};
/**
 * VectorStoreFile
 *
 * A file in a store.
 *
 * Extensions: `stage` and `percent` (0-100) of its indexing; `chunk_count`, the number of its chunks, and `chunks_done`, the number of
 * those that are indexed; `filename`; `note`, a warning about an indexed file; `duplicate_of`, the file in this store with the same
 * content, whose chunks it shares; `indexing_seconds`, how many seconds of work indexing it took, is null until it is indexed, and if
 * that was not measured.
 */
export type VectorStoreFile = {
    id: string;
    object: 'vector_store.file';
    created_at: number;
    vector_store_id: string;
    status: 'in_progress' | 'completed' | 'cancelled' | 'failed';
    last_error: LastError | null;
    usage_bytes: number;
    attributes: {
        [key: string]: string | boolean | number | number;
    } | null;
    chunking_strategy: StaticStrategy | OtherStrategy;
    stage: 'queued' | 'parsing' | 'chunking' | 'embedding' | 'indexing' | 'completed' | 'failed' | 'cancelled';
    percent: number;
    chunk_count: number;
    chunks_done: number;
    filename: string;
    note: string | null;
    duplicate_of: string | null;
    indexing_seconds: number | null;
};
/**
 * VectorStoreFileCreate
 *
 * Body of `POST /v1/vector_stores/{id}/files`. Extension: `on_duplicate`.
 */
export type VectorStoreFileCreate = {
    file_id: string;
    attributes?: {
        [key: string]: string | boolean | number | number;
    } | null;
    chunking_strategy?: ({
        type: 'static';
    } & StaticStrategy) | ({
        type: 'sentence';
    } & SentenceStrategy) | ({
        type: 'recursive';
    } & RecursiveStrategy) | ({
        type: 'markdown';
    } & MarkdownStrategy) | ({
        type: 'semantic';
    } & SemanticStrategy) | ({
        type: 'parent_child';
    } & ParentChildStrategy) | ({
        type: 'auto';
    } & AutoStrategy) | null;
    on_duplicate?: 'reuse' | 'replace' | 'keep_both';
};
/**
 * VectorStoreFileUpdate
 *
 * Body of `POST /v1/vector_stores/{id}/files/{file_id}`: the new attributes, which replace all others; null deletes them.
 */
export type VectorStoreFileUpdate = {
    attributes: {
        [key: string]: string | boolean | number | number;
    } | null;
};
/**
 * VectorStoreUpdate
 *
 * Body of `POST /v1/vector_stores/{id}`. Fields that are not sent stay as they are.
 */
export type VectorStoreUpdate = {
    name?: string | null;
    expires_after?: ExpiresAfter | null;
    metadata?: {
        [key: string]: string;
    } | null;
};
/**
 * FileUpload
 *
 * A file, with its name in UTF-8 in `filename`, or percent-encoded in `filename*`. A control character in the name, such as a tab, is stored as `_`, zero-width characters are left out, and a name over 255 characters is shortened before its extension.
 */
export type FileUpload = {
    file: Blob | File;
    purpose: 'assistants' | 'user_data' | 'fine-tune' | 'batch' | 'evals' | 'vision' | 'fine-tune-results';
    expires_after?: FileExpiresAfter;
};
/**
 * FileExpiresAfter
 *
 * When the file expires. OpenAI's SDK sends the parts `expires_after[anchor]` and `expires_after[seconds]` instead.
 */
export type FileExpiresAfter = {
    anchor: 'created_at';
    seconds: number;
};
export type LiveData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health/live';
};
export type LiveResponses = {
    /**
     * Successful Response
     */
    200: Live;
};
export type LiveResponse = LiveResponses[keyof LiveResponses];
export type ReadyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health/ready';
};
export type ReadyErrors = {
    /**
     * Service Unavailable
     */
    503: Ready;
};
export type ReadyError = ReadyErrors[keyof ReadyErrors];
export type ReadyResponses = {
    /**
     * Successful Response
     */
    200: Ready;
};
export type ReadyResponse = ReadyResponses[keyof ReadyResponses];
export type ListModelsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/models';
};
export type ListModelsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListModelsError = ListModelsErrors[keyof ListModelsErrors];
export type ListModelsResponses = {
    /**
     * Successful Response
     */
    200: ModelList;
};
export type ListModelsResponse = ListModelsResponses[keyof ListModelsResponses];
export type ImportModelData = {
    body: ModelImport;
    path?: never;
    query?: never;
    url: '/v1/models/import';
};
export type ImportModelErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
    /**
     * The disk is full; the message says where.
     */
    507: ErrorResponse;
};
export type ImportModelError = ImportModelErrors[keyof ImportModelErrors];
export type ImportModelResponses = {
    /**
     * Successful Response
     */
    200: Model;
};
export type ImportModelResponse = ImportModelResponses[keyof ImportModelResponses];
export type DownloadAdapterData = {
    body?: never;
    path: {
        model: string;
    };
    query?: never;
    url: '/v1/models/{model}/adapter';
};
export type DownloadAdapterErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DownloadAdapterError = DownloadAdapterErrors[keyof DownloadAdapterErrors];
export type DownloadAdapterResponses = {
    /**
     * Successful Response
     */
    200: Blob | File;
};
export type DownloadAdapterResponse = DownloadAdapterResponses[keyof DownloadAdapterResponses];
export type ExportModelData = {
    body?: ModelExportCreate;
    path: {
        model: string;
    };
    query?: never;
    url: '/v1/models/{model}/export';
};
export type ExportModelErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ExportModelError = ExportModelErrors[keyof ExportModelErrors];
export type ExportModelResponses = {
    /**
     * Successful Response
     */
    200: Blob | File;
};
export type ExportModelResponse = ExportModelResponses[keyof ExportModelResponses];
export type DeleteModelData = {
    body?: never;
    path: {
        model: string;
    };
    query?: never;
    url: '/v1/models/{model}';
};
export type DeleteModelErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DeleteModelError = DeleteModelErrors[keyof DeleteModelErrors];
export type DeleteModelResponses = {
    /**
     * Successful Response
     */
    200: DeleteResponse;
};
export type DeleteModelResponse = DeleteModelResponses[keyof DeleteModelResponses];
export type RetrieveModelData = {
    body?: never;
    path: {
        model: string;
    };
    query?: never;
    url: '/v1/models/{model}';
};
export type RetrieveModelErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveModelError = RetrieveModelErrors[keyof RetrieveModelErrors];
export type RetrieveModelResponses = {
    /**
     * Successful Response
     */
    200: Model;
};
export type RetrieveModelResponse = RetrieveModelResponses[keyof RetrieveModelResponses];
export type ListStoredCompletionsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * List only answers of this model.
         */
        model?: string;
        /**
         * List only answers whose metadata has these entries: `metadata[key]=value`. `metadata=null` lists answers without metadata.
         */
        metadata?: {
            [key: string]: string;
        };
    };
    url: '/v1/chat/completions';
};
export type ListStoredCompletionsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListStoredCompletionsError = ListStoredCompletionsErrors[keyof ListStoredCompletionsErrors];
export type ListStoredCompletionsResponses = {
    /**
     * Successful Response
     */
    200: StoredCompletionPage;
};
export type ListStoredCompletionsResponse = ListStoredCompletionsResponses[keyof ListStoredCompletionsResponses];
export type CreateChatCompletionData = {
    body: ChatCompletionCreate;
    path?: never;
    query?: never;
    url: '/v1/chat/completions';
};
export type CreateChatCompletionErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateChatCompletionError = CreateChatCompletionErrors[keyof CreateChatCompletionErrors];
export type CreateChatCompletionResponses = {
    /**
     * The engine's answer, byte for byte. With `stream`, server-sent events: the data of each is a chunk, that of the last `[DONE]`.
     */
    200: ChatCompletion;
};
export type CreateChatCompletionResponse = CreateChatCompletionResponses[keyof CreateChatCompletionResponses];
export type CreateCompletionData = {
    body: CompletionCreate;
    path?: never;
    query?: never;
    url: '/v1/completions';
};
export type CreateCompletionErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateCompletionError = CreateCompletionErrors[keyof CreateCompletionErrors];
export type CreateCompletionResponses = {
    /**
     * The engine's answer, byte for byte. With `stream`, server-sent events: the data of each is a chunk, that of the last `[DONE]`.
     */
    200: Completion;
};
export type CreateCompletionResponse = CreateCompletionResponses[keyof CreateCompletionResponses];
export type DeleteStoredCompletionData = {
    body?: never;
    path: {
        completion_id: string;
    };
    query?: never;
    url: '/v1/chat/completions/{completion_id}';
};
export type DeleteStoredCompletionErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DeleteStoredCompletionError = DeleteStoredCompletionErrors[keyof DeleteStoredCompletionErrors];
export type DeleteStoredCompletionResponses = {
    /**
     * Successful Response
     */
    200: DeleteResponse;
};
export type DeleteStoredCompletionResponse = DeleteStoredCompletionResponses[keyof DeleteStoredCompletionResponses];
export type RetrieveStoredCompletionData = {
    body?: never;
    path: {
        completion_id: string;
    };
    query?: never;
    url: '/v1/chat/completions/{completion_id}';
};
export type RetrieveStoredCompletionErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveStoredCompletionError = RetrieveStoredCompletionErrors[keyof RetrieveStoredCompletionErrors];
export type RetrieveStoredCompletionResponses = {
    /**
     * Successful Response
     */
    200: StoredCompletion;
};
export type RetrieveStoredCompletionResponse = RetrieveStoredCompletionResponses[keyof RetrieveStoredCompletionResponses];
export type UpdateStoredCompletionData = {
    body: StoredCompletionUpdate;
    path: {
        completion_id: string;
    };
    query?: never;
    url: '/v1/chat/completions/{completion_id}';
};
export type UpdateStoredCompletionErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type UpdateStoredCompletionError = UpdateStoredCompletionErrors[keyof UpdateStoredCompletionErrors];
export type UpdateStoredCompletionResponses = {
    /**
     * Successful Response
     */
    200: StoredCompletion;
};
export type UpdateStoredCompletionResponse = UpdateStoredCompletionResponses[keyof UpdateStoredCompletionResponses];
export type ListStoredMessagesData = {
    body?: never;
    path: {
        completion_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order in the conversation; `desc` is last first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/chat/completions/{completion_id}/messages';
};
export type ListStoredMessagesErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListStoredMessagesError = ListStoredMessagesErrors[keyof ListStoredMessagesErrors];
export type ListStoredMessagesResponses = {
    /**
     * Successful Response
     */
    200: StoredMessagePage;
};
export type ListStoredMessagesResponse = ListStoredMessagesResponses[keyof ListStoredMessagesResponses];
export type CreateResponseData = {
    body: ResponseCreate;
    path?: never;
    query?: never;
    url: '/v1/responses';
};
export type CreateResponseErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateResponseError = CreateResponseErrors[keyof CreateResponseErrors];
export type CreateResponseResponses = {
    /**
     * Successful Response
     */
    200: Response;
};
export type CreateResponseResponse = CreateResponseResponses[keyof CreateResponseResponses];
export type CountInputTokensData = {
    body: InputTokenCount;
    path?: never;
    query?: never;
    url: '/v1/responses/input_tokens';
};
export type CountInputTokensErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CountInputTokensError = CountInputTokensErrors[keyof CountInputTokensErrors];
export type CountInputTokensResponses = {
    /**
     * Successful Response
     */
    200: InputTokens;
};
export type CountInputTokensResponse = CountInputTokensResponses[keyof CountInputTokensResponses];
export type DeleteResponseData = {
    body?: never;
    path: {
        response_id: string;
    };
    query?: never;
    url: '/v1/responses/{response_id}';
};
export type DeleteResponseErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DeleteResponseError = DeleteResponseErrors[keyof DeleteResponseErrors];
export type DeleteResponseResponses = {
    /**
     * Successful Response
     */
    200: DeleteResponse;
};
export type DeleteResponseResponse = DeleteResponseResponses[keyof DeleteResponseResponses];
export type RetrieveResponseData = {
    body?: never;
    path: {
        response_id: string;
    };
    query?: {
        stream?: boolean;
        starting_after?: number;
        include_obfuscation?: boolean;
        include?: Array<'file_search_call.results' | 'message.output_text.logprobs' | 'reasoning.encrypted_content' | 'trace'>;
    };
    url: '/v1/responses/{response_id}';
};
export type RetrieveResponseErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveResponseError = RetrieveResponseErrors[keyof RetrieveResponseErrors];
export type RetrieveResponseResponses = {
    /**
     * Successful Response
     */
    200: Response;
};
export type RetrieveResponseResponse = RetrieveResponseResponses[keyof RetrieveResponseResponses];
export type CancelResponseData = {
    body?: never;
    path: {
        response_id: string;
    };
    query?: never;
    url: '/v1/responses/{response_id}/cancel';
};
export type CancelResponseErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CancelResponseError = CancelResponseErrors[keyof CancelResponseErrors];
export type CancelResponseResponses = {
    /**
     * Successful Response
     */
    200: Response;
};
export type CancelResponseResponse = CancelResponseResponses[keyof CancelResponseResponses];
export type ListInputItemsData = {
    body?: never;
    path: {
        response_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * Has no effect: items are always complete.
         */
        include?: Array<'file_search_call.results' | 'message.output_text.logprobs' | 'reasoning.encrypted_content' | 'trace' | 'message.input_image.image_url'>;
    };
    url: '/v1/responses/{response_id}/input_items';
};
export type ListInputItemsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListInputItemsError = ListInputItemsErrors[keyof ListInputItemsErrors];
export type ListInputItemsResponses = {
    /**
     * Successful Response
     */
    200: ItemPage;
};
export type ListInputItemsResponse = ListInputItemsResponses[keyof ListInputItemsResponses];
export type ListFineTuningJobsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * List only jobs whose metadata has these entries: `metadata[key]=value`. `metadata=null` lists jobs without metadata.
         */
        metadata?: {
            [key: string]: string;
        };
    };
    url: '/v1/fine_tuning/jobs';
};
export type ListFineTuningJobsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListFineTuningJobsError = ListFineTuningJobsErrors[keyof ListFineTuningJobsErrors];
export type ListFineTuningJobsResponses = {
    /**
     * Successful Response
     */
    200: FineTuningJobPage;
};
export type ListFineTuningJobsResponse = ListFineTuningJobsResponses[keyof ListFineTuningJobsResponses];
export type CreateFineTuningJobData = {
    body: FineTuningJobCreate;
    path?: never;
    query?: never;
    url: '/v1/fine_tuning/jobs';
};
export type CreateFineTuningJobErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateFineTuningJobError = CreateFineTuningJobErrors[keyof CreateFineTuningJobErrors];
export type CreateFineTuningJobResponses = {
    /**
     * Successful Response
     */
    200: FineTuningJob;
};
export type CreateFineTuningJobResponse = CreateFineTuningJobResponses[keyof CreateFineTuningJobResponses];
export type RetrieveFineTuningJobData = {
    body?: never;
    path: {
        job_id: string;
    };
    query?: never;
    url: '/v1/fine_tuning/jobs/{job_id}';
};
export type RetrieveFineTuningJobErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveFineTuningJobError = RetrieveFineTuningJobErrors[keyof RetrieveFineTuningJobErrors];
export type RetrieveFineTuningJobResponses = {
    /**
     * Successful Response
     */
    200: FineTuningJob;
};
export type RetrieveFineTuningJobResponse = RetrieveFineTuningJobResponses[keyof RetrieveFineTuningJobResponses];
export type CancelFineTuningJobData = {
    body?: never;
    path: {
        job_id: string;
    };
    query?: never;
    url: '/v1/fine_tuning/jobs/{job_id}/cancel';
};
export type CancelFineTuningJobErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CancelFineTuningJobError = CancelFineTuningJobErrors[keyof CancelFineTuningJobErrors];
export type CancelFineTuningJobResponses = {
    /**
     * Successful Response
     */
    200: FineTuningJob;
};
export type CancelFineTuningJobResponse = CancelFineTuningJobResponses[keyof CancelFineTuningJobResponses];
export type PauseFineTuningJobData = {
    body?: never;
    path: {
        job_id: string;
    };
    query?: never;
    url: '/v1/fine_tuning/jobs/{job_id}/pause';
};
export type PauseFineTuningJobErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type PauseFineTuningJobError = PauseFineTuningJobErrors[keyof PauseFineTuningJobErrors];
export type PauseFineTuningJobResponses = {
    /**
     * Successful Response
     */
    200: FineTuningJob;
};
export type PauseFineTuningJobResponse = PauseFineTuningJobResponses[keyof PauseFineTuningJobResponses];
export type ResumeFineTuningJobData = {
    body?: never;
    path: {
        job_id: string;
    };
    query?: never;
    url: '/v1/fine_tuning/jobs/{job_id}/resume';
};
export type ResumeFineTuningJobErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ResumeFineTuningJobError = ResumeFineTuningJobErrors[keyof ResumeFineTuningJobErrors];
export type ResumeFineTuningJobResponses = {
    /**
     * Successful Response
     */
    200: FineTuningJob;
};
export type ResumeFineTuningJobResponse = ResumeFineTuningJobResponses[keyof ResumeFineTuningJobResponses];
export type RetryFineTuningJobData = {
    body?: FineTuningJobRetry;
    path: {
        job_id: string;
    };
    query?: never;
    url: '/v1/fine_tuning/jobs/{job_id}/retry';
};
export type RetryFineTuningJobErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RetryFineTuningJobError = RetryFineTuningJobErrors[keyof RetryFineTuningJobErrors];
export type RetryFineTuningJobResponses = {
    /**
     * Successful Response
     */
    200: FineTuningJob;
};
export type RetryFineTuningJobResponse = RetryFineTuningJobResponses[keyof RetryFineTuningJobResponses];
export type ListFineTuningEventsData = {
    body?: never;
    path: {
        job_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/fine_tuning/jobs/{job_id}/events';
};
export type ListFineTuningEventsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListFineTuningEventsError = ListFineTuningEventsErrors[keyof ListFineTuningEventsErrors];
export type ListFineTuningEventsResponses = {
    /**
     * Successful Response
     */
    200: FineTuningJobEventPage;
};
export type ListFineTuningEventsResponse = ListFineTuningEventsResponses[keyof ListFineTuningEventsResponses];
export type RetrieveFineTuningCurveData = {
    body?: never;
    path: {
        job_id: string;
    };
    query?: never;
    url: '/v1/fine_tuning/jobs/{job_id}/curve';
};
export type RetrieveFineTuningCurveErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveFineTuningCurveError = RetrieveFineTuningCurveErrors[keyof RetrieveFineTuningCurveErrors];
export type RetrieveFineTuningCurveResponses = {
    /**
     * Successful Response
     */
    200: Blob | File;
};
export type RetrieveFineTuningCurveResponse = RetrieveFineTuningCurveResponses[keyof RetrieveFineTuningCurveResponses];
export type ListFineTuningCheckpointsData = {
    body?: never;
    path: {
        job_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/fine_tuning/jobs/{job_id}/checkpoints';
};
export type ListFineTuningCheckpointsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListFineTuningCheckpointsError = ListFineTuningCheckpointsErrors[keyof ListFineTuningCheckpointsErrors];
export type ListFineTuningCheckpointsResponses = {
    /**
     * Successful Response
     */
    200: FineTuningJobCheckpointPage;
};
export type ListFineTuningCheckpointsResponse = ListFineTuningCheckpointsResponses[keyof ListFineTuningCheckpointsResponses];
export type ListCheckpointPermissionsData = {
    body?: never;
    path: {
        fine_tuned_model_checkpoint: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` or `descending` is newest first.
         */
        order?: 'asc' | 'desc' | 'ascending' | 'descending';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * List only the permission of this project.
         */
        project_id?: string;
    };
    url: '/v1/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions';
};
export type ListCheckpointPermissionsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListCheckpointPermissionsError = ListCheckpointPermissionsErrors[keyof ListCheckpointPermissionsErrors];
export type ListCheckpointPermissionsResponses = {
    /**
     * Successful Response
     */
    200: CheckpointPermissionPage;
};
export type ListCheckpointPermissionsResponse = ListCheckpointPermissionsResponses[keyof ListCheckpointPermissionsResponses];
export type CreateCheckpointPermissionsData = {
    body: CheckpointPermissionCreate;
    path: {
        fine_tuned_model_checkpoint: string;
    };
    query?: never;
    url: '/v1/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions';
};
export type CreateCheckpointPermissionsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CreateCheckpointPermissionsError = CreateCheckpointPermissionsErrors[keyof CreateCheckpointPermissionsErrors];
export type CreateCheckpointPermissionsResponses = {
    /**
     * Successful Response
     */
    200: CheckpointPermissionPage;
};
export type CreateCheckpointPermissionsResponse = CreateCheckpointPermissionsResponses[keyof CreateCheckpointPermissionsResponses];
export type DeleteCheckpointPermissionData = {
    body?: never;
    path: {
        fine_tuned_model_checkpoint: string;
        permission_id: string;
    };
    query?: never;
    url: '/v1/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions/{permission_id}';
};
export type DeleteCheckpointPermissionErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DeleteCheckpointPermissionError = DeleteCheckpointPermissionErrors[keyof DeleteCheckpointPermissionErrors];
export type DeleteCheckpointPermissionResponses = {
    /**
     * Successful Response
     */
    200: DeleteResponse;
};
export type DeleteCheckpointPermissionResponse = DeleteCheckpointPermissionResponses[keyof DeleteCheckpointPermissionResponses];
export type ValidateFineTuningFilesData = {
    body: FineTuningValidationCreate;
    path?: never;
    query?: never;
    url: '/v1/fine_tuning/validate';
};
export type ValidateFineTuningFilesErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type ValidateFineTuningFilesError = ValidateFineTuningFilesErrors[keyof ValidateFineTuningFilesErrors];
export type ValidateFineTuningFilesResponses = {
    /**
     * Successful Response
     */
    200: FineTuningValidation;
};
export type ValidateFineTuningFilesResponse = ValidateFineTuningFilesResponses[keyof ValidateFineTuningFilesResponses];
export type EstimateFineTuningData = {
    body: FineTuningEstimateCreate;
    path?: never;
    query?: never;
    url: '/v1/fine_tuning/estimate';
};
export type EstimateFineTuningErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type EstimateFineTuningError = EstimateFineTuningErrors[keyof EstimateFineTuningErrors];
export type EstimateFineTuningResponses = {
    /**
     * Successful Response
     */
    200: FineTuningEstimate;
};
export type EstimateFineTuningResponse = EstimateFineTuningResponses[keyof EstimateFineTuningResponses];
export type RunGraderData = {
    body: GraderRun;
    path?: never;
    query?: never;
    url: '/v1/fine_tuning/alpha/graders/run';
};
export type RunGraderErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RunGraderError = RunGraderErrors[keyof RunGraderErrors];
export type RunGraderResponses = {
    /**
     * Successful Response
     */
    200: GraderRunResponse;
};
export type RunGraderResponse = RunGraderResponses[keyof RunGraderResponses];
export type ValidateGraderData = {
    body: GraderValidate;
    path?: never;
    query?: never;
    url: '/v1/fine_tuning/alpha/graders/validate';
};
export type ValidateGraderErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ValidateGraderError = ValidateGraderErrors[keyof ValidateGraderErrors];
export type ValidateGraderResponses = {
    /**
     * Successful Response
     */
    200: GraderValidateResponse;
};
export type ValidateGraderResponse = ValidateGraderResponses[keyof ValidateGraderResponses];
export type ListDatasetsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/datasets';
};
export type ListDatasetsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListDatasetsError = ListDatasetsErrors[keyof ListDatasetsErrors];
export type ListDatasetsResponses = {
    /**
     * Successful Response
     */
    200: DatasetPage;
};
export type ListDatasetsResponse = ListDatasetsResponses[keyof ListDatasetsResponses];
export type CreateDatasetData = {
    body: DatasetCreate;
    path?: never;
    query?: never;
    url: '/v1/datasets';
};
export type CreateDatasetErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateDatasetError = CreateDatasetErrors[keyof CreateDatasetErrors];
export type CreateDatasetResponses = {
    /**
     * Successful Response
     */
    200: Dataset;
};
export type CreateDatasetResponse = CreateDatasetResponses[keyof CreateDatasetResponses];
export type DeleteDatasetData = {
    body?: never;
    path: {
        dataset_id: string;
    };
    query?: never;
    url: '/v1/datasets/{dataset_id}';
};
export type DeleteDatasetErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DeleteDatasetError = DeleteDatasetErrors[keyof DeleteDatasetErrors];
export type DeleteDatasetResponses = {
    /**
     * Successful Response
     */
    200: DeleteResponse;
};
export type DeleteDatasetResponse = DeleteDatasetResponses[keyof DeleteDatasetResponses];
export type RetrieveDatasetData = {
    body?: never;
    path: {
        dataset_id: string;
    };
    query?: never;
    url: '/v1/datasets/{dataset_id}';
};
export type RetrieveDatasetErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveDatasetError = RetrieveDatasetErrors[keyof RetrieveDatasetErrors];
export type RetrieveDatasetResponses = {
    /**
     * Successful Response
     */
    200: Dataset;
};
export type RetrieveDatasetResponse = RetrieveDatasetResponses[keyof RetrieveDatasetResponses];
export type CancelDatasetData = {
    body?: never;
    path: {
        dataset_id: string;
    };
    query?: never;
    url: '/v1/datasets/{dataset_id}/cancel';
};
export type CancelDatasetErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CancelDatasetError = CancelDatasetErrors[keyof CancelDatasetErrors];
export type CancelDatasetResponses = {
    /**
     * Successful Response
     */
    200: Dataset;
};
export type CancelDatasetResponse = CancelDatasetResponses[keyof CancelDatasetResponses];
export type ListDatasetEventsData = {
    body?: never;
    path: {
        dataset_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/datasets/{dataset_id}/events';
};
export type ListDatasetEventsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListDatasetEventsError = ListDatasetEventsErrors[keyof ListDatasetEventsErrors];
export type ListDatasetEventsResponses = {
    /**
     * Successful Response
     */
    200: DatasetEventPage;
};
export type ListDatasetEventsResponse = ListDatasetEventsResponses[keyof ListDatasetEventsResponses];
export type ListComparisonsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/comparisons';
};
export type ListComparisonsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListComparisonsError = ListComparisonsErrors[keyof ListComparisonsErrors];
export type ListComparisonsResponses = {
    /**
     * Successful Response
     */
    200: ComparisonPage;
};
export type ListComparisonsResponse = ListComparisonsResponses[keyof ListComparisonsResponses];
export type CreateComparisonData = {
    body: ComparisonCreate;
    path?: never;
    query?: never;
    url: '/v1/comparisons';
};
export type CreateComparisonErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateComparisonError = CreateComparisonErrors[keyof CreateComparisonErrors];
export type CreateComparisonResponses = {
    /**
     * Successful Response
     */
    200: Comparison;
};
export type CreateComparisonResponse = CreateComparisonResponses[keyof CreateComparisonResponses];
export type DeleteComparisonData = {
    body?: never;
    path: {
        comparison_id: string;
    };
    query?: never;
    url: '/v1/comparisons/{comparison_id}';
};
export type DeleteComparisonErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DeleteComparisonError = DeleteComparisonErrors[keyof DeleteComparisonErrors];
export type DeleteComparisonResponses = {
    /**
     * Successful Response
     */
    200: DeleteResponse;
};
export type DeleteComparisonResponse = DeleteComparisonResponses[keyof DeleteComparisonResponses];
export type RetrieveComparisonData = {
    body?: never;
    path: {
        comparison_id: string;
    };
    query?: never;
    url: '/v1/comparisons/{comparison_id}';
};
export type RetrieveComparisonErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveComparisonError = RetrieveComparisonErrors[keyof RetrieveComparisonErrors];
export type RetrieveComparisonResponses = {
    /**
     * Successful Response
     */
    200: Comparison;
};
export type RetrieveComparisonResponse = RetrieveComparisonResponses[keyof RetrieveComparisonResponses];
export type ListComparisonEventsData = {
    body?: never;
    path: {
        comparison_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/comparisons/{comparison_id}/events';
};
export type ListComparisonEventsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListComparisonEventsError = ListComparisonEventsErrors[keyof ListComparisonEventsErrors];
export type ListComparisonEventsResponses = {
    /**
     * Successful Response
     */
    200: ComparisonEventPage;
};
export type ListComparisonEventsResponse = ListComparisonEventsResponses[keyof ListComparisonEventsResponses];
export type CancelComparisonData = {
    body?: never;
    path: {
        comparison_id: string;
    };
    query?: never;
    url: '/v1/comparisons/{comparison_id}/cancel';
};
export type CancelComparisonErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CancelComparisonError = CancelComparisonErrors[keyof CancelComparisonErrors];
export type CancelComparisonResponses = {
    /**
     * Successful Response
     */
    200: Comparison;
};
export type CancelComparisonResponse = CancelComparisonResponses[keyof CancelComparisonResponses];
export type ListEvalsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by time; `asc` is oldest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * The time to sort by.
         */
        order_by?: 'created_at' | 'updated_at';
    };
    url: '/v1/evals';
};
export type ListEvalsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListEvalsError = ListEvalsErrors[keyof ListEvalsErrors];
export type ListEvalsResponses = {
    /**
     * Successful Response
     */
    200: EvalPage;
};
export type ListEvalsResponse = ListEvalsResponses[keyof ListEvalsResponses];
export type CreateEvalData = {
    body: EvalCreate;
    path?: never;
    query?: never;
    url: '/v1/evals';
};
export type CreateEvalErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CreateEvalError = CreateEvalErrors[keyof CreateEvalErrors];
export type CreateEvalResponses = {
    /**
     * Successful Response
     */
    201: Eval;
};
export type CreateEvalResponse = CreateEvalResponses[keyof CreateEvalResponses];
export type ImportEvalData = {
    body: EvalImport;
    path?: never;
    query?: never;
    url: '/v1/evals/import';
};
export type ImportEvalErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ImportEvalError = ImportEvalErrors[keyof ImportEvalErrors];
export type ImportEvalResponses = {
    /**
     * Successful Response
     */
    201: EvalImportResult;
};
export type ImportEvalResponse = ImportEvalResponses[keyof ImportEvalResponses];
export type DeleteEvalData = {
    body?: never;
    path: {
        eval_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}';
};
export type DeleteEvalErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DeleteEvalError = DeleteEvalErrors[keyof DeleteEvalErrors];
export type DeleteEvalResponses = {
    /**
     * Successful Response
     */
    200: EvalDeleteResponse;
};
export type DeleteEvalResponse = DeleteEvalResponses[keyof DeleteEvalResponses];
export type RetrieveEvalData = {
    body?: never;
    path: {
        eval_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}';
};
export type RetrieveEvalErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveEvalError = RetrieveEvalErrors[keyof RetrieveEvalErrors];
export type RetrieveEvalResponses = {
    /**
     * Successful Response
     */
    200: Eval;
};
export type RetrieveEvalResponse = RetrieveEvalResponses[keyof RetrieveEvalResponses];
export type UpdateEvalData = {
    body: EvalUpdate;
    path: {
        eval_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}';
};
export type UpdateEvalErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type UpdateEvalError = UpdateEvalErrors[keyof UpdateEvalErrors];
export type UpdateEvalResponses = {
    /**
     * Successful Response
     */
    200: Eval;
};
export type UpdateEvalResponse = UpdateEvalResponses[keyof UpdateEvalResponses];
export type ImportPromptfooData = {
    body: PromptfooImport;
    path?: never;
    query?: never;
    url: '/v1/evals/import/promptfoo';
};
export type ImportPromptfooErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ImportPromptfooError = ImportPromptfooErrors[keyof ImportPromptfooErrors];
export type ImportPromptfooResponses = {
    /**
     * Successful Response
     */
    201: PromptfooImportResult;
};
export type ImportPromptfooResponse = ImportPromptfooResponses[keyof ImportPromptfooResponses];
export type ListEvalRunsData = {
    body?: never;
    path: {
        eval_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by time; `asc` is oldest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * List only runs with this status.
         */
        status?: 'queued' | 'in_progress' | 'completed' | 'canceled' | 'failed';
    };
    url: '/v1/evals/{eval_id}/runs';
};
export type ListEvalRunsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListEvalRunsError = ListEvalRunsErrors[keyof ListEvalRunsErrors];
export type ListEvalRunsResponses = {
    /**
     * Successful Response
     */
    200: RunPage;
};
export type ListEvalRunsResponse = ListEvalRunsResponses[keyof ListEvalRunsResponses];
export type CreateEvalRunData = {
    body: RunCreate;
    path: {
        eval_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}/runs';
};
export type CreateEvalRunErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateEvalRunError = CreateEvalRunErrors[keyof CreateEvalRunErrors];
export type CreateEvalRunResponses = {
    /**
     * Successful Response
     */
    201: Run;
};
export type CreateEvalRunResponse = CreateEvalRunResponses[keyof CreateEvalRunResponses];
export type DeleteEvalRunData = {
    body?: never;
    path: {
        eval_id: string;
        run_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}/runs/{run_id}';
};
export type DeleteEvalRunErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DeleteEvalRunError = DeleteEvalRunErrors[keyof DeleteEvalRunErrors];
export type DeleteEvalRunResponses = {
    /**
     * Successful Response
     */
    200: RunDeleteResponse;
};
export type DeleteEvalRunResponse = DeleteEvalRunResponses[keyof DeleteEvalRunResponses];
export type RetrieveEvalRunData = {
    body?: never;
    path: {
        eval_id: string;
        run_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}/runs/{run_id}';
};
export type RetrieveEvalRunErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveEvalRunError = RetrieveEvalRunErrors[keyof RetrieveEvalRunErrors];
export type RetrieveEvalRunResponses = {
    /**
     * Successful Response
     */
    200: Run;
};
export type RetrieveEvalRunResponse = RetrieveEvalRunResponses[keyof RetrieveEvalRunResponses];
export type CancelEvalRunAtItsPathData = {
    body?: never;
    path: {
        eval_id: string;
        run_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}/runs/{run_id}';
};
export type CancelEvalRunAtItsPathErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CancelEvalRunAtItsPathError = CancelEvalRunAtItsPathErrors[keyof CancelEvalRunAtItsPathErrors];
export type CancelEvalRunAtItsPathResponses = {
    /**
     * Successful Response
     */
    200: Run;
};
export type CancelEvalRunAtItsPathResponse = CancelEvalRunAtItsPathResponses[keyof CancelEvalRunAtItsPathResponses];
export type CancelEvalRunData = {
    body?: never;
    path: {
        eval_id: string;
        run_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}/runs/{run_id}/cancel';
};
export type CancelEvalRunErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CancelEvalRunError = CancelEvalRunErrors[keyof CancelEvalRunErrors];
export type CancelEvalRunResponses = {
    /**
     * Successful Response
     */
    200: Run;
};
export type CancelEvalRunResponse = CancelEvalRunResponses[keyof CancelEvalRunResponses];
export type ListEvalOutputItemsData = {
    body?: never;
    path: {
        eval_id: string;
        run_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * `asc` is the order of the data.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * List only output items with this status. `error` is an extension.
         */
        status?: 'pass' | 'fail' | 'error';
    };
    url: '/v1/evals/{eval_id}/runs/{run_id}/output_items';
};
export type ListEvalOutputItemsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListEvalOutputItemsError = ListEvalOutputItemsErrors[keyof ListEvalOutputItemsErrors];
export type ListEvalOutputItemsResponses = {
    /**
     * Successful Response
     */
    200: OutputItemPage;
};
export type ListEvalOutputItemsResponse = ListEvalOutputItemsResponses[keyof ListEvalOutputItemsResponses];
export type RetrieveEvalOutputItemData = {
    body?: never;
    path: {
        eval_id: string;
        run_id: string;
        output_item_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}/runs/{run_id}/output_items/{output_item_id}';
};
export type RetrieveEvalOutputItemErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveEvalOutputItemError = RetrieveEvalOutputItemErrors[keyof RetrieveEvalOutputItemErrors];
export type RetrieveEvalOutputItemResponses = {
    /**
     * Successful Response
     */
    200: OutputItem;
};
export type RetrieveEvalOutputItemResponse = RetrieveEvalOutputItemResponses[keyof RetrieveEvalOutputItemResponses];
export type CompareEvalRunsData = {
    body: RunComparisonCreate;
    path: {
        eval_id: string;
    };
    query?: never;
    url: '/v1/evals/{eval_id}/compare';
};
export type CompareEvalRunsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CompareEvalRunsError = CompareEvalRunsErrors[keyof CompareEvalRunsErrors];
export type CompareEvalRunsResponses = {
    /**
     * Successful Response
     */
    200: RunComparison;
};
export type CompareEvalRunsResponse = CompareEvalRunsResponses[keyof CompareEvalRunsResponses];
export type ListWebhookEventTypesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/v1/webhook_event_types';
};
export type ListWebhookEventTypesErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListWebhookEventTypesError = ListWebhookEventTypesErrors[keyof ListWebhookEventTypesErrors];
export type ListWebhookEventTypesResponses = {
    /**
     * Successful Response
     */
    200: WebhookEventTypeList;
};
export type ListWebhookEventTypesResponse = ListWebhookEventTypesResponses[keyof ListWebhookEventTypesResponses];
export type ListWebhookEndpointsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/webhook_endpoints';
};
export type ListWebhookEndpointsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type ListWebhookEndpointsError = ListWebhookEndpointsErrors[keyof ListWebhookEndpointsErrors];
export type ListWebhookEndpointsResponses = {
    /**
     * Successful Response
     */
    200: WebhookEndpointPage;
};
export type ListWebhookEndpointsResponse = ListWebhookEndpointsResponses[keyof ListWebhookEndpointsResponses];
export type CreateWebhookEndpointData = {
    body: WebhookEndpointCreate;
    path?: never;
    query?: never;
    url: '/v1/webhook_endpoints';
};
export type CreateWebhookEndpointErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type CreateWebhookEndpointError = CreateWebhookEndpointErrors[keyof CreateWebhookEndpointErrors];
export type CreateWebhookEndpointResponses = {
    /**
     * Successful Response
     */
    200: WebhookEndpointWithSecret;
};
export type CreateWebhookEndpointResponse = CreateWebhookEndpointResponses[keyof CreateWebhookEndpointResponses];
export type DeleteWebhookEndpointData = {
    body?: never;
    path: {
        webhook_endpoint_id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{webhook_endpoint_id}';
};
export type DeleteWebhookEndpointErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type DeleteWebhookEndpointError = DeleteWebhookEndpointErrors[keyof DeleteWebhookEndpointErrors];
export type DeleteWebhookEndpointResponses = {
    /**
     * Successful Response
     */
    200: DeleteResponse;
};
export type DeleteWebhookEndpointResponse = DeleteWebhookEndpointResponses[keyof DeleteWebhookEndpointResponses];
export type RetrieveWebhookEndpointData = {
    body?: never;
    path: {
        webhook_endpoint_id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{webhook_endpoint_id}';
};
export type RetrieveWebhookEndpointErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RetrieveWebhookEndpointError = RetrieveWebhookEndpointErrors[keyof RetrieveWebhookEndpointErrors];
export type RetrieveWebhookEndpointResponses = {
    /**
     * Successful Response
     */
    200: WebhookEndpoint;
};
export type RetrieveWebhookEndpointResponse = RetrieveWebhookEndpointResponses[keyof RetrieveWebhookEndpointResponses];
export type UpdateWebhookEndpointData = {
    body: WebhookEndpointUpdate;
    path: {
        webhook_endpoint_id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{webhook_endpoint_id}';
};
export type UpdateWebhookEndpointErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type UpdateWebhookEndpointError = UpdateWebhookEndpointErrors[keyof UpdateWebhookEndpointErrors];
export type UpdateWebhookEndpointResponses = {
    /**
     * Successful Response
     */
    200: WebhookEndpoint;
};
export type UpdateWebhookEndpointResponse = UpdateWebhookEndpointResponses[keyof UpdateWebhookEndpointResponses];
export type RotateWebhookSecretData = {
    body: WebhookSecretRotate;
    path: {
        webhook_endpoint_id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret';
};
export type RotateWebhookSecretErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type RotateWebhookSecretError = RotateWebhookSecretErrors[keyof RotateWebhookSecretErrors];
export type RotateWebhookSecretResponses = {
    /**
     * Successful Response
     */
    200: WebhookEndpointWithSecret;
};
export type RotateWebhookSecretResponse = RotateWebhookSecretResponses[keyof RotateWebhookSecretResponses];
export type TestWebhookEndpointData = {
    body: WebhookTest;
    path: {
        webhook_endpoint_id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{webhook_endpoint_id}/test';
};
export type TestWebhookEndpointErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
};
export type TestWebhookEndpointError = TestWebhookEndpointErrors[keyof TestWebhookEndpointErrors];
export type TestWebhookEndpointResponses = {
    /**
     * Successful Response
     */
    200: WebhookTestResult;
};
export type TestWebhookEndpointResponse = TestWebhookEndpointResponses[keyof TestWebhookEndpointResponses];
export type PreviewChunksData = {
    body: ChunkPreviewRequest;
    path?: never;
    query?: never;
    url: '/v1/chunks/preview';
};
export type PreviewChunksErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type PreviewChunksError = PreviewChunksErrors[keyof PreviewChunksErrors];
export type PreviewChunksResponses = {
    /**
     * Successful Response
     */
    200: ChunkPreview;
};
export type PreviewChunksResponse = PreviewChunksResponses[keyof PreviewChunksResponses];
export type ListFilesData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * The maximum number of files on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * List only files with this purpose.
         */
        purpose?: 'assistants' | 'user_data' | 'fine-tune' | 'batch' | 'evals' | 'vision' | 'fine-tune-results' | 'assistants_output' | 'batch_output';
    };
    url: '/v1/files';
};
export type ListFilesErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type ListFilesError = ListFilesErrors[keyof ListFilesErrors];
export type ListFilesResponses = {
    /**
     * Successful Response
     */
    200: FileObjectPage;
};
export type ListFilesResponse = ListFilesResponses[keyof ListFilesResponses];
export type UploadFileData = {
    body: FileUpload;
    path?: never;
    query?: never;
    url: '/v1/files';
};
export type UploadFileErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
    /**
     * The disk is full; the message says where.
     */
    507: ErrorResponse;
};
export type UploadFileError = UploadFileErrors[keyof UploadFileErrors];
export type UploadFileResponses = {
    /**
     * Successful Response
     */
    200: FileObject;
};
export type UploadFileResponse = UploadFileResponses[keyof UploadFileResponses];
export type DeleteFileData = {
    body?: never;
    path: {
        file_id: string;
    };
    query?: never;
    url: '/v1/files/{file_id}';
};
export type DeleteFileErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
    /**
     * The disk is full; the message says where.
     */
    507: ErrorResponse;
};
export type DeleteFileError = DeleteFileErrors[keyof DeleteFileErrors];
export type DeleteFileResponses = {
    /**
     * Successful Response
     */
    200: ContentDeleteResponse;
};
export type DeleteFileResponse = DeleteFileResponses[keyof DeleteFileResponses];
export type RetrieveFileData = {
    body?: never;
    path: {
        file_id: string;
    };
    query?: never;
    url: '/v1/files/{file_id}';
};
export type RetrieveFileErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RetrieveFileError = RetrieveFileErrors[keyof RetrieveFileErrors];
export type RetrieveFileResponses = {
    /**
     * Successful Response
     */
    200: FileObject;
};
export type RetrieveFileResponse = RetrieveFileResponses[keyof RetrieveFileResponses];
export type RetrieveContentData = {
    body?: never;
    path: {
        file_id: string;
    };
    query?: never;
    url: '/v1/files/{file_id}/content';
};
export type RetrieveContentErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The file does not have the requested range.
     */
    416: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RetrieveContentError = RetrieveContentErrors[keyof RetrieveContentErrors];
export type RetrieveContentResponses = {
    /**
     * Successful Response
     */
    200: Blob | File;
    /**
     * The parts of the file that the header `Range` asks for; several as `multipart/byteranges`.
     */
    206: Blob | File;
};
export type RetrieveContentResponse = RetrieveContentResponses[keyof RetrieveContentResponses];
export type ListVectorStoresData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/vector_stores';
};
export type ListVectorStoresErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type ListVectorStoresError = ListVectorStoresErrors[keyof ListVectorStoresErrors];
export type ListVectorStoresResponses = {
    /**
     * Successful Response
     */
    200: VectorStorePage;
};
export type ListVectorStoresResponse = ListVectorStoresResponses[keyof ListVectorStoresResponses];
export type CreateVectorStoreData = {
    body: VectorStoreCreate;
    path?: never;
    query?: never;
    url: '/v1/vector_stores';
};
export type CreateVectorStoreErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateVectorStoreError = CreateVectorStoreErrors[keyof CreateVectorStoreErrors];
export type CreateVectorStoreResponses = {
    /**
     * Successful Response
     */
    200: VectorStore;
};
export type CreateVectorStoreResponse = CreateVectorStoreResponses[keyof CreateVectorStoreResponses];
export type DeleteVectorStoreData = {
    body?: never;
    path: {
        vector_store_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}';
};
export type DeleteVectorStoreErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
    /**
     * The disk is full; the message says where.
     */
    507: ErrorResponse;
};
export type DeleteVectorStoreError = DeleteVectorStoreErrors[keyof DeleteVectorStoreErrors];
export type DeleteVectorStoreResponses = {
    /**
     * Successful Response
     */
    200: ContentDeleteResponse;
};
export type DeleteVectorStoreResponse = DeleteVectorStoreResponses[keyof DeleteVectorStoreResponses];
export type RetrieveVectorStoreData = {
    body?: never;
    path: {
        vector_store_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}';
};
export type RetrieveVectorStoreErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RetrieveVectorStoreError = RetrieveVectorStoreErrors[keyof RetrieveVectorStoreErrors];
export type RetrieveVectorStoreResponses = {
    /**
     * Successful Response
     */
    200: VectorStore;
};
export type RetrieveVectorStoreResponse = RetrieveVectorStoreResponses[keyof RetrieveVectorStoreResponses];
export type UpdateVectorStoreData = {
    body: VectorStoreUpdate;
    path: {
        vector_store_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}';
};
export type UpdateVectorStoreErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type UpdateVectorStoreError = UpdateVectorStoreErrors[keyof UpdateVectorStoreErrors];
export type UpdateVectorStoreResponses = {
    /**
     * Successful Response
     */
    200: VectorStore;
};
export type UpdateVectorStoreResponse = UpdateVectorStoreResponses[keyof UpdateVectorStoreResponses];
export type ListStoreFilesData = {
    body?: never;
    path: {
        vector_store_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * List only files with this status.
         */
        filter?: 'in_progress' | 'completed' | 'cancelled' | 'failed';
    };
    url: '/v1/vector_stores/{vector_store_id}/files';
};
export type ListStoreFilesErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type ListStoreFilesError = ListStoreFilesErrors[keyof ListStoreFilesErrors];
export type ListStoreFilesResponses = {
    /**
     * Successful Response
     */
    200: VectorStoreFilePage;
};
export type ListStoreFilesResponse = ListStoreFilesResponses[keyof ListStoreFilesResponses];
export type AttachToStoreData = {
    body: VectorStoreFileCreate;
    path: {
        vector_store_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/files';
};
export type AttachToStoreErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type AttachToStoreError = AttachToStoreErrors[keyof AttachToStoreErrors];
export type AttachToStoreResponses = {
    /**
     * Successful Response
     */
    200: VectorStoreFile;
};
export type AttachToStoreResponse = AttachToStoreResponses[keyof AttachToStoreResponses];
export type DeleteStoreFileData = {
    body?: never;
    path: {
        vector_store_id: string;
        file_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/files/{file_id}';
};
export type DeleteStoreFileErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
    /**
     * The disk is full; the message says where.
     */
    507: ErrorResponse;
};
export type DeleteStoreFileError = DeleteStoreFileErrors[keyof DeleteStoreFileErrors];
export type DeleteStoreFileResponses = {
    /**
     * Successful Response
     */
    200: ContentDeleteResponse;
};
export type DeleteStoreFileResponse = DeleteStoreFileResponses[keyof DeleteStoreFileResponses];
export type RetrieveStoreFileData = {
    body?: never;
    path: {
        vector_store_id: string;
        file_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/files/{file_id}';
};
export type RetrieveStoreFileErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RetrieveStoreFileError = RetrieveStoreFileErrors[keyof RetrieveStoreFileErrors];
export type RetrieveStoreFileResponses = {
    /**
     * Successful Response
     */
    200: VectorStoreFile;
};
export type RetrieveStoreFileResponse = RetrieveStoreFileResponses[keyof RetrieveStoreFileResponses];
export type UpdateStoreFileData = {
    body: VectorStoreFileUpdate;
    path: {
        vector_store_id: string;
        file_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/files/{file_id}';
};
export type UpdateStoreFileErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
    /**
     * The disk is full; the message says where.
     */
    507: ErrorResponse;
};
export type UpdateStoreFileError = UpdateStoreFileErrors[keyof UpdateStoreFileErrors];
export type UpdateStoreFileResponses = {
    /**
     * Successful Response
     */
    200: VectorStoreFile;
};
export type UpdateStoreFileResponse = UpdateStoreFileResponses[keyof UpdateStoreFileResponses];
export type CancelStoreFileData = {
    body?: never;
    path: {
        vector_store_id: string;
        file_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/files/{file_id}/cancel';
};
export type CancelStoreFileErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CancelStoreFileError = CancelStoreFileErrors[keyof CancelStoreFileErrors];
export type CancelStoreFileResponses = {
    /**
     * Successful Response
     */
    200: VectorStoreFile;
};
export type CancelStoreFileResponse = CancelStoreFileResponses[keyof CancelStoreFileResponses];
export type RetrieveStoreFileContentData = {
    body?: never;
    path: {
        vector_store_id: string;
        file_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/files/{file_id}/content';
};
export type RetrieveStoreFileContentErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RetrieveStoreFileContentError = RetrieveStoreFileContentErrors[keyof RetrieveStoreFileContentErrors];
export type RetrieveStoreFileContentResponses = {
    /**
     * Successful Response
     */
    200: FileContentPage;
};
export type RetrieveStoreFileContentResponse = RetrieveStoreFileContentResponses[keyof RetrieveStoreFileContentResponses];
export type CreateFileBatchData = {
    body: FileBatchCreate;
    path: {
        vector_store_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/file_batches';
};
export type CreateFileBatchErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateFileBatchError = CreateFileBatchErrors[keyof CreateFileBatchErrors];
export type CreateFileBatchResponses = {
    /**
     * Successful Response
     */
    200: FileBatch;
};
export type CreateFileBatchResponse = CreateFileBatchResponses[keyof CreateFileBatchResponses];
export type RetrieveFileBatchData = {
    body?: never;
    path: {
        vector_store_id: string;
        batch_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}';
};
export type RetrieveFileBatchErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RetrieveFileBatchError = RetrieveFileBatchErrors[keyof RetrieveFileBatchErrors];
export type RetrieveFileBatchResponses = {
    /**
     * Successful Response
     */
    200: FileBatch;
};
export type RetrieveFileBatchResponse = RetrieveFileBatchResponses[keyof RetrieveFileBatchResponses];
export type CancelFileBatchData = {
    body?: never;
    path: {
        vector_store_id: string;
        batch_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel';
};
export type CancelFileBatchErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CancelFileBatchError = CancelFileBatchErrors[keyof CancelFileBatchErrors];
export type CancelFileBatchResponses = {
    /**
     * Successful Response
     */
    200: FileBatch;
};
export type CancelFileBatchResponse = CancelFileBatchResponses[keyof CancelFileBatchResponses];
export type ListBatchFilesData = {
    body?: never;
    path: {
        vector_store_id: string;
        batch_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
        /**
         * List only files with this status.
         */
        filter?: 'in_progress' | 'completed' | 'cancelled' | 'failed';
    };
    url: '/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/files';
};
export type ListBatchFilesErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type ListBatchFilesError = ListBatchFilesErrors[keyof ListBatchFilesErrors];
export type ListBatchFilesResponses = {
    /**
     * Successful Response
     */
    200: VectorStoreFilePage;
};
export type ListBatchFilesResponse = ListBatchFilesResponses[keyof ListBatchFilesResponses];
export type SearchVectorStoreData = {
    body: SearchRequest;
    path: {
        vector_store_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/search';
};
export type SearchVectorStoreErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type SearchVectorStoreError = SearchVectorStoreErrors[keyof SearchVectorStoreErrors];
export type SearchVectorStoreResponses = {
    /**
     * Successful Response
     */
    200: SearchResults;
};
export type SearchVectorStoreResponse = SearchVectorStoreResponses[keyof SearchVectorStoreResponses];
export type CreateEmbeddingsData = {
    body: EmbeddingsRequest;
    path?: never;
    query?: never;
    url: '/v1/embeddings';
};
export type CreateEmbeddingsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CreateEmbeddingsError = CreateEmbeddingsErrors[keyof CreateEmbeddingsErrors];
export type CreateEmbeddingsResponses = {
    /**
     * Successful Response
     */
    200: EmbeddingList;
};
export type CreateEmbeddingsResponse = CreateEmbeddingsResponses[keyof CreateEmbeddingsResponses];
export type RerankData = {
    body: RerankRequest;
    path?: never;
    query?: never;
    url: '/v1/rerank';
};
export type RerankErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RerankError = RerankErrors[keyof RerankErrors];
export type RerankResponses = {
    /**
     * Successful Response
     */
    200: RerankResponse;
};
export type RerankResponse2 = RerankResponses[keyof RerankResponses];
export type RerankV2Data = {
    body: RerankRequest;
    path?: never;
    query?: never;
    url: '/v2/rerank';
};
export type RerankV2Errors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RerankV2Error = RerankV2Errors[keyof RerankV2Errors];
export type RerankV2Responses = {
    /**
     * Successful Response
     */
    200: RerankResponse;
};
export type RerankV2Response = RerankV2Responses[keyof RerankV2Responses];
export type RerankUnversionedData = {
    body: RerankRequest;
    path?: never;
    query?: never;
    url: '/rerank';
};
export type RerankUnversionedErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * A queue is full. Try again after `Retry-After` seconds.
     */
    429: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RerankUnversionedError = RerankUnversionedErrors[keyof RerankUnversionedErrors];
export type RerankUnversionedResponses = {
    /**
     * Successful Response
     */
    200: RerankResponse;
};
export type RerankUnversionedResponse = RerankUnversionedResponses[keyof RerankUnversionedResponses];
export type ReembedVectorStoreData = {
    body: ReembedRequest;
    path: {
        vector_store_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/reembed';
};
export type ReembedVectorStoreErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The body arrived too slowly.
     */
    408: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The body exceeds a limit.
     */
    413: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type ReembedVectorStoreError = ReembedVectorStoreErrors[keyof ReembedVectorStoreErrors];
export type ReembedVectorStoreResponses = {
    /**
     * Successful Response
     */
    200: Reembedding;
};
export type ReembedVectorStoreResponse = ReembedVectorStoreResponses[keyof ReembedVectorStoreResponses];
export type ListReembeddingsData = {
    body?: never;
    path: {
        vector_store_id: string;
    };
    query?: {
        /**
         * The maximum number of items on the page.
         */
        limit?: number;
        /**
         * The order by creation time; `desc` is newest first.
         */
        order?: 'asc' | 'desc';
        /**
         * The id of the last item on the previous page.
         */
        after?: string;
        /**
         * The id of the first item on the next page.
         */
        before?: string;
    };
    url: '/v1/vector_stores/{vector_store_id}/reembeddings';
};
export type ListReembeddingsErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type ListReembeddingsError = ListReembeddingsErrors[keyof ListReembeddingsErrors];
export type ListReembeddingsResponses = {
    /**
     * Successful Response
     */
    200: ReembeddingPage;
};
export type ListReembeddingsResponse = ListReembeddingsResponses[keyof ListReembeddingsResponses];
export type RetrieveReembeddingData = {
    body?: never;
    path: {
        vector_store_id: string;
        reembedding_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/reembeddings/{reembedding_id}';
};
export type RetrieveReembeddingErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RetrieveReembeddingError = RetrieveReembeddingErrors[keyof RetrieveReembeddingErrors];
export type RetrieveReembeddingResponses = {
    /**
     * Successful Response
     */
    200: Reembedding;
};
export type RetrieveReembeddingResponse = RetrieveReembeddingResponses[keyof RetrieveReembeddingResponses];
export type ConfirmReembeddingData = {
    body?: never;
    path: {
        vector_store_id: string;
        reembedding_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/reembeddings/{reembedding_id}/confirm';
};
export type ConfirmReembeddingErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type ConfirmReembeddingError = ConfirmReembeddingErrors[keyof ConfirmReembeddingErrors];
export type ConfirmReembeddingResponses = {
    /**
     * Successful Response
     */
    200: Reembedding;
};
export type ConfirmReembeddingResponse = ConfirmReembeddingResponses[keyof ConfirmReembeddingResponses];
export type RollBackReembeddingData = {
    body?: never;
    path: {
        vector_store_id: string;
        reembedding_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/reembeddings/{reembedding_id}/rollback';
};
export type RollBackReembeddingErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type RollBackReembeddingError = RollBackReembeddingErrors[keyof RollBackReembeddingErrors];
export type RollBackReembeddingResponses = {
    /**
     * Successful Response
     */
    200: Reembedding;
};
export type RollBackReembeddingResponse = RollBackReembeddingResponses[keyof RollBackReembeddingResponses];
export type CancelReembeddingData = {
    body?: never;
    path: {
        vector_store_id: string;
        reembedding_id: string;
    };
    query?: never;
    url: '/v1/vector_stores/{vector_store_id}/reembeddings/{reembedding_id}/cancel';
};
export type CancelReembeddingErrors = {
    /**
     * The request is not valid; `param` names the field.
     */
    400: ErrorResponse;
    /**
     * The API key is missing or unknown.
     */
    401: ErrorResponse;
    /**
     * The caller's project has no such object.
     */
    404: ErrorResponse;
    /**
     * The object is in a state that does not allow this.
     */
    409: ErrorResponse;
    /**
     * The server had an error. Its log has the details under the request id.
     */
    500: ErrorResponse;
    /**
     * The server, or a service that it needs, is unavailable.
     */
    503: ErrorResponse;
    /**
     * Something exceeded a time limit; the message names both.
     */
    504: ErrorResponse;
};
export type CancelReembeddingError = CancelReembeddingErrors[keyof CancelReembeddingErrors];
export type CancelReembeddingResponses = {
    /**
     * Successful Response
     */
    200: Reembedding;
};
export type CancelReembeddingResponse = CancelReembeddingResponses[keyof CancelReembeddingResponses];
