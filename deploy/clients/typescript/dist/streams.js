/**
 * Yields the data of each server-sent event until the stream ends or says `[DONE]`.
 *
 * Give it the `data` of a call with `parseAs: 'stream'`, such as
 * `createChatCompletion({ client, body: { ...body, stream: true }, parseAs: 'stream' })`. The generated type of that data is the
 * answer that is not streamed. If the server refuses the request, `data` is undefined and `error` says why.
 */
export async function* readEvents(data) {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of data) {
        const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r?\n/);
        rest = lines.pop() ?? '';
        for (const line of lines) {
            if (!line.startsWith('data:'))
                continue;
            const value = line.slice('data:'.length).trim();
            if (value === '[DONE]')
                return;
            yield JSON.parse(value);
        }
    }
}
