"""Inputs: everything that a comparison needs before its first question is asked, fetched and checked.

The flow (`compare`) imports this room. It knows nothing of answers or grades.

    prepare.py        the questions, the examples, the clusters, and the questions that leaked
    fetch.py          files, jobs and times, over Tandem's API
    announce.py       what so many questions can show, said before they are asked
    versions.py       the libraries that compute the verdict
"""
