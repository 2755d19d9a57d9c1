"""Output items of several runs are paired by what they are about, not by their place."""

from services.generation.evaluations.evals.comparison.pair_items import key_grades, pair_items

A, B, C = ({"q": text} for text in ("å", "b", "c"))


def test_items_are_paired_in_any_order_of_the_rows_and_of_the_keys_of_an_item() -> None:
    first = key_grades([({"q": "å", "n": 1}, "pass"), (B, "fail"), (C, "pass")])
    second = key_grades([(C, "fail"), ({"n": 1, "q": "å"}, "pass"), (B, "pass")])
    paired = pair_items([first, second])
    assert sorted(map(tuple, paired.passed.tolist())) == [(False, True), (True, False), (True, True)]
    assert paired.left_out == 0


def test_an_item_that_one_run_lacks_or_could_not_grade_is_left_out() -> None:
    paired = pair_items(
        [key_grades([(A, "pass"), (B, "error"), (C, "pass")]), key_grades([(A, "pass"), (B, "pass"), ({"q": "d"}, "pass")])]
    )
    assert (paired.passed.tolist(), paired.left_out) == ([[True, True]], 3)


def test_equal_items_are_paired_in_their_order() -> None:
    paired = pair_items([key_grades([(A, "pass"), (A, "fail")]), key_grades([(A, "pass"), (A, "fail"), (A, "pass")])])
    assert (sorted(paired.passed.tolist()), paired.left_out) == ([[False, False], [True, True]], 1)


def test_runs_without_a_common_item_have_no_pairs() -> None:
    paired = pair_items([key_grades([(A, "pass")]), key_grades([(B, "pass")]), key_grades([])])
    assert (paired.passed.shape, paired.left_out) == ((0, 3), 2)
