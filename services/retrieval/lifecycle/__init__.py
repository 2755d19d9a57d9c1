"""What happens to files in vector stores besides indexing and searching.

    attach.py             attach files to a store: one, a batch, or with a new store
    cancel.py             cancel their indexing
    update_attributes.py  replace the attributes of a file
    delete.py             delete files and stores with everything in the index
    reembed.py            move a store to another embedder or chunking
    sweeper.py            a thread: delete what has expired, finish interrupted work
    relocate.py           copy everything to another database and index

Imported by the routes, `background`, `wiring`, and the command that moves an installation to servers.
"""
