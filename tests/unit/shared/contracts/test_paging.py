from typing import Any

from shared.contracts.paging import Page


def test_a_page_names_its_first_and_last_item() -> None:
    page = Page[dict[str, Any]].of([{"id": "a"}, {"id": "b"}, {"id": "c"}], has_more=True)
    assert (page.first_id, page.last_id, page.has_more) == ("a", "c", True)
    empty = Page[dict[str, Any]].of([], has_more=False)
    assert (empty.first_id, empty.last_id) == (None, None)
