"""Reads Dockerfiles as far as ours go: what the last stage copies, sets and starts."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy" / "docker"
SERVICES = ("retrieval", "generation", "training", "evaluation")
IMAGES = (*SERVICES, "models")


@dataclass(frozen=True)
class Step:
    """One instruction, its continuation lines joined; `stage` counts the FROM lines up to it."""

    word: str
    rest: str
    stage: int


@dataclass(frozen=True)
class Dockerfile:
    """The instructions of `deploy/docker/<image>.Dockerfile`."""

    image: str
    steps: tuple[Step, ...]

    def last_stage(self, word: str) -> list[str]:
        """Return what follows `word` in the stage that becomes the image."""
        return [step.rest for step in self.steps if step.word == word and step.stage == self.steps[-1].stage]

    def bases(self) -> list[str]:
        """Return the image each stage is built from."""
        return [step.rest.split()[0] for step in self.steps if step.word == "FROM"]

    def copies(self, *, last_stage: bool = False) -> list[tuple[str, str]]:
        """Return each (source in the repository, target in the image); copies from another stage are left out."""
        found: list[tuple[str, str]] = []
        for step in self.steps:
            if step.word != "COPY" or "--from=" in step.rest or (last_stage and step.stage != self.steps[-1].stage):
                continue
            *sources, target = step.rest.split()
            found += [(source, target + Path(source).name if target.endswith("/") else target) for source in sources]
        return found

    def environment(self) -> dict[str, str]:
        """Return what the image sets for its process."""
        pairs = [pair for rest in self.last_stage("ENV") for pair in shlex.split(rest)]
        return dict(pair.split("=", 1) for pair in pairs)

    def command(self) -> list[str]:
        """Return what the image starts."""
        return list(json.loads(self.last_stage("CMD")[-1]))


def read_dockerfile(image: str) -> Dockerfile:
    """Return the Dockerfile of `image`."""
    text = (FOLDER / f"{image}.Dockerfile").read_text()
    lines = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    steps: list[Step] = []
    for line in filter(None, (line.strip() for line in lines)):
        word, _, rest = line.partition(" ")
        stage = (steps[-1].stage if steps else 0) + (word == "FROM")
        steps.append(Step(word, " ".join(rest.split()), stage))
    return Dockerfile(image, tuple(steps))
