from services.retrieval.index.filters import RangeIndexes, search_scope
from shared.contracts.filters import ComparisonFilter, CompoundFilter


def compare(type: str, key: str, value: float) -> ComparisonFilter:
    return ComparisonFilter.model_validate({"type": type, "key": key, "value": value})


def test_each_key_that_is_compared_by_order_gets_one_index() -> None:
    created: list[str] = []
    indexes = RangeIndexes()
    filter = CompoundFilter(type="and", filters=[compare("gt", "year", 1), compare("eq", "kind", 2), compare("lte", "size", 3)])
    for _ in range(2):
        indexes.ensure("space", filter, created.append)
    assert created == ['attributes."year"', 'attributes."size"']
    indexes.ensure("other", compare("lt", "year", 1), created.append)
    assert created[2:] == ['attributes."year"']


def test_a_space_gets_a_limited_number_of_indexes() -> None:
    created: list[str] = []
    indexes = RangeIndexes()
    for number in range(RangeIndexes.MAX_KEYS + 5):
        indexes.ensure("space", compare("gt", f"key{number}", 0), created.append)
    assert len(created) == RangeIndexes.MAX_KEYS


def test_a_search_is_limited_to_a_tenant_or_one_attachment() -> None:
    assert search_scope("vs_1.2", None) == {"vector_store_id": "vs_1.2"}
    assert search_scope("vs_1.2", "vsf_1") == {"vector_store_id": "vs_1.2", "attachment_id": "vsf_1"}
