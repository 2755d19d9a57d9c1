"""Examples are divided into files, so that no conversation is in two of them. Only the flow of a distillation may import it.

conversations.py        which examples belong together
split_conversations.py  which of them are for validation
write_parts.py          the files
"""
