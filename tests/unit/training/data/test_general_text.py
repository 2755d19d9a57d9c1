"""The general text is the same tokens for every job of a base model."""

from pathlib import Path

from tokenizers.processors import TemplateProcessing

from services.training.data.general_text import encode_general_text, read_passages
from tests.unit.training.cases import make_model_folder, make_tokenizer


def test_the_passages_are_encoded_whole(tmp_path: Path) -> None:
    encoded = encode_general_text(make_model_folder(tmp_path))
    assert [make_tokenizer().decode(ids) for ids in encoded] == read_passages()
    assert len(encoded) == 5


def test_a_token_that_begins_every_text_is_not_left_out(tmp_path: Path) -> None:
    folder, tokenizer = make_model_folder(tmp_path), make_tokenizer()
    tokenizer.post_processor = TemplateProcessing(single="<|im_start|> $A", special_tokens=[("<|im_start|>", 256)])
    tokenizer.enable_truncation(8)
    tokenizer.save(str(folder / "tokenizer.json"))
    encoded = encode_general_text(folder)
    assert {ids[0] for ids in encoded} == {256}
    assert min(map(len, encoded)) > 100
