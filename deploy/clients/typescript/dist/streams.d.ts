/**
 * Yields the data of each server-sent event until the stream ends or says `[DONE]`.
 *
 * Give it the `data` of a call with `parseAs: 'stream'`, such as
 * `createChatCompletion({ client, body: { ...body, stream: true }, parseAs: 'stream' })`. The generated type of that data is the
 * answer that is not streamed. If the server refuses the request, `data` is undefined and `error` says why.
 */
export declare function readEvents<Event>(data: unknown): AsyncGenerator<Event, void>;
