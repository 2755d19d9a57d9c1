"""The files that users write for Tandem: chat examples to train on, and questions to compare with. An error names each wrong line.

The front door reads a file to refuse a wrong one, the workers to use it. Every service may import this room. It knows nothing of
tokenizers, and of files nothing but their lines.

    examples/          training examples in their formats
    checks/            checks over a whole file of examples
    questions.py       what a question is
    read_questions.py  the questions of a file, JSONL or CSV
    item_schema.py     the schema of the items of an eval
    csv_rows.py        the rows of a CSV file as objects
    text_lines.py      bytes to lines of text
    json_lines.py      a line of JSON as a model
    json_list.py       a JSON list as the texts of its elements
    problems.py        everything that is wrong with a file, in one error
"""

from shared.datasets.examples.example import MIN_EXAMPLES, Example, Message, Preference
from shared.datasets.examples.read import number_examples, number_preferences, read_examples
from shared.datasets.questions import Context, Question
from shared.datasets.read_questions import read_questions

__all__ = [
    "MIN_EXAMPLES",
    "Context",
    "Example",
    "Message",
    "Preference",
    "Question",
    "number_examples",
    "number_preferences",
    "read_examples",
    "read_questions",
]
