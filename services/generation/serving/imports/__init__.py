"""Imports adapters that were trained elsewhere: a PEFT directory in a tar archive becomes a fine-tuned model, or leaves nothing.

    import_adapter.py  the table of contents: receive, unpack, check, show it to the engines, store the row
    receive.py         the form: the archive goes to disk, short fields to memory
    unpack.py          the two files of an adapter, out of an archive that nobody vouches for
    check_config.py    the adapter's configuration
    check_weights.py   the adapter's weights

Only `dependencies` and `app` import it.
"""
