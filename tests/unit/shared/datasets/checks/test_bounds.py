"""The parts of the checks: they find what they should, in memory that does not grow with the file."""

import random
import sys

import pytest

from shared.datasets.checks.fingerprints import Fingerprints, hash_text
from shared.datasets.checks.lengths import Bucket, Lengths
from shared.datasets.checks.near_duplicates import LEARNED_FROM, NearDuplicates
from shared.datasets.checks.secrets import find_secrets

RANDOM = random.Random(3)
WORDS = [f"word{number}" for number in range(5000)]


def text(words: int) -> str:
    return " ".join(RANDOM.choices(WORDS, k=words))


def test_fingerprints_know_the_first_line_of_each_example_and_what_is_new() -> None:
    seen = Fingerprints()
    keys = [hash_text(str(number)) for number in range(20_000)]
    assert [seen.add(key, line) for line, key in enumerate(keys, start=1)] == [None] * 20_000
    assert [seen.add(key, 90_000) for key in keys] == list(range(1, 20_001))
    assert (seen.find(keys[7]), seen.find(hash_text("new"))) == (8, None)


def test_fingerprints_take_few_bytes_and_stop_at_their_limit() -> None:
    seen = Fingerprints(limit=10_000)
    for number in range(30_000):
        seen.add(hash_text(str(number)), number + 1)
    assert (seen.is_full, seen.find(hash_text("9999")), seen.find(hash_text("10000"))) == (True, 10_000, None)
    assert sum(map(sys.getsizeof, (seen._keys, seen._lines))) < 36 * 10_000


@pytest.mark.parametrize("words", [20, 500])
def test_a_changed_copy_is_found_among_many_texts_and_a_different_one_is_not(words: int) -> None:
    texts = [text(words) for _ in range(LEARNED_FROM + 20)]
    copies = {LEARNED_FROM + 15: texts[5] + " and so on", 800: texts[700].upper()}
    seen = NearDuplicates()
    pairs = [pair for line, each in enumerate(texts) for pair in seen.add(copies.get(line, each), line)]
    pairs += seen.finish()
    assert [(pair.line, pair.other) for pair in pairs] == [(800, 700), (LEARNED_FROM + 15, 5)]
    assert pairs[0].similarity == 1
    found = seen.find(texts[9] + " etc", 3)
    assert found is not None
    assert (found.line, found.other) == (3, 9)
    assert found.similarity == pytest.approx(0.95, abs=0.06)
    assert seen.find(text(words), 3) is None


def test_texts_of_a_language_without_spaces_are_compared() -> None:
    seen = NearDuplicates()
    seen.add("私の新しいカードはいつ届きますか教えてください", 1)
    assert [(pair.line, pair.other) for pair in [*seen.add("私の新しいカードはいつ届きますか教えて下さい", 2), *seen.finish()]] == []
    seen.add("明日の天気はどうですか傘が必要でしょうか", 3)
    assert [pair.line for pair in seen.add("明日の天気はどうですか傘が必要でしょうか。", 4)] == [4]


def test_only_as_many_texts_are_compared_as_the_limit_says() -> None:
    seen = NearDuplicates(limit=3)
    for line in range(5):
        seen.add("the same eight words again and again here", line)
    assert (seen.compared, [pair.line for pair in seen.finish()]) == (3, [1, 2])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE", "a private key"),
        ("ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "a GitHub token"),
        ("key=sk-" + "proj-a1B2c3D4e5F6g7H8i9J0", "an API key that begins with sk-"),
        ("hf_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6", "a Hugging Face token"),
        ("s" + "k_live_51H8aQw2eZvKYlo2C7", "a Stripe key"),
        ("glpat" + "-x7Zq2LmN9pRsT4vW6yB1", "a GitLab token"),
        ("npm" + "_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "an npm token"),
        ("pypi" + "-AgEIcHlwaS5vcmcCJDU3ZjM4OTEyLTQyZTAtNDk4Ny1iYzM4LWI1", "a PyPI token"),
        ("SG" + "." + "aB3dE6gH9jK2mN5pQ8sT1v" + "." + "aB3dE6gH9jK2mN5pQ8sT1vaB3dE6gH9jK2mN5pQ8sT1", "a SendGrid key"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", "a JSON Web Token"),
        ("Connect to postgresql://app:" + "k7#Qz".replace("#", "-") + "9xW2m@db.internal:5432/prod.", "a URL with a password"),
        ("Authorization: " + "Bearer a1B2c3D4e5F6g7H8i9J0k1L2", "a token in an Authorization header"),
        ('curl -H "authorization: ' + 'bearer a1B2c3D4e5F6g7H8i9J0k1L2"', "a token in an Authorization header"),
        ("aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzR4nd0mKEy", "an AWS secret access key"),
        ("AWS_SECRET_ACCESS_KEY=" + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzR4nd0mKEy", "an AWS secret access key"),
        ("AccountName=a;" + "AccountKey=" + "a1B2c3D4e5F6g7H8" * 5 + "a1B2c3==", "an Azure storage key"),
        ("https://hooks.slack.com/" + "services/T0AB12CD3/B0AB12CD3/a1B2c3D4e5F6g7H8i9J0k1L2", "a Slack webhook"),
        ("bot" + " 123456789" + ":AA" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q", "a Telegram bot token"),
        ("SK" + "0123456789abcdef0123456789abcdef", "a Twilio key"),
        ("TWILIO_AUTH_TOKEN=" + "0123456789abcdef0123456789abcdef", "a Twilio token"),
        ("My password: " + "Tr0ub4dor&3", "a password"),
        ('{"PASSWORD": "' + 'k7-9xW2mQz"}', "a password"),
    ],
)
def test_keys_of_known_forms_are_found(text: str, kind: str) -> None:
    assert list(find_secrets(text)) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "sk-xxxxxxxxxxxxxxxxxxxxxxxx1",
        "AKIA is a prefix",
        "a risk-based-approach-to-things-2024-and-later",
        "sk-learn-is-a-library-of-models",
        "postgres://user:password@localhost/db and redis://:${REDIS_PASSWORD}@cache and ftp://me:<your-password>@host",
        "https://example.com:8080/path@2 and https://example.com/a:12345678@b, or mail to me:my-address@example.com",
        "eyJhbGciOiJIUzI1NiJ9 alone is the header of a token",
        "npm_config_cache, pypi-server and glpat-",
        "Authorization: Bearer <token>, or Bearer $TOKEN, and the bearer of this letter",
        "aws_secret_access_key = <your-key>, AccountKey=... and hooks.slack.com/services/T000/B000/XXXX",
        "password: your-password1, Password: ${DB_PASSWORD_2}, password=[value 1] and password: at least 8 characters",
        "How do I reset my password? It has 12 characters. passwd: files sss",
    ],
)
def test_placeholders_and_ordinary_words_are_no_secrets(text: str) -> None:
    assert list(find_secrets(text)) == []


def test_lengths_are_counted_in_buckets_that_double() -> None:
    lengths = Lengths()
    for line, length in enumerate([10, 63, 64, 300], start=1):
        lengths.add(length, line)
    assert lengths.buckets() == [Bucket(0, 63, 2), Bucket(64, 127, 1), Bucket(128, 255, 0), Bucket(256, 511, 1)]
    assert (lengths.shortest, lengths.longest, lengths.longest_line, lengths.mean) == (10, 300, 4, 109.25)
    assert (Lengths().buckets(), Lengths().mean) == ([], 0.0)
