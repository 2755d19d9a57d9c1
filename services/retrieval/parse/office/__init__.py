"""Readers of office formats. Only `parse.read` imports this room.

docx.py   Word (`numbering.py`: the numbers of list items and headings)
pptx.py   PowerPoint
sheet.py  spreadsheets (`sparse.py`: sheets that are almost empty)
odf.py    OpenDocument texts and presentations
rtf.py    rich text
"""
