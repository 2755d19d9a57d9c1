"""Writes the metrics of a training's steps as an event file, which TensorBoard reads.

It runs in the training process: tensorboardX imports torch if it is installed, and the worker does without.
"""

from pathlib import Path

from tensorboardX.proto.event_pb2 import Event
from tensorboardX.proto.summary_pb2 import Summary
from tensorboardX.record_writer import RecordWriter

from services.training.tracking.step_file import merge_steps, select_metrics

VERSION = "brain.Event:2"  # of the format


def write_event_file(steps: Path, target: Path) -> None:
    """Write what was measured at the reported `steps`, each once, to the file `target`.

    Each metric is a scalar with its own name, at the time when it was reported. The same steps always make the same bytes.
    """
    merged = merge_steps(steps)
    writer = RecordWriter(str(target))
    try:
        start = min((fields.get("time", 0.0) for fields in merged.values()), default=0.0)
        writer.write(Event(wall_time=start, file_version=VERSION).SerializeToString())
        for step, fields in merged.items():
            values = [Summary.Value(tag=name, simple_value=value) for name, value in select_metrics(fields).items()]
            event = Event(wall_time=fields.get("time", 0.0), step=step, summary=Summary(value=values))
            writer.write(event.SerializeToString())
    finally:
        writer.close()
