from services.training.supervision.stall import FACTOR, FIRST_SECONDS, MIN_SECONDS, START_SECONDS, StallDetector


class Clock:
    """A clock that the test moves, in seconds."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


def test_a_start_may_take_long() -> None:
    clock = Clock()
    detector = StallDetector(clock)
    clock.now += START_SECONDS - 1
    assert not detector.is_stalled()
    clock.now += 2
    assert detector.is_stalled()


def test_a_training_with_quick_steps_is_stalled_after_two_minutes() -> None:
    clock = Clock()
    detector = StallDetector(clock)
    for _ in range(10):
        clock.now += 1
        detector.note_sign()
    clock.now += MIN_SECONDS - 1
    assert not detector.is_stalled()
    clock.now += 2
    assert detector.is_stalled()
    assert detector.silent_seconds == MIN_SECONDS + 1


def test_a_training_with_slow_steps_gets_longer() -> None:
    clock = Clock()
    detector = StallDetector(clock)
    for seconds in (900, 60, 62, 1, 61):  # the start, slow steps, a quick one
        clock.now += seconds
        detector.note_sign()
    clock.now += FACTOR * 60.5 - 1
    assert not detector.is_stalled()
    clock.now += 2
    assert detector.is_stalled()


def test_the_signs_that_follow_a_step_at_once_do_not_make_it_look_quick() -> None:
    clock = Clock()
    detector = StallDetector(clock)
    for _ in range(20):
        for seconds in (60, 0.001, 0.3):  # a step, its losses, its checkpoint
            clock.now += seconds
            detector.note_sign()
    clock.now += FACTOR * 60 - 1
    assert not detector.is_stalled()
    clock.now += FACTOR
    assert detector.is_stalled()


def test_the_first_steps_may_take_long() -> None:
    clock = Clock()
    detector = StallDetector(clock)
    for seconds in (900, 600, 600):
        clock.now += seconds
        detector.note_sign()
    clock.now += FIRST_SECONDS - 1
    assert not detector.is_stalled()
    clock.now += 2
    assert detector.is_stalled()


def test_one_long_interval_does_not_hide_a_later_stall() -> None:
    clock = Clock()
    detector = StallDetector(clock)
    for seconds in (5, 1, 1, 600, 1, 1):
        clock.now += seconds
        detector.note_sign()
    clock.now += MIN_SECONDS + 1
    assert detector.is_stalled()
