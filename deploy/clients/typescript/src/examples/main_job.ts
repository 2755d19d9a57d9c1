/**
 * The main job by the TypeScript client: documents, a search, answers, a fine-tuning job, a comparison, and how calls fail.
 *
 *     node dist/examples/main_job.js http://localhost:8000 KEY MODEL wait < inputs.json
 *
 * The inputs are `{"document", "question", "training", "questions"}`, each the text of a file except for the question. Without `wait`,
 * the jobs are only created. It prints what it found as one JSON object.
 */
import {
  attachToStore,
  createChatCompletion,
  createClient,
  createComparison,
  createFineTuningJob,
  createResponse,
  createVectorStore,
  listComparisonEvents,
  listFineTuningEvents,
  readEvents,
  retrieveComparison,
  retrieveContent,
  retrieveFineTuningJob,
  retrieveStoreFile,
  searchVectorStore,
  uploadFile,
  type ChatCompletionChunk,
  type ChatCompletionCreate,
  type ErrorResponse,
  type FileUpload,
  type ResponseEvent,
} from '../index.js';

declare const process: { argv: string[]; stdin: AsyncIterable<Uint8Array> };

const [, , baseUrl, auth, model, wait] = process.argv;
const client = createClient({ baseUrl, auth });
const DAY = 86_400;
const ENDED = ['succeeded', 'failed', 'cancelled'];

/** Returns the data of a call, or fails with the message of its typed error. */
async function need<Data>(call: Promise<{ data?: Data; error?: ErrorResponse | unknown }>): Promise<NonNullable<Data>> {
  const { data, error } = await call;
  if (!data) throw new Error((error as ErrorResponse | undefined)?.error.message ?? 'no response');
  return data;
}

/** Calls `read` until `isDone` says so. */
async function until<Value>(read: () => Promise<Value>, isDone: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function readInputs(): Promise<Record<'document' | 'question' | 'training' | 'questions', string>> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of process.stdin) text += decoder.decode(piece, { stream: true });
  return JSON.parse(text);
}

async function upload(text: string, name: string, purpose: FileUpload['purpose'], expires_after?: FileUpload['expires_after']) {
  return need(uploadFile({ client, body: { file: new File([text], name), purpose, expires_after } }));
}

async function index(text: string) {
  const file = await upload(text, 'handbook €.md', 'assistants', { anchor: 'created_at', seconds: DAY });
  const store = await need(createVectorStore({ client, body: { name: 'Handbooks' } }));
  const path = { vector_store_id: store.id, file_id: file.id };
  await need(attachToStore({ client, path, body: { file_id: file.id, attributes: { product: 'pump', year: 2026 } } }));
  const status = await until(() => need(retrieveStoreFile({ client, path })), (attached) => attached.status !== 'in_progress');
  const content = (await need(retrieveContent({ client, path, parseAs: 'blob' }))) as Blob;
  return { file, store: store.id, status: status.status, content: await content.text() };
}

async function search(store: string, query: string, product: string) {
  const filters = {
    type: 'and' as const,
    filters: [
      { type: 'eq' as const, key: 'product', value: product },
      { type: 'gte' as const, key: 'year', value: 2026 },
    ],
  };
  const found = await need(searchVectorStore({ client, path: { vector_store_id: store }, body: { query, filters } }));
  return found.data.map((hit) => hit.filename);
}

async function chat(store: string, question: string) {
  const body: ChatCompletionCreate = {
    model,
    messages: [{ role: 'user', content: question }],
    max_tokens: 16,
    temperature: 0,
    retrieval: { vector_store_ids: [store], max_num_results: 2 },
  };
  const whole = await need(createChatCompletion({ client, body }));
  const stream = await need(createChatCompletion({ client, body: { ...body, stream: true }, parseAs: 'stream' }));
  let streamed = '';
  let cited: string[] = [];
  for await (const chunk of readEvents<ChatCompletionChunk>(stream)) {
    streamed += chunk.choices[0]?.delta.content ?? '';
    cited = chunk.citations?.map((citation) => citation.filename) ?? cited;
  }
  return { whole: whole.choices[0].message.content, streamed, cited, citations: whole.citations?.map((each) => each.filename) };
}

async function respond(question: string) {
  const body = { model, input: question, max_output_tokens: 16, temperature: 0, stream: true };
  const kinds: string[] = [];
  const stream = await need(createResponse({ client, body, parseAs: 'stream' }));
  for await (const event of readEvents<ResponseEvent>(stream)) kinds.push(event.type);
  return kinds;
}

async function fineTune(training: string) {
  const file = await upload(training, 'train.jsonl', 'fine-tune');
  const method = { type: 'supervised' as const, supervised: { hyperparameters: { n_epochs: 1 } } };
  const created = await need(createFineTuningJob({ client, body: { model, training_file: file.id, method, seed: 1 } }));
  const path = { job_id: created.id };
  const read = () => need(retrieveFineTuningJob({ client, path }));
  const job = await until(read, (each) => !wait || ENDED.includes(each.status));
  const events = await need(listFineTuningEvents({ client, path, query: { limit: 100 } }));
  return { status: job.status, model: job.fine_tuned_model, epochs: job.hyperparameters.n_epochs, events: events.data.length };
}

async function compare(store: string, questions: string, tuned: string) {
  const file = await upload(questions, 'questions.jsonl', 'evals');
  const body = { questions_file: file.id, model: tuned, vector_store_ids: [store], max_tokens: 8 };
  const created = await need(createComparison({ client, body }));
  const path = { comparison_id: created.id };
  const read = () => need(retrieveComparison({ client, path }));
  const comparison = await until(read, (each) => !wait || ENDED.includes(each.status));
  const events = await need(listComparisonEvents({ client, path }));
  const verdict = comparison.result?.verdict.outcome ?? null;
  return { status: comparison.status, arms: comparison.arms, verdict, events: events.data.length };
}

async function fail(store: string) {
  const unknown = await retrieveComparison({ client, path: { comparison_id: 'cmp_none' } });
  const blank = await searchVectorStore({ client, path: { vector_store_id: store }, body: { query: ' ' } });
  const body: ChatCompletionCreate = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], stream: true };
  const streamed = await createChatCompletion({ client, body, parseAs: 'stream' });
  return [unknown, blank, streamed].map(({ error, response }) => ({ status: response?.status, ...error?.error }));
}

const inputs = await readInputs();
const { file, store, status, content } = await index(inputs.document);
const job = await fineTune(inputs.training);
console.log(
  JSON.stringify({
    filename: file.filename,
    seconds: (file.expires_at ?? 0) - file.created_at,
    status,
    content,
    hits: await search(store, inputs.question, 'pump'),
    others: await search(store, inputs.question, 'valve'),
    chat: await chat(store, inputs.question),
    kinds: await respond(inputs.question),
    job,
    comparison: await compare(store, inputs.questions, job.model ?? model),
    errors: await fail(store),
  }),
);
