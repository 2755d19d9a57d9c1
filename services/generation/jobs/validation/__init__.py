"""The check of a fine-tuning job's files before there is a job, and the estimate of what it takes. Only `routes` imports it.

validate.py          the whole check, plain or as a stream of events, and its turn among others
read_files.py        every line of the files, in a thread
estimate.py          the whole estimate, from the base model's configuration and the check of the training file
estimate_devices.py  memory, time and cost on the devices of the workers
"""
