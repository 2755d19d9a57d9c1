"""What happens to files in vector stores besides indexing and searching.

    attach.py             put files into a store, singly, as a batch, or with a new store
    cancel.py             cancel their indexing
    update_attributes.py  give a file other attributes
    delete.py             delete files and stores with everything in the index
    reembed.py            move a store to another embedder or chunking
    sweeper.py            a thread: delete what has expired, finish what was left half done
    relocate.py           copy everything to another database and index

Imported by the routes, `background`, `wiring`, and the command that moves an installation to servers.
"""
