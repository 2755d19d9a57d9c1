from collections import Counter

import pytest

from services.retrieval.index.bm25 import K3, Bm25

BM25 = Bm25()


def common(query: str, passage: str) -> int:
    """Return how many terms of the query the passage has."""
    return len(set(BM25.encode_query(query).indices) & set(BM25.encode_passage(passage).indices))


@pytest.mark.parametrize(
    ("query", "passage"),
    [
        ("首都", "日本の首都は東京です"),
        ("東京", "日本の首都は東京です"),
        ("都市", "東京都市計画の資料。"),
        ("機械学習", "機械学習モデルの評価指標"),
        ("東", "日本の首都は東京です"),
        ("北京", "中国的首都是北京。人口众多"),
        ("서울", "한국의 수도는 서울입니다"),
        ("เมืองหลวง", "เมืองหลวงของประเทศไทยคือกรุงเทพมหานคร"),
        ("กรุงเทพ", "เมืองหลวงของประเทศไทยคือกรุงเทพมหานคร"),
        ("ວຽງຈັນ", "ນະຄອນຫຼວງວຽງຈັນ"),
        ("ភ្នំពេញ", "រាជធានីភ្នំពេញ"),
        ("မြန်မာ", "မြန်မာနိုင်ငံ"),
        ("カタカナ", "ｶﾀｶﾅで書く"),
        ("ete", "Un été à Paris"),
        ("été", "un ete chaud"),
        ("e\u0301te\u0301", "été"),
        ("Strasse", "Große Straße"),
        ("ERR-4021", "the code ERR-4021 is shown"),
        ("4021", "the code ERR-4021 is shown"),
        ("ERR-4021", "エラーERR-4021が出る"),
        ("valves", "A valve leaks."),
    ],
)
def test_a_passage_has_every_term_of_a_query_it_contains(query: str, passage: str) -> None:
    assert 0 < len(BM25.encode_query(query).indices) == common(query, passage)


@pytest.mark.parametrize(
    ("query", "passage"), [("都市", "日本の首都は市である"), ("เมืองหลวง", "กรุงเทพมหานคร"), ("été", "étage"), ("the of", "the of 首都")]
)
def test_a_passage_has_no_term_of_a_query_it_does_not_contain(query: str, passage: str) -> None:
    assert common(query, passage) == 0


def test_an_identifier_is_found_by_its_parts() -> None:
    assert len(BM25.encode_query("ERR-4021").indices) == 2


def test_no_term_comes_twice_in_a_text_of_two_scripts() -> None:
    terms = BM25.encode_passage("Tokyo 東京 tokyo 東京都 Été")
    assert len(set(terms.indices)) == len(terms.indices) == len(terms.values)


@pytest.mark.parametrize("count", [1, 2, 3, 50, 2000])
def test_a_repeated_word_of_a_query_has_the_weight_that_bm25_gives_it(count: int) -> None:
    query = BM25.encode_query("seal " * count + "valve")
    assert sorted(query.values) == pytest.approx(sorted([1.0, count * (K3 + 1) / (count + K3)]))


def test_a_repeated_word_counts_more_in_scripts_without_spaces() -> None:
    weights = Counter(BM25.encode_query("東京 東京 大阪").values)
    assert weights == {1.0: 1, 2 * (K3 + 1) / (2 + K3): 1}
