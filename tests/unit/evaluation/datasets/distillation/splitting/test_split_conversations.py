import pytest

from services.evaluation.datasets.distillation.splitting.split_conversations import split_conversations


@pytest.mark.parametrize("seed", range(5))
def test_a_conversation_is_in_one_part_and_validation_gets_its_share_at_most(seed: int) -> None:
    groups = [number // 3 for number in range(300)]
    division = split_conversations(groups, 0.1, seed)
    parts = {(group, validates) for group, validates in zip(groups, division.is_validation, strict=True)}
    assert len(parts) == 100
    assert sum(division.is_validation) == 30
    assert division.conversations == {"train": 90, "validation": 10}


def test_the_seed_chooses_and_the_same_seed_chooses_the_same() -> None:
    groups = list(range(50))
    assert split_conversations(groups, 0.2, 1) == split_conversations(groups, 0.2, 1) != split_conversations(groups, 0.2, 2)


def test_the_smallest_conversation_is_for_validation_if_all_are_larger_than_its_share() -> None:
    division = split_conversations([0, 0, 0, 0, 4, 4], 0.1, 0)
    assert list(division.is_validation) == [False] * 4 + [True] * 2


def test_a_single_conversation_is_for_training_and_so_is_everything_without_a_share() -> None:
    assert split_conversations([0, 0, 0], 0.5, 0).conversations == {"train": 1, "validation": 0}
    assert split_conversations([0, 1, 2], 0, 0).conversations == {"train": 3}
    assert split_conversations([], 0.5, 0).is_validation == []
