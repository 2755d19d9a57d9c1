import pytest

from services.generation.jobs.webhooks.addresses import check_url, is_public
from shared.errors import InvalidRequest

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_inside_a_network_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700::1111"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://example.com", "'url' must begin with 'https://', followed by a host."),
        ("ftp://example.com", "'url' must begin with 'https://', followed by a host."),
        ("example.com/hooks", "'url' must begin with 'https://', followed by a host."),
        ("https:///hooks", "'url' must begin with 'https://', followed by a host."),
        ("https://exa mple.com", "'url' must be a valid URL, such as 'https://example.com/webhooks'."),
        ("https://example.com/\r\nX: y", "'url' must be a valid URL, such as 'https://example.com/webhooks'."),
        ("https://example.com:99999", "'url' must be a valid URL, such as 'https://example.com/webhooks'."),
        ("https://example.com\\@127.0.0.1/", "'url' must be a valid URL, such as 'https://example.com/webhooks'."),
        ("https://[::1", "'url' must be a valid URL, such as 'https://example.com/webhooks'."),
        ("https://me:secret@example.com", "'url' must not contain a user name or a password. Verify the signature instead."),
        ("https://10.0.0.1", "'url' must have a public host; got '10.0.0.1'."),
        ("https://[fd00::1]:8443/", "'url' must have a public host; got 'fd00::1'."),
        ("https://LOCALHOST/", "'url' must have a public host; got 'localhost'."),
        ("https://localhost./", "'url' must have a public host; got 'localhost.'."),
        ("https://api.localhost/", "'url' must have a public host; got 'api.localhost'."),
    ],
)
def test_a_url_that_may_not_be_used_is_refused(url: str, problem: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        check_url(url, allows_private=False)
    assert raised.value.message.startswith(problem)
    assert raised.value.param == "url"


@pytest.mark.parametrize("url", ["https://example.com", "https://example.com:8443/a?b=c#d", "https://bücher.example/ä", "https://8.8.8.8/"])
def test_public_https_urls_may_be_used(url: str) -> None:
    check_url(url, allows_private=False)


def test_private_addresses_and_http_may_be_allowed_but_no_other_scheme() -> None:
    check_url("http://127.0.0.1:9000/hooks", allows_private=True)
    with pytest.raises(InvalidRequest, match="must begin with 'https://' or 'http://'"):
        check_url("file:///etc/passwd", allows_private=True)
