"""Flow 1, ingestion: attached files become points in the index.

    worker.py           a thread: claim → index the file, or delete its points
      lease.py            the claim on one file; every change to its record goes through it
      index_file.py       one file: ingest → completed, failed, or tried again later (backoff.py)
        pipeline.py         parse → chunk → embed → index
        vector_reuse.py     vectors of an earlier version of the file
      delete_points.py    one file that was deleted or canceled
    worker_pool.py      several workers in one process
    broker_notifier.py  or none, and Celery workers are notified instead
    chunk_preview.py    parse → chunk, without storing anything
    file_text.py        the text of an indexed file

Imported by the routes (preview and text), by `wiring` and by `worker`.
"""
