"""Exports a fine-tuned model: the base model with the adapter's change added to its weights, as a Hugging Face directory in a tar archive.

    export_model.py  the table of contents: find the files, check that they can be merged, describe the archive
    tensors.py       tensors in safetensors files, read in pieces
    merge.py         pieces of weights: converted, and with an adapter's change added

The archive is computed while it is sent, in constant memory. Only `dependencies` and `app` import this room.
"""
