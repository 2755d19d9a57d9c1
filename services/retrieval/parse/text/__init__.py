"""Readers of formats that are text: plain text, Markdown, CSV, JSON. Only `parse.read` and other readers import this room."""
