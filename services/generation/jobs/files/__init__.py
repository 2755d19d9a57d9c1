"""The files of fine-tuning jobs, from a job's creation to its end. `finetune`, `retry`, `validation` and the routes come in.

check_files.py        every line of the files, for a job that is created or waits
check_queue.py        the jobs in the database whose files are still to be checked
background_checks.py  a loop in every front door that checks them
hold_files.py         at retrieval, so that they are not deleted there, and do not expire
while_connected.py    the creation of a job, until its client leaves
"""
