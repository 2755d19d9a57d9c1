import pytest

from shared.records.models.adapters import NAME, name_adapter


def test_a_name_is_built_from_base_project_suffix_and_job() -> None:
    name = name_adapter("smollm2-135m-instruct", "default", "support", "ftjob-abcdefghijklmnopqrstuvwx")
    assert name == "ft:smollm2-135m-instruct:default:support:abcdefghijklmnop"
    assert NAME.fullmatch(name)


def test_a_name_without_a_suffix_is_valid() -> None:
    assert NAME.fullmatch(name_adapter("m", "default", None, "ftjob-abcdefghijkl"))


UNSAFE = ["../etc", "ft:a/b:p:s:abcdefgh", "ft:..:p:s:abcdefgh", "ft:m:p:s:abc", "ft:m:p:s:abcdefgh\n", "ft:m:p/..:s:abcdefgh"]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_name_that_could_leave_the_adapters_folder_is_not_valid(name: str) -> None:
    assert not NAME.fullmatch(name)
