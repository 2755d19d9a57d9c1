"""Planning a training: estimate it, check that it can succeed, and write the plan that the trainer follows.

The flow (`finetune`), `trainer`, `supervision` and `publishing` import this room. It knows the job's folder, but nothing of torch, HTTP
or the database.
"""
