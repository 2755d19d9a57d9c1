"""Whether a training can succeed, before hours are spent: its memory, and what the engine's chat template says to its examples.

`finetune` and the rooms of `jobs` import it.

check_memory.py     refuses a training that no worker has the memory for
check_chats.py      refuses examples that the engine's chat template refuses
check_answers.py    whether that template shows an answer as a continuation of its prompt
count_tokens.py     the tokens of a sample, as the engine counts them
count_unlearned.py  the examples of which nothing is learned within `max_length`
training_memory.py  the memory of a training on a device
"""
