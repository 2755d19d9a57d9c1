import pytest

from services.evaluation.datasets.explain_shortage import check_enough, warn_of_low_yield
from services.evaluation.datasets.synthesis.collect_items import Collection
from shared.contracts.datasets import Part
from shared.errors import InvalidRequest
from tests.unit.evaluation.datasets.cases import make_item, make_spec


def collection(filtered: dict[str, int], **counts: int) -> Collection:
    items: dict[Part, list[object]] = {part: [make_item()] * count for part, count in counts.items()}  # type: ignore[misc]
    return Collection(items, sum(counts.values()) + sum(filtered.values()), filtered, 0, 0)  # type: ignore[arg-type]


def test_enough_examples_are_no_error() -> None:
    check_enough(collection({"vague": 300}, train=10, validation=0, questions=10), make_spec())
    check_enough(collection({}, questions=10), make_spec())


def test_too_few_examples_are_an_error_with_the_counts_the_reasons_and_a_remedy() -> None:
    with pytest.raises(InvalidRequest) as caught:
        check_enough(
            collection({"answer_not_in_passage": 90, "duplicate": 4, "surplus": 2}, train=3, validation=0, questions=10), make_spec()
        )
    assert caught.value.code == "too_few_examples"
    assert caught.value.message.startswith(
        "The dataset has too few examples: 'train' has 3 and needs at least 10. Of 109 questions that 'writer' "
        "was asked to write, 15 were good enough. Left out: 90 because the answer is not in the passage; 4 because the question "
        "was already there. Use a better model as 'generator'"
    )


def test_a_dataset_without_any_request_says_so() -> None:
    with pytest.raises(InvalidRequest, match=r"Of 0 questions .*, 0 were good enough\. Use a better"):
        check_enough(collection({}, train=0), make_spec())


def test_a_generator_of_whose_questions_few_pass_the_checks_is_a_warning() -> None:
    (warning,) = warn_of_low_yield(collection({"vague": 95, "surplus": 1}, train=4), make_spec())
    assert warning.startswith(
        "Only 5 of the 100 questions that 'writer' was asked to write passed the checks, so those that did may also be poor"
    )
    assert warn_of_low_yield(collection({"vague": 80}, train=20), make_spec()) == []
    assert warn_of_low_yield(collection({}, train=0), make_spec()) == []
