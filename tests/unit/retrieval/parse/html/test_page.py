import pytest

from services.retrieval.parse import InvalidFile
from tests.unit.retrieval.parse.files import Read, headings_of


def test_a_page_becomes_its_visible_text(read: Read) -> None:
    page = """<!doctype html><html><head><title>The  pump</title><style>p {}</style><script>var x = "<p>no</p>"</script></head>
    <body><nav>Home</nav><h1>Pump <em>P-7</em></h1><p>First
    line.<br>Second &amp; last.<h2>Parts</h2><ul><li>one<li>two</ul>
    <table><tr><th>Part<th>No.<tr><td>Seal<td>7|8</table><pre>a
      b</pre><p hidden>unseen</p><template>unseen</template>tail"""
    document = read("a.html", page)
    assert document.title == "The pump"
    assert headings_of(document) == [(1, "Pump P-7"), (2, "Parts")]
    assert "First line.\nSecond & last." in document.text
    assert "- one\n- two" in document.text
    assert "| Part | No. |\n| --- | --- |\n| Seal | 7\\|8 |" in document.text
    assert "a\n      b" in document.text
    assert document.text.endswith("tail")
    assert "unseen" not in document.text and "var x" not in document.text
    for heading in document.headings:
        assert document.text[heading.start :].startswith(heading.text)


def test_a_page_may_declare_its_encoding(read: Read) -> None:
    page = '<meta charset="iso-8859-2"><p>Łódź żółć</p>'.encode("iso-8859-2")
    assert read("a.htm", page).text == "Łódź żółć"


@pytest.mark.parametrize(
    ("declared", "actual", "note"),
    [
        ("iso-8859-1", "cp1252", None),
        ("us-ascii", "utf-8", None),
        ("gb2312", "gb18030", None),
        ("utf-16", "utf-8", None),
        ("no-such-charset", "utf-8", None),
        ("iso-8859-1", "utf-8", "The file says that its encoding is iso-8859-1, but it is UTF-8"),
        ("utf-8", "cp1252", "The encoding of the file is not certain"),
    ],
)
def test_an_encoding_that_a_page_declares_means_what_it_means_to_browsers(read: Read, declared: str, actual: str, note: str | None) -> None:
    for text in ("Größe der Düsen über", "Größe der Düsen übe"):
        document = read("a.html", f'<meta charset="{declared}"><p>{text}'.encode(actual))
        assert document.text == text
        assert (document.note or "").startswith(note or "") and bool(document.note) == bool(note)


def test_a_page_without_text_that_has_scripts_says_what_to_do(read: Read) -> None:
    with pytest.raises(InvalidFile, match=r"made by scripts\. Open it in a browser, save it as a PDF"):
        read("a.html", "<body><div id=root></div><script>render()</script>")


@pytest.mark.parametrize("page", ["<p>un<b>closed", "<div>" * 1500 + "deep", "</p></div><p>un</p><b>closed", "un < closed & more"])
def test_malformed_html_is_read(read: Read, page: str) -> None:
    assert read("a.html", page).text


def test_a_page_that_marks_its_main_content_is_read_without_navigation(read: Read) -> None:
    around = "<header>Acme</header><nav>Home</nav><div role=navigation>Up</div><p style='display: none'>unseen</p>"
    page = f"<body>{around}<main><header><h1>Pump</h1></header><p>Oil it.</p></main><aside>Related</aside><footer>Imprint</footer>"
    assert read("a.html", page).text == "Pump\n\nOil it."
    assert read("a.html", f"<body>{around}<p>Oil it.").text == "Acme\n\nHome\n\nUp\n\nOil it."


def test_a_page_that_is_nested_too_deeply_is_read_in_part_with_a_note(read: Read) -> None:
    document = read("a.html", "<ul><li>word" * 5000)
    assert document.text.count("word") > 900
    assert document.note is not None and "nested too deeply" in document.note


def test_lists_keep_their_numbers_and_depth(read: Read) -> None:
    page = "<ol start=3><li>three<li>four<ul><li>inner<li>too</ul><li>five<li value=9>nine</ol><ul><li>point</ul>"
    assert read("a.html", page).text == "3. three\n4. four\n  - inner\n  - too\n5. five\n9. nine\n- point"


@pytest.mark.parametrize("span", ["0", "-1", "999999999999", "x", "65534"])
def test_an_absurd_span_does_no_harm(read: Read, span: str) -> None:
    text = read("a.html", f'<table><tr><td rowspan="{span}" colspan="{span}">a<td>b<tr><td>c</table>').text
    assert "c" in text and len(text) < 3000


def test_a_table_that_arranges_the_page_is_read_as_its_parts(read: Read) -> None:
    data, long = "<table><tr><th>Part<th>No.<tr><td>Seal<td>7</table>", "Oil it. " * 200
    page = f"<table><tr><td><h1>Pump</h1><p>{long}<p>Daily.<td>{data}<tr><td>Phone<td>7<td></table><table><tr><td><p>a<p>b</table>"
    document = read("a.html", page)
    start = f"Pump\n\n{long.strip()}\n\nDaily.\n\n| Part | No. |\n| --- | --- |\n| Seal | 7 |"
    assert document.text == f"{start}\n\n| Phone | 7 |\n\na\n\nb"
    assert headings_of(document) == [(1, "Pump")]


def test_a_table_may_have_small_tables_and_headings_in_its_cells(read: Read) -> None:
    page = "<table><tr><td><h4>Part</h4><td>Sizes<tr><td>Seal<td><table><tr><td>small<td>large</table></table>"
    assert read("a.html", page).text == "| Part | Sizes |\n| --- | --- |\n| Seal | small large |"


def test_tables_in_tables_take_no_more_than_their_text(read: Read) -> None:
    assert read("a.html", "<table><tr><td>" * 600 + "words").text == "words"
    assert len(read("a.html", "<table><tr><td>a<td colspan=1000>b<td>" * 300).text) < 300 * 20
