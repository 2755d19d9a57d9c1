"""A comparison as one zip file: what was asked, every answer with its trace, and what was found. A replay needs nothing else.

The command line (`__main__`) and the report's writers come in. It knows nothing of statistics.

    layout.py            the files of a bundle, and their hashes
    write_bundle.py      evidence and findings to bytes
    read_bundle.py       bytes to evidence and findings, checked
    replay.py            the findings, computed again
    compare_findings.py  how the findings of a replay differ
"""
