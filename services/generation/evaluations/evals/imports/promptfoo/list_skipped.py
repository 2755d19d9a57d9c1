"""Lists the fields of a configuration that have no counterpart here, each name once."""

from collections.abc import Iterator

from shared.contracts.evals.imports import SkippedField
from shared.contracts.evals.promptfoo import PromptfooConfig, PromptfooObject, PromptfooProvider, PromptfooTest

REASON = "It has no counterpart here."
HARMLESS = {"tags", "sharing", "outputPath", "$schema", "env", "metadata", "author"}
DEFAULT_TEST = "config.defaultTest"


def list_skipped(config: PromptfooConfig) -> list[SkippedField]:
    """Return the fields that are not known; of the fields that several tests have, the first one."""
    found = dict[str, str]()
    for kind, place, fields in _list_objects(config):
        for name in fields.model_extra or {}:
            if name not in HARMLESS:
                found.setdefault(f"{kind}.{name}", f"{place}.{name}")
    return [SkippedField(param=place, reason=REASON) for place in found.values()]


def _list_objects(config: PromptfooConfig) -> Iterator[tuple[str, str, PromptfooObject]]:
    yield "config", "config", config
    for number, provider in enumerate(config.providers):
        if isinstance(provider, PromptfooProvider):
            place = f"config.providers[{number}]"
            yield place, place, provider
            if provider.config:
                yield f"{place}.config", f"{place}.config", provider.config
    tests = [(f"config.tests[{number}]", test) for number, test in enumerate(config.tests)]
    for place, test in [(DEFAULT_TEST, config.default_test or PromptfooTest()), *tests]:
        yield "test", place, test
        if test.options:
            yield "options", f"{place}.options", test.options
