"""The versions of the libraries that the numbers of a verdict depend on."""

import platform
from importlib.metadata import version

LIBRARIES = ("numpy", "scipy")


def list_versions() -> dict[str, str]:
    """Return the versions by name."""
    return {"python": platform.python_version(), **{library: version(library) for library in LIBRARIES}}
