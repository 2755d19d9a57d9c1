"""Receives uploads: multipart form data goes straight to disk and is hashed on the way.

The routes, the wiring, and every room that reads or deletes the bytes of files may import what this file exports. This room knows
no records and no web framework: the body comes as chunks, the headers as a mapping.

    receive.py   the table of contents: a body becomes a file on disk and the fields beside it
    parts.py     the part of this form that is the file
    filename.py  the names that a file may have
    expiry.py    when a file expires, in either form that clients send
    folder.py    the folder of uploaded bytes
"""

from services.retrieval.uploads.folder import FILE_ID, UploadFolder
from services.retrieval.uploads.receive import Upload, receive

__all__ = ["FILE_ID", "Upload", "UploadFolder", "receive"]
