"""The check of a fine-tuning job's files before there is a job. Only `routes` imports it.

validate.py      the whole check, plain or as a stream of events, and its turn among others
read_files.py    every line of the files, in a thread
count_tokens.py  the tokens of a sample, as the engine counts them
"""
