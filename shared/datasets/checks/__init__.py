"""Checks over a whole file of examples: duplicates, overlap with another file, secrets, lengths. They warn; a line is refused elsewhere.

Memory is bounded whatever the size of the file, and a report says what was therefore not compared. The front door imports this room to
report on a file before a job is created. It knows nothing of HTTP and of where files are.

    file_check.py         everything that is found in a file, entry by entry
    warn.py               what was found, in words
    fingerprints.py       equal examples
    near_duplicates.py    examples with nearly the same words
    secrets.py            keys and passwords of well-known forms
    lengths.py            a histogram
    example_sample.py     some of the examples, for what takes too long with all of them
    token_counts.py       the tokens of a file, from those of a sample
    advise_length.py      what they mean for the longest example that is trained
"""
