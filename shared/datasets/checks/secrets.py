"""Finds what is likely a secret: keys whose form their issuers document, and what stands after the name of a key or a password.

A report names the line and the kind, never the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MIN_DIFFERENT = 8  # characters; a placeholder such as sk-xxxxxxxx has fewer


@dataclass(frozen=True)
class SecretKind:
    """A kind of secret. Only a text that contains `mark` is searched for the pattern, which is slower.

    If the pattern has a group, that is the secret.
    """

    name: str
    mark: str
    pattern: re.Pattern[str]


START = r"(?<![A-Za-z0-9_-])"
AWS_SECRET = re.compile(r"(?i:aws_?secret_?access_?key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])")
TWILIO_TOKEN = re.compile(r"(?i:twilio_?auth_?token)[\"']?\s{0,3}[:=]\s{0,3}[\"']?([0-9a-f]{32})(?![A-Za-z0-9])")
# After its name, a word of at least 8 characters with a letter and a digit, which a placeholder such as <password> has not.
PASSWORD = re.compile(
    r"(?i:passw(?:or)?d)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?!(?i:pass|pwd|secret|your|my|example|changeme|xxx)|[<${*\[])"
    r"(?=[^\s\"'`,;]*[0-9])(?=[^\s\"'`,;]*[A-Za-z])([^\s\"'`,;]{8,128})"
)
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
        "a token in an Authorization header",
        "earer ",
        re.compile(r"(?i:authorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?i:bearer) (?=[A-Za-z._~+/-]*[0-9])([A-Za-z0-9._~+/-]{20,})"),
    ),
    *(SecretKind("an AWS secret access key", mark, AWS_SECRET) for mark in ("ecret", "ECRET")),
    SecretKind("an Azure storage key", "AccountKey=", re.compile(r"AccountKey=([A-Za-z0-9+/]{80,})={0,2}")),
    SecretKind(
        "a Slack webhook", "hooks.slack.com/", re.compile(r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9]+/[A-Za-z0-9/]{20,}")
    ),
    SecretKind("a Telegram bot token", ":AA", re.compile(r"(?<![A-Za-z0-9_])[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])")),
    SecretKind("a Twilio key", "SK", re.compile(START + r"SK[0-9a-f]{32}(?![A-Za-z0-9])")),
    *(SecretKind("a Twilio token", mark, TWILIO_TOKEN) for mark in ("oken", "OKEN")),
    *(SecretKind("a password", mark, PASSWORD) for mark in ("assword", "ASSWORD", "asswd", "ASSWD")),
    SecretKind(
        "a URL with a password",
        "://",
        re.compile(r"://[^\s/:@?#]{1,64}:(?!(?i:pass|pwd|secret|your|[<${*]))[^\s/:@?#]{8,128}@[A-Za-z0-9\[]"),
    ),
)


def find_secrets(text: str) -> Iterator[str]:
    """Yield each kind of secret that a text likely has, once."""
    kinds = (kind for kind in KINDS if kind.mark in text)
    yield from dict.fromkeys(
        kind.name for kind in kinds if any(len(set(found[found.lastindex or 0])) >= MIN_DIFFERENT for found in kind.pattern.finditer(text))
    )
