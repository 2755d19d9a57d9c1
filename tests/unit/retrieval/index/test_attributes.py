import pytest

from services.retrieval.index.attributes import attribute_fields, attribute_path, facet


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (0.0, -0.0), (2**53, float(2**53))])
def test_equal_numbers_have_the_same_facet(one: float, other: float) -> None:
    assert facet("year", one) == facet("year", other)


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, "1"), (True, "true")])
def test_values_of_different_types_have_different_facets(one: str | bool | float, other: str | bool | float) -> None:
    assert facet("year", one) != facet("year", other)


def test_keys_with_special_characters_have_different_paths() -> None:
    keys = ['a"b', "a%22b", "a\\b", "a%5Cb", "a.b", "a b"]
    assert len({attribute_path(key) for key in keys}) == len(keys)


def test_a_file_without_attributes_has_empty_fields() -> None:
    assert attribute_fields(None) == attribute_fields({}) == {"facets": [], "attributes": {}}
