"""Words that no message may contain, and the form of a sentence that each must have."""

import re

SENTENCE = re.compile(r"(?s)['A-Z0-9{].*[.}]$")
BANNED = (
    r"Input should",
    r"Value error",
    r"\bvalid (string|integer|number|boolean|list|dictionary|dict)\b",
    r"instance of",
    r"Field required",
    r"Extra inputs",
    r"should have at",
    r"\bas it should\b",
    r"\ba text\b",
    r"\btexts?\b.*\bof (its|their)\b",
    r"\bwhere (it|there|no|the|an?)\b",
    r"\bhere is\b",
    r"\bis said\b",
    r"\btold\b",
    r"\banew\b",
    r"\bneighbou?r",
    r"\bis none of\b",
    r"(?<!There )\bis no [a-z]+\b",
    r"\bwhole number\b",
    r"\bthere may be\b",
    r"\bwants?\b",
    r"\bgone\b",
    r"\bthe like\b",
    r"\bgive[sn]? up\b",
    r"\bof ours\b",
    r"\b1 [a-z]+s\b",
    r"\b(behaviour|colour|favour)\w*",
    r"\b(normal|token|organ|recogn)is(e|ed|ing)\b",
    r"`",
)


def faults(message: str) -> list[str]:
    """Return what is wrong with a message: banned words, and a form that is not a sentence."""
    faulty = [pattern for pattern in BANNED if re.search(pattern, message)]
    return faulty if SENTENCE.match(message) else [*faulty, "not a sentence that ends with a period"]
