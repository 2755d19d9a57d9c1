import socket

from shared.http.keepalive import IDLE_SECONDS, INTERVAL_SECONDS, PROBES, UNACKNOWLEDGED_MILLISECONDS, keep_alive


def test_a_connection_asks_the_other_host_whether_it_is_still_there() -> None:
    with keep_alive(socket.socket()) as opened:
        assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        if hasattr(socket, "TCP_KEEPIDLE"):
            names = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
            found = [opened.getsockopt(socket.IPPROTO_TCP, name) for name in names]
            assert found == [IDLE_SECONDS, INTERVAL_SECONDS, PROBES, UNACKNOWLEDGED_MILLISECONDS]


def test_a_host_that_is_gone_is_noticed_within_half_a_minute() -> None:
    assert IDLE_SECONDS + PROBES * INTERVAL_SECONDS <= 30
    assert UNACKNOWLEDGED_MILLISECONDS <= 30_000
