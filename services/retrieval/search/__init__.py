"""Flow 2, retrieval's half: a question becomes hits.

    search.py             rewrite → candidates → load hits → rerank → threshold → diversify or group → context window
      rewrite.py            a language model makes search queries of the questions
      candidates.py         the index's hits for every query in every store
      fuse.py                 vector and keyword scores, made comparable and combined
      hits.py               candidates become chunks and files
      rerank.py             a cross-encoder scores the hits again
      diversify.py          hits that differ from each other
      group.py              one hit per file
      context_window.py     the chunks before and after a hit
    explain.py            why a file is, or is not, among the hits
    query_truncation.py   a note about queries that are too long for the embedder

Imported by the routes, `dependencies` and `wiring`.
"""
