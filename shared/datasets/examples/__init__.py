"""Training examples: what a line of a training file must be, and the reader that turns it into a chat or names all its problems.

The front door reads a file to check it, the training workers to learn from it, so a file that is accepted can be trained. Only
`shared.datasets` and its callers may import this room. It knows nothing of tokenizers and chat templates.

    example.py        what is trained: a chat, or a pair of answers
    answers.py        the answer in a rendered chat
    read.py           lines to examples, or to their problems
    formats.py        which format a file has
    layout.py         how its text is laid out if it is not one object a line
    chat.py           OpenAI's chat format
    message.py        a message of it
    tools.py          its tools and their calls
    preferences.py    OpenAI's pairs of a preferred and another answer
    harmony.py        what gpt-oss cannot learn of them
    conversions.py    other formats, as chats
    findings.py       a problem of a line, and how values are named in it
"""
