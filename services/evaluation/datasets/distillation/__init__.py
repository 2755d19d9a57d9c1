"""Distillation: stored responses become training examples, so that a model learns to answer as another one did.

    distill.py              the flow
    read_responses.py       the stored responses that match, in the database
    collect_examples.py     responses with the turns before them, each made an example or left out
    make_example.py         one example: the prompt that the model had, and its answer
    chat_messages.py        the items of a response as chat messages
    passages.py             what a file search found, and its numbers in an answer
    faults.py               why a response is left out
    conversations.py        which examples belong together
    split_conversations.py  which of them are for validation
    write_parts.py          the files

The worker imports `distill` and `read_responses`. The room knows nothing of documents and generators.
"""
