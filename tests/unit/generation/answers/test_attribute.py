import asyncio
import time
from collections.abc import Sequence

import pytest

from services.generation.answers.attribute import MAX_PIECE_CHARS, attribute, compute_similarities, split_into_pieces
from tests.fake_retrieval import embed_words, make_hit

pytestmark = pytest.mark.anyio

SEAL = make_hit("The seal of the pump is turquoise. It is changed every 400 hours.", 0.9)
VALVE = make_hit("The valve opens at 3.5 bar.", 0.8, file="file-b")
HITS = [make_hit("The seal is turquoise.", 0.9), make_hit("Cedar. " * 200, 0.5), make_hit("", 0.1)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The seal is turquoise.", [((1,), True)]),
        ("It opens at 3.5 bar. The seal is turquoise.", [((2,), True), ((1,), True)]),
        ("The seal is turquoise [2].", [((2,), False)]),
        ("The seal is turquoise [1][9].", [((1,), True)]),
        ("Bananas grow in Ecuador.", [((), False)]),
        ("Turquoise", [((1,), True)]),
        ("...\n\nis it?", []),
    ],
)
def test_a_sentence_rests_on_the_passage_in_its_marker_or_on_the_one_with_its_words(
    answer: str, expected: list[tuple[tuple[int, ...], bool]]
) -> None:
    claims = attribute(answer, [SEAL, VALVE])
    assert [(claim.passages, claim.is_supported) for claim in claims] == expected
    assert all(answer[claim.start : claim.end].strip() == answer[claim.start : claim.end] for claim in claims)


def test_an_answer_is_split_at_the_ends_of_its_sentences() -> None:
    answer = "The valve opens at 3.5 bar! Is the seal turquoise? [1]\nYes"
    assert [answer[claim.start : claim.end] for claim in attribute(answer, [SEAL])] == [
        "The valve opens at 3.5 bar!",
        "Is the seal turquoise? [1]",
        "Yes",
    ]


def test_a_list_is_not_split_at_its_numbers_and_markers_stay_with_their_sentence() -> None:
    answer = "1. The seal is turquoise.[1]\n2. The valve opens [1, 2] at 3.5 bar."
    first, second = attribute(answer, [SEAL, VALVE])
    assert [answer[claim.start : claim.end] for claim in (first, second)] == answer.split("\n")
    assert (first.passages, second.passages) == ((1,), (1, 2))


def test_a_number_that_is_in_no_passage_is_not_supported_by_the_words_around_it() -> None:
    right, wrong, thousands = attribute("It opens at 3.5 bar. It opens at 9 bar. The seal is changed every 0,400 hours.", [SEAL, VALVE])
    assert (right.is_supported, wrong.is_supported, wrong.support) == (True, False, 0.0)
    assert not thousands.is_supported
    assert attribute("It costs 1,200 euro.", [make_hit("The price is 1200 euro; it costs that.", 1)])[0].is_supported


def test_meaning_counts_as_much_as_words_if_its_similarity_is_known() -> None:
    answer = "Its packing ring shines bluish green."
    assert not attribute(answer, [SEAL, VALVE])[0].is_supported
    (claim,) = attribute(answer, [SEAL, VALVE], [[1.0, 0.2]])
    assert (claim.passages, claim.support) == ((1,), 0.5)


def test_languages_without_spaces_are_compared_by_their_characters() -> None:
    green, dear = "\u5bc6\u5c01\u5708\u662f\u7eff\u8272", "\u9999\u8549\u5f88\u8d35"  # the seal is green; bananas are dear
    first, second = attribute(f"{green}\u3002{dear}\u3002", [make_hit(f"{green}\u7684\u3002", 1)])
    assert (first.is_supported, second.is_supported) == (True, False)


@pytest.mark.parametrize("piece", [".", "!?", "\u2026", ". ", "[1,", "[1]", "1.", "\n1. ", '."', "..x", "a"])
def test_time_is_linear_in_the_length_of_the_answer(piece: str) -> None:
    started = time.process_time()
    attribute(piece * 30_000 + "x", [SEAL])
    assert time.process_time() - started < 2


def test_without_passages_nothing_is_supported() -> None:
    assert [(claim.passages, claim.support) for claim in attribute("The seal is turquoise.", [])] == [((), 0.0)]


class WordEmbedder:
    """Embeds by words; leaves some vectors out, or never answers."""

    def __init__(self, missing: int = 0, hangs: bool = False) -> None:
        self.missing, self.hangs = missing, hangs
        self.store_ids: list[str] = []

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        if self.hangs:
            await asyncio.Event().wait()
        self.store_ids.append(store_id)
        return [embed_words(text) for text in texts][self.missing :]


async def test_the_similarity_of_a_passage_is_that_of_its_most_similar_piece() -> None:
    rows = await compute_similarities(["The seal is turquoise.", "cedar"], HITS, WordEmbedder())
    assert rows is not None
    assert [[round(each, 2) for each in row] for row in rows] == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]


@pytest.mark.parametrize("embedder", [WordEmbedder(missing=1), WordEmbedder(hangs=True)])
async def test_missing_or_late_vectors_give_no_similarities(embedder: WordEmbedder) -> None:
    assert await compute_similarities(["The seal is turquoise."], HITS, embedder, timeout_seconds=0.05) is None


async def test_nothing_is_embedded_if_there_is_too_much_or_nothing_to_compare() -> None:
    embedder = WordEmbedder()
    assert await compute_similarities(["a"] * 5000, HITS, embedder) is None
    assert await compute_similarities([], HITS, embedder) is None
    assert await compute_similarities(["a"], [], embedder) is None
    assert embedder.store_ids == []


def test_pieces_end_with_a_sentence_if_possible() -> None:
    text = "One two three. " * 50 + "x" * 1000
    pieces = split_into_pieces(text)
    assert all(len(piece) <= MAX_PIECE_CHARS for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert pieces[0].endswith("three.")
