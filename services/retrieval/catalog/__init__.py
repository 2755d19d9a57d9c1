"""Records of files, vector stores and the files in them. Knows nothing of bytes, chunks or the index."""
