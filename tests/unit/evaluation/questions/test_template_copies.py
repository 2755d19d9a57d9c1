from services.evaluation.questions.template_copies import count_template_copies, find_fixed_parts
from services.generation.grounding.template import BUILT_IN, Passage, Template
from shared.datasets import Example


def example(content: str) -> Example:
    return Example.model_validate({"messages": [{"role": "user", "content": content}, {"role": "assistant", "content": "K-17"}]})


def prompt(count: int) -> str:
    passages = [Passage(number + 1, "Parts", "The pump.\n\nIt is old.", "Parts", "a.md", None, 0.5) for number in range(count)]
    return Template(BUILT_IN).render(passages, "Which pump?")


def test_prompts_that_the_template_writes_are_counted() -> None:
    prompts = [prompt(1), prompt(5), f"Be brief.\n\n{prompt(2)}", prompt(1).replace("\n", "\r\n")]
    assert count_template_copies(example(each) for each in prompts) == 4


def test_other_prompts_are_not_counted() -> None:
    prompts = ["Which pump?", "Question: Which pump?", "<passages>\n[1] Text\n</passages>\n\nQuestion: Which pump?", prompt(1)[::-1]]
    assert count_template_copies(example(each) for each in prompts) == 0


def test_the_parts_of_the_template_are_enough_to_know_it_by() -> None:
    parts = find_fixed_parts(BUILT_IN)
    assert "Answer the question from the numbered passages." in parts
    assert parts[-1] == "Question:"
