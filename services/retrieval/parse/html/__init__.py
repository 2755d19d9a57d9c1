"""Readers of HTML and of the formats that contain it: e-books and mails. Only `parse.read` imports this room."""
