import pytest

from shared.errors import InvalidDataset, InvalidRequest, TandemError, TooManyRequests


@pytest.mark.parametrize(
    "error",
    [
        InvalidRequest("It is wrong.", param="order", code="wrong", status=418),
        TooManyRequests("It is busy.", param="order", retry_after=7),
        InvalidDataset(3, "It is empty."),
    ],
)
def test_an_error_about_another_field_is_otherwise_the_same(error: TandemError) -> None:
    renamed = error.with_param("retrieval.order")
    assert (type(renamed), str(renamed), renamed.param) == (type(error), str(error), "retrieval.order")
    assert vars(renamed) == {**vars(error), "param": "retrieval.order"}
    assert error.param != "retrieval.order"


def test_the_message_of_an_error_names_the_longer_path_too() -> None:
    renamed = InvalidRequest("'ranker' must be 'auto'; 'ranker.x' is another.", param="ranker").with_param("tools[0].ranker")
    assert (renamed.message, str(renamed)) == ("'tools[0].ranker' must be 'auto'; 'ranker.x' is another.",) * 2
