"""Turns the prompt of a judge round: the answer and its reference change places, and the labels are listed from the last to the first."""

from collections.abc import Sequence

from shared.contracts.graders import GraderMessage, LabelModelGrader, ScoreModelGrader, TextPart
from shared.graders.template import find_paths


def reverse_order(judge: ScoreModelGrader | LabelModelGrader) -> ScoreModelGrader | LabelModelGrader | None:
    """Return the judge with its prompt turned round; None if there is nothing to turn round."""
    messages = [_reverse(message) for message in judge.input]
    labels = {"labels": judge.labels[::-1]} if isinstance(judge, LabelModelGrader) and len(judge.labels) > 1 else {}
    if not labels and messages == judge.input:
        return None
    return judge.model_copy(update={"input": messages, **labels})


def _reverse(message: GraderMessage) -> GraderMessage:
    texts = [part.text if isinstance(part, TextPart) else part for part in message.parts]
    listed = [text for text in texts if isinstance(text, str)]
    if len(listed) < len(texts):
        return message  # images and recordings stay where they are
    separator = "\n\n" if len(listed) == 1 and "\n\n" in listed[0] else "\n"
    blocks = listed if len(listed) > 1 else _split(listed[0], separator)
    swapped = _swap(blocks)
    return message.model_copy(update={"content": separator.join(swapped)}) if swapped else message


def _split(text: str, separator: str) -> list[str]:
    """Return the blocks of a text. A line that ends with a colon is the heading of the next one."""
    blocks = list[str]()
    for block in text.split(separator):
        if blocks and blocks[-1].rstrip().endswith(":") and not list(find_paths(blocks[-1])):
            blocks[-1] += separator + block
        else:
            blocks.append(block)
    return blocks


def _swap(blocks: Sequence[str]) -> list[str] | None:
    """Return the blocks with the answer and the nearest block of the item in each other's place; None if there are not both."""
    roots = [{path[0] for _, path in find_paths(block)} for block in blocks]
    answers = [place for place, names in enumerate(roots) if "sample" in names]
    others = [place for place, names in enumerate(roots) if names == {"item"}]
    if not answers or not others:
        return None
    answer = answers[0]
    other = min(others, key=lambda place: (abs(place - answer), place))
    swapped = list(blocks)
    swapped[answer], swapped[other] = blocks[other], blocks[answer]
    return swapped
