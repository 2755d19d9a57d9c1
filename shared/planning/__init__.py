"""What a training will take, told from the base model's configuration and the request, before anything is loaded.

The front door estimates with it, and the training worker plans with it, so that they never disagree. It knows no files, devices or
libraries.

    model_size.py     the parameters of a base model, and of an adapter
    linear_layers.py  its linear layers
    experts.py        its experts, if it has some
    memory.py         the memory of a training, part by part
    quantization.py   whether the base model can be in 4 bits
    micro_batch.py    how many examples are computed at a time
    schedule.py       epochs, batch size, learning rate, steps
"""
