"""Retrieval: files, vector stores, search, embeddings and reranking.

No other service imports it. `wiring` builds its parts, for the service (`app`) and for ingest workers (`worker`).
"""
