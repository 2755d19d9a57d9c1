"""Child processes that read files, with limits on memory, time and output. The rest of the service uses `SandboxedParser` only.

parser.py      what the service calls
forkserver.py  the process that forks a child for each file
transfer.py    how a document gets from the child to the service
"""
