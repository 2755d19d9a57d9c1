"""Chat completions that are stored (`store: true`), so that they can be found, evaluated and trained on. Only `routes` may import it.

store_answer.py  the flow: answer a request, store the answer when it is complete, and send it
stream.py        the chunks of a streamed answer as one completion
completions.py   the records: added, listed, changed, deleted
describe.py      a stored completion and its messages as the API shows them
"""
