"""What a file may be uploaded for."""

from typing import Literal

Purpose = Literal["assistants", "user_data", "fine-tune", "batch", "evals", "vision", "fine-tune-results"]
