"""Reports of a training to the experiment trackers that its job names, and a file of its metrics for TensorBoard.

    track ──▶ report ──▶ process (one for each tracker) ──▶ wandb_run | mlflow_run
                            ▲ reads the steps from the job's folder

The flow (`finetune`) imports `track`, the worker `availability`, `publishing` and the trainer `step_file` and `event_file`. The room knows
nothing of how a model is trained. `wandb` and `mlflow` are imported in the tracker's own process only.
"""
