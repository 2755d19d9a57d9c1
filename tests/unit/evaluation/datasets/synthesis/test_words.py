import pytest

from services.evaluation.datasets.synthesis.words import content_words, find_evidence, overlap


def test_content_words_are_long_or_have_a_digit() -> None:
    assert content_words("What is the mass of the A4 crane in kg?") == {"what", "mass", "a4", "crane"}
    assert content_words("起重机") == {"起", "重", "机"}
    assert content_words("") == frozenset()


def test_the_overlap_of_two_sets_is_between_0_and_1() -> None:
    assert overlap(frozenset("ab"), frozenset("bc")) == pytest.approx(1 / 3)
    assert (overlap(frozenset(), frozenset()), overlap(frozenset("a"), frozenset("a"))) == (0.0, 1.0)


def test_evidence_is_the_sentence_with_the_answer_that_is_about_the_question() -> None:
    passage = "The drum weighs 12 kg. Its lid is blue.\nThe crane weighs 12 kg too. It is 6.5 m high."
    assert find_evidence(passage, "How heavy is the crane?", "12 kg") == "The crane weighs 12 kg too."
    assert find_evidence(passage, "How high is the crane?", "6.5 m") == "It is 6.5 m high."
    assert find_evidence("起重机重十二公斤。盖子是蓝色的。", "盖子是什么颜色?", "蓝色") == "盖子是蓝色的。"


def test_without_such_a_sentence_the_whole_passage_is_the_evidence() -> None:
    assert find_evidence(" The drum weighs 12 kg. ", "Is it heavy?", "yes") == "The drum weighs 12 kg."
