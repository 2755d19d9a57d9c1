"""Which URLs and network addresses webhooks may be sent to: public ones, so that no one can use the server to reach its own network."""

import ipaddress
import re
from contextlib import suppress

import httpx

from shared.errors import InvalidRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SETTING = "GENERATION_WEBHOOK_PRIVATE_ADDRESSES"
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")  # RFC 3056: the bits after the prefix are an IPv4 address
# A public address that only Azure's own machines reach, where they find their host's service.
AZURE_HOST = ipaddress.IPv4Address("168.63.129.16")
PORTS = range(1, 2**16)
UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\\]")


def check_url(url: str, allows_private: bool) -> None:
    """Check the form of an endpoint's URL. What its host resolves to is checked at every delivery.

    Raises:
        InvalidRequest: if it is not an https URL, has a user name, or names an address that is not public.
    """
    parsed = _parse(url)
    schemes = ("https", "http") if allows_private else ("https",)
    if parsed.scheme not in schemes or not parsed.host:
        expected = " or ".join(f"'{scheme}://'" for scheme in schemes)
        raise InvalidRequest(f"'url' must begin with {expected}, followed by a host.", param="url")
    if parsed.userinfo:
        raise InvalidRequest("'url' must not contain a user name or a password. Verify the signature instead.", param="url")
    if not allows_private and _names_private_address(parsed.host):
        raise InvalidRequest(
            f"'url' must have a public host; got '{parsed.host}'. The server's setting {SETTING} allows others.", param="url"
        )


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public internet: not private, shared, link-local, multicast or reserved."""
    parsed = ipaddress.ip_address(address)
    embedded = _embedded_ipv4(parsed) if isinstance(parsed, ipaddress.IPv6Address) else None
    return _is_public(embedded or parsed)


def _is_public(address: Address) -> bool:
    is_special = address.is_multicast or address.is_reserved or address == AZURE_HOST
    if isinstance(address, ipaddress.IPv6Address):
        is_special = is_special or address.is_site_local or address in SIX_TO_FOUR
    return address.is_global and not is_special


def _embedded_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that packets to this address are sent to; None if they stay IPv6."""
    return ipaddress.IPv4Address(address.packed[-4:]) if address in NAT64 else address.ipv4_mapped


def _names_private_address(host: str) -> bool:
    if f".{host.rstrip('.')}".endswith(".localhost"):
        return True
    try:
        return not is_public(host)
    except ValueError:
        return False  # a name


def _parse(url: str) -> httpx.URL:
    """Return the URL as the sender reads it."""
    with suppress(httpx.InvalidURL):
        parsed = httpx.URL(url)
        if not UNPRINTABLE.search(url) and (parsed.port is None or parsed.port in PORTS):
            return parsed
    raise InvalidRequest("'url' must be a valid URL, such as 'https://example.com/webhooks'.", param="url")
