from services.retrieval.ingestion.backoff import FORGET_AFTER_SECONDS, MAX_DELAY_SECONDS, Backoff


def test_delays_double_up_to_a_maximum_and_start_again_after_a_reset() -> None:
    backoff = Backoff(clock=lambda: 0.0)
    delays = [backoff.next_delay("a") for _ in range(8)]
    assert delays == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, MAX_DELAY_SECONDS, MAX_DELAY_SECONDS]
    backoff.reset("a")
    assert backoff.next_delay("a") == 0.5


def test_each_id_has_its_own_delay() -> None:
    backoff = Backoff(clock=lambda: 0.0)
    for _ in range(5):
        backoff.next_delay("in trouble")
    assert backoff.next_delay("another") == 0.5


def test_an_id_that_did_not_come_back_starts_again() -> None:
    now = [0.0]
    backoff = Backoff(clock=lambda: now[0])
    for _ in range(5):
        backoff.next_delay("a")
    now[0] += FORGET_AFTER_SECONDS
    assert backoff.next_delay("a") == 0.5
