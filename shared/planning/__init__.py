"""What a training will take, told from the base model's configuration and the request, before anything is loaded.

The front door estimates with it, and the training worker plans with it, so that they never disagree. It knows no files, devices or
libraries.

    micro_batch.py  how many examples are computed at a time
    schedule.py     epochs, batch size, learning rate, steps
"""
