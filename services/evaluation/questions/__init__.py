"""Questions: which of them depend on each other, which the training file has, and whether the search found where their answers stand.

The flow (`compare`) and `verdict` import this room. It asks nothing and decides nothing.

    clusters.py           questions that depend on each other
    leaks.py              questions that the training file has, or nearly has
    training_prompts.py   what a training example asks
    near_duplicates.py    finds similar texts fast, and says which of them ask the same
    template_copies.py    training examples that copy the product's own prompt with passages
    retrieval_scores.py   recall, precision, nDCG and MRR of an arm's search, and whether search or reading failed
    abstention_scores.py  precision and recall of "not in the documents"
    find_contexts.py      whether a retrieved passage is a context of a question
    words.py              text to normalized words
"""
