"""The reader of PDF: the text layer page by page, tables as Markdown tables, the outline as headings. Only `parse.read` imports this room.

parse.py  a file and its pages
page.py   what PDFium knows of a page: words and drawn lines
grid.py   drawn lines to grids
cells.py  grids and words to tables
align.py  text in columns to grids, if no lines are drawn
order.py  the order in which columns are read
ocr.py    text recognition for pages that are images
"""
