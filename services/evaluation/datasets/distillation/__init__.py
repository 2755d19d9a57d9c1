"""Distillation: stored responses or chat completions become training examples, so that a model learns to answer as another one did.

    distill.py              the flow
    read_responses.py       the stored responses that match, in the database
    read_completions.py     the stored chat completions that match
    collect_examples.py     answers with the turns before them, each made an example or left out
    make_example.py         one example: the prompt that the model had, and its answer
    read_answer.py          what an example is made of, from a response or a chat completion
    chat_messages.py        the items of a response as chat messages
    passages.py             what a search found, and its numbers in an answer
    faults.py               why an answer is left out
    splitting/              the examples divided into files

The worker imports `distill` and the two readers; evals import the reader of responses. The room knows nothing of documents and generators.
"""
