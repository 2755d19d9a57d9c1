"""Finds what is likely a secret: keys whose form their issuers document, and passwords in URLs.

A report names the line and the kind, never the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MIN_DIFFERENT = 8  # characters; a placeholder such as sk-xxxxxxxx has fewer


@dataclass(frozen=True)
class SecretKind:
    """A kind of secret. Only a text that contains `mark` is searched for the pattern, which is slower."""

    name: str
    mark: str
    pattern: re.Pattern[str]


START = r"(?<![A-Za-z0-9_-])"
KINDS = (
    SecretKind("a private key", "PRIVATE KEY-----", re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")),
    SecretKind("an AWS access key", "AKIA", re.compile(START + r"AKIA[A-Z0-9]{16}(?![A-Za-z0-9])")),
    SecretKind("a temporary AWS access key", "ASIA", re.compile(START + r"ASIA[A-Z0-9]{16}(?![A-Za-z0-9])")),
    SecretKind("a GitHub token", "gh", re.compile(START + r"gh[pousr]_[A-Za-z0-9]{36,}")),
    SecretKind("a GitHub token", "github_pat_", re.compile(START + r"github_pat_[A-Za-z0-9_]{40,}")),
    SecretKind("an API key that begins with sk-", "sk-", re.compile(START + r"sk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}")),
    SecretKind("a Hugging Face token", "hf_", re.compile(START + r"hf_[A-Za-z0-9]{30,}")),
    SecretKind("a Google API key", "AIza", re.compile(START + r"AIza[A-Za-z0-9_-]{35}")),
    SecretKind("a Slack token", "xox", re.compile(START + r"xox[abprs]-[A-Za-z0-9-]{20,}")),
    SecretKind("a Stripe key", "k_live_", re.compile(START + r"[rs]k_live_[A-Za-z0-9]{16,}")),
    SecretKind("a GitLab token", "glpat-", re.compile(START + r"glpat-[A-Za-z0-9_-]{20,}")),
    SecretKind("an npm token", "npm_", re.compile(START + r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])")),
    SecretKind("a PyPI token", "pypi-", re.compile(START + r"pypi-[A-Za-z0-9_-]{50,}")),
    SecretKind("a SendGrid key", "SG.", re.compile(START + r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}")),
    # A JSON Web Token (RFC 7519): two parts that are JSON objects in Base64, and a signature.
    SecretKind("a JSON Web Token", ".eyJ", re.compile(START + r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}")),
    SecretKind(
        "a URL with a password",
        "://",
        re.compile(r"://[^\s/:@?#]{1,64}:(?!(?i:pass|pwd|secret|your|[<${*]))[^\s/:@?#]{8,128}@[A-Za-z0-9\[]"),
    ),
)


def find_secrets(text: str) -> Iterator[str]:
    """Yield each kind of secret that a text likely has."""
    for kind in KINDS:
        if kind.mark in text and any(len(set(found.group())) >= MIN_DIFFERENT for found in kind.pattern.finditer(text)):
            yield kind.name
