"""The records: uploaded files, vector stores, the files in each store, and re-embeddings.

This room is the bottom of the service: it knows nothing of file contents, chunks or the index. Every other room may import it, except
`parse`, `chunk`, `embedding` and `index`, which work without a database.

    records.py            the tables
    files.py              uploaded files
    file_holds.py         files that someone needs for some time
    stores.py             vector stores
    attachments.py        files in vector stores, as callers see them
    ingest_queue.py       the same, as the ingest worker sees them: claimed, updated, ended
    duplicates.py         files of the same content in one store
    completion.py         what happens in a store when one of its files is indexed
    attribute_updates.py  files whose attributes are being changed
    batches.py            files that were attached by one request
    reembeddings.py       a store's move to another embedder or chunking
    pages.py              lists, a page at a time
"""
