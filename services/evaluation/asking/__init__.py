"""Asking: sends every question to every arm through Tandem's API, and stores each answer as soon as it arrives.

The flow (`compare`) and the worker import this room. It knows nothing of grades or of the verdict.

    collect_answers.py  the flow of this room: the phases, one after the other
    phases.py           which questions each phase asks
    call_arm.py         one question to one arm
    retries.py          calls that fail for the moment
    failures.py         which errors are an arm's own fault, and which end the comparison
    circuit_breaker.py  when to give up
    answer_store.py     the stored answers
    progress.py         the stage and percent of the job
"""
