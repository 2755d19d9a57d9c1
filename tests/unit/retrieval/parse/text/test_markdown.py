import pytest

from tests.unit.retrieval.parse.files import Read, heading_path, headings_of


def test_headings_form_a_path_and_those_in_code_do_not_count(read: Read) -> None:
    text = (
        "# Pump `P-7`\n\nIntro.\n\n```sh\n# not a heading\n```\n\n## Care #\n\nOil it.\n\nYearly\n------\n\nNow.\n\n# [Valve](v.md)\n\nEnd."
    )
    document = read("a.MD", text)
    assert document.text == text
    assert document.title == "Pump P-7"
    assert headings_of(document) == [(1, "Pump P-7"), (2, "Care"), (2, "Yearly"), (1, "Valve")]
    assert heading_path(document, "Oil") == ["Pump P-7", "Care"]
    assert heading_path(document, "Now.") == ["Pump P-7", "Yearly"]
    assert heading_path(document, "End.") == ["Valve"]
    assert document.page_at(5) is None


def test_lines_in_fences_or_without_a_space_are_no_headings(read: Read) -> None:
    text = "````\n```\n# no\n````\n~~~\n# no\n~~~\n#no\n    # no\n- item\n---\n####### no\n# yes"
    assert headings_of(read("a.md", text)) == [(1, "yes")]


def test_headings_are_limited_in_number_and_length(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    document = read("a.md", b"# " + b"word " * 5000 + b"\n\ntext\n\n## next")
    assert [(heading.level, len(heading.text)) for heading in document.headings] == [(1, 200), (2, 4)]
    assert document.text[document.headings[1].start :] == "## next"
    monkeypatch.setattr("services.retrieval.parse.read.MAX_HEADINGS", 10)
    document = read("a.md", b"# h\n\nt\n\n" * 11)
    assert len(document.headings) == 10
    assert document.note == "Only the first 10 headings are used."


def test_only_the_beginning_of_a_long_text_is_searched_for_headings(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.retrieval.parse.text.markdown.MAX_SEARCHED_LENGTH", 20)
    document = read("a.md", "# One\n\ntext\n\n# Two\n\n# Three\n\ntext")
    assert headings_of(document) == [(1, "One"), (1, "Two")]
    assert document.note == "Only the first 20 characters are searched for headings."
