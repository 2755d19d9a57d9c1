"""Abstention: whether an answer says that the documents have no answer, and how well a set of answers does that when it had to.

An answer abstains if its first sentence has a phrase such as the product's own, and goes on to no answer: "The documents do not say, but
it is probably 5 Nm" answers. A later remark that the documents lack some detail is no abstention either.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.contracts.chat import ABSTENTION

SOURCES = (
    r"(?:(?:the|these|this|any|your|provided|given|available|supplied|retrieved|numbered|above|of) )+"
    r"(?:documents?|passages?|contexts?|sources?|texts?|excerpts?|materials?|documentation|information|handbook|manual)"
    r"(?: (?:provided|given|available|above|that i have))?"
)
VERBS = r"(?:answer|say|state|mention|contain|provide|specify|address|indicate|explain)"
FOUND = (
    r"(?:stated|mentioned|found|given|contained|answered|specified|available|provided|covered|described|discussed|present|listed"
    r"|explained)"
)
KNOWN = re.compile(
    rf"\b(?:{SOURCES} (?:do|does|did) not (?:\w+ )?{VERBS}"
    rf"|{SOURCES} (?:has|have|contains?|provides?|gives?) no (?:answer|information|mention)"
    rf"|not (?:{FOUND} (?:\w+ ){{0,2}}?)?(?:in|by|from|within) {SOURCES}"
    rf"|(?:nothing|nowhere|no answer|no information|no mention)(?: \w+){{0,8}}? (?:in|by|from|within) {SOURCES}"
    r"|(?:i|we) (?:do not|cannot|could not|am unable to|are unable to|am not able to) (?:know|answer|find|determine|say|tell)"
    r"|(?:cannot|could not) be (?:answered|determined|found)"
    r"|(?:do|does) not have (?:enough|sufficient|that|this|any|the) (?:\w+ )?(?:information|answer|context|details?)"
    rf"|none of {SOURCES} (?:\w+ )?(?:answers?|says?|states?|mentions?|contains?|provides?|specif(?:y|ies))"
    r"|(?:insufficient|not enough|no relevant) (?:information|context|evidence)"
    r"|(?:question|this) is (?:unanswerable|not answerable)|not answerable|unanswerable)\b"
)
# What is an abstention only if it is the whole sentence.
WHOLE = re.compile(
    rf"(?:(?:it|that|this|the answer) is )?(?:unknown|not known|not {FOUND})|(?:there is )?no (?:answer|information)|n/?a|it does not say"
    r"|i am not (?:sure|certain)(?: about (?:that|this))?"
)
GOES_ON = re.compile(r"\b(?:but|however|nevertheless|nonetheless|that said|based on (?:my|general) \w+|my best guess|i would guess)\b")
SENTENCE = re.compile(r"(?<=[.!?])\s+|[\u3002\uff01\uff1f\n]+")
CONTRACTIONS = (("can't", "cannot"), ("can not", "cannot"), ("n't", " not"), ("i'm", "i am"), ("isnt", "is not"), ("dont", "do not"))
MAX_CHARS = 2000  # of the beginning of an answer, where an abstention is
GREETING_WORDS = 3  # "Unfortunately." or "I am sorry." is no sentence of its own


def abstains(text: str, phrases: Sequence[str] = ()) -> bool:
    """Return whether an answer abstains. `phrases` are more phrases of the same kind, in any language."""
    sentences = _sentences(_unify(text[:MAX_CHARS]))
    start = next((position for position, each in enumerate(sentences) if len(each.split()) > GREETING_WORDS or _find(each, phrases)), None)
    if start is None:
        return False
    end = _find(sentences[start], phrases)
    return end is not None and not GOES_ON.search(" ".join([sentences[start][end:], *sentences[start + 1 :]]))


def _sentences(text: str) -> list[str]:
    return [each.strip() for each in SENTENCE.split(text) if each.strip()]


def _find(sentence: str, phrases: Sequence[str]) -> int | None:
    """Return where the phrase in the sentence ends; None if it has none."""
    for phrase in (ABSTENTION, *phrases):
        wanted = _unify(phrase).strip(" .!?\u3002")
        if wanted and (position := sentence.find(wanted)) >= 0:
            return position + len(wanted)
    found = KNOWN.search(sentence) or WHOLE.fullmatch(sentence.rstrip(" .!\u3002"))
    return found.end() if found else None


def _unify(text: str) -> str:
    """Return the text in lowercase, with contractions written out; sentences keep their ends."""
    unified = unicodedata.normalize("NFKC", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
    for short, full in CONTRACTIONS:
        unified = unified.replace(short, full)
    return re.sub(r"[^\S\n]+", " ", re.sub(r"[*_\"“”«»()\[\]`]", "", unified))


@dataclass(frozen=True)
class AbstentionFigures:
    """How a set of answers abstains. `precision`: of those that abstained, how many had to. `recall`: of those that had to, how many did.

    A figure is None if nothing was to be counted. `answered_wrongly` had to abstain and did not, `abstained_wrongly` the other way round.
    """

    questions: int
    had_to: int
    did: int
    rightly: int
    precision: float | None
    recall: float | None
    f1: float | None

    @property
    def answered_wrongly(self) -> int:
        """The answers that had to abstain, and did not."""
        return self.had_to - self.rightly

    @property
    def abstained_wrongly(self) -> int:
        """The answers that abstained without having to."""
        return self.did - self.rightly


def measure_abstention(answers: Iterable[tuple[bool, bool]]) -> AbstentionFigures:
    """Return the figures of a set: for each answer whether it had to abstain, and whether it did."""
    pairs = list(answers)
    had_to, did = sum(must for must, _ in pairs), sum(done for _, done in pairs)
    rightly = sum(must and done for must, done in pairs)
    precision = rightly / did if did else None
    recall = rightly / had_to if had_to else None
    f1 = 2 * rightly / (had_to + did) if had_to + did else None
    return AbstentionFigures(len(pairs), had_to, did, rightly, precision, recall, f1)
