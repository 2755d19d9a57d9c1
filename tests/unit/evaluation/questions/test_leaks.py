import asyncio
from collections.abc import Sequence

import pytest

from services.evaluation.questions import leaks
from services.evaluation.questions.leaks import Leak, find_leaks, find_leaks_interruptibly
from shared.datasets import Example, Question

RAG = "Answer the question from the numbered passages.\n\n<passages>\n[1] Parts\nThe pump is old.\n</passages>\n\nQuestion: {}"


def ask(question: str, *answers: str) -> Question:
    return Question.model_validate({"question": question, "answers": answers})


def train(*pairs: tuple[str, str]) -> list[Example]:
    return [Example.model_validate({"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]}) for q, a in pairs]


FILLER = [(f"What is the color of object {word}?", word) for word in ("alpha", "beta", "gamma", "delta")]
QUESTION = "When did the movement that became the United Methodist Church begin?"


def found(question: Question, *pairs: tuple[str, str]) -> list[Leak]:
    return find_leaks([question], train(*FILLER, *pairs))


@pytest.mark.parametrize("text", [QUESTION, QUESTION.upper(), f"  {QUESTION[:-1]} ? ", RAG.format(QUESTION), f"Q: {QUESTION}\nA:"])
def test_a_question_that_the_training_file_has_is_found_whatever_its_answer_there(text: str) -> None:
    assert found(ask(QUESTION, "1739"), (text, "It is not known.")) == [Leak(0, 5, 1.0)]


@pytest.mark.parametrize(
    "text",
    [
        "When did the movement that became the Untied Methodist Church beginn?",
        "Please tell me: when did the movement that became the United Methodist Church begin?",
        "In what year did the movement that became the United Methodist Church begin?",
        "When did the movement begin that became the United Methodist Church",
        RAG.format("When did the movement which became the United Methodist Church begin?"),
    ],
)
def test_a_question_with_small_changes_and_the_same_answer_is_found(text: str) -> None:
    (leak,) = found(ask(QUESTION, "the 1730s", "1739"), (text, "It began in 1739."))
    assert leak.line == 5
    assert 0.6 <= leak.similarity < 1


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Where did the movement that became the United Methodist Church begin?", "In Oxford."),
        ("Which year did the Lutheran Church begin?", "1739"),
        ("When did the movement that became the United Methodist Church end?", "In 1968."),
    ],
)
def test_another_question_about_the_same_is_none(text: str, answer: str) -> None:
    assert found(ask(QUESTION, "1739"), (text, answer)) == []


def test_questions_about_the_products_of_a_series_are_different_even_if_an_answer_is_frequent() -> None:
    names = ["pump", "valve", "sensor", "motor", "boiler", "filter", "turbine", "heater"]
    pairs = [(f"Is the {name} of the plant in Norwich certified for outdoor use?", "Yes") for name in names]
    assert find_leaks([ask("Is the mixer of the plant in Norwich certified for outdoor use?", "Yes")], train(*pairs)) == []


def test_other_numbers_make_another_question() -> None:
    asked = ask("What is the highest pressure of the Tarnwick 6 buoy?", "6 bar")
    assert found(asked, ("What is the highest pressure of the Tarnwick 7 buoy?", "6 bar")) == []


def test_a_question_to_abstain_from_is_found_if_no_word_is_replaced() -> None:
    asked = ask("Who painted the ceiling of the old town hall?")
    assert len(found(asked, ("Who painted the ceiling of the old town hall then?", "Nobody knows."))) == 1
    assert found(asked, ("Who painted the ceiling of the new town hall?", "Nobody knows.")) == []


def test_a_long_answer_agrees_if_most_of_its_words_do() -> None:
    accepted = "Turn off the main valve, wait for 2 minutes, and open the cover slowly."
    asked = ask("How do I open the cover of the boiler safely?", accepted)
    same = "First turn off the main valve. Then wait 2 minutes and slowly open the cover."
    assert len(found(asked, ("How can I open the cover of the boiler safely?", same))) == 1
    assert found(asked, ("How can I open the cover of the boiler safely?", same.replace("2", "20"))) == []


def test_of_several_examples_the_most_similar_and_first_is_named() -> None:
    near, equal = (QUESTION.replace("did", "does"), "1739"), (QUESTION, "1739")
    assert found(ask(QUESTION, "1739"), near, equal, equal) == [Leak(0, 6, 1.0)]


def test_a_leak_names_the_line_of_the_file() -> None:
    assert find_leaks([ask(QUESTION)], train(FILLER[0], (QUESTION, "1739")), [3, 8]) == [Leak(0, 8, 1.0)]


def test_leaks_come_in_the_order_of_the_questions() -> None:
    questions = [ask(question, "alpha") for question, _ in reversed(FILLER)]
    assert [(leak.question, leak.line) for leak in find_leaks(questions, train(*FILLER))] == [(0, 4), (1, 3), (2, 2), (3, 1)]


def test_repeated_questions_are_all_found() -> None:
    assert [leak.question for leak in find_leaks([ask(QUESTION), ask(QUESTION)], train((QUESTION, "1739")))] == [0, 1]


@pytest.mark.parametrize("text", ["?", "…", "東京は?", "a", "x" * 50_000])
def test_odd_texts_are_compared_like_others(text: str) -> None:
    assert find_leaks([ask(text, "a"), ask(QUESTION)], train(("!!", "a"), (text, "a"), ("y " * 20_000, "b")))[0].question == 0
    assert find_leaks([ask(text, "a")], []) == find_leaks([], train((text, "a"))) == []


def test_a_question_without_words_equals_only_itself() -> None:
    assert find_leaks([ask("?", "a")], train(("!!", "a"))) == []


def test_the_search_ends_between_two_parts_of_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "CHUNK", 2)
    questions, examples = [ask(QUESTION, "1739")], train(*FILLER, (QUESTION, "1739"))

    async def run() -> Sequence[Leak]:
        complete = await find_leaks_interruptibly(questions, examples)
        task = asyncio.create_task(find_leaks_interruptibly(questions, examples * 20_000))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return complete

    assert asyncio.run(run()) == [Leak(0, 5, 1.0)]
