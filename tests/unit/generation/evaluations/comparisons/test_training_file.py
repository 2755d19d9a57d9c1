from tests.unit.generation.evaluations.setup import ADAPTER, Setup, write_examples


def warnings_of(setup: Setup, job_id: str) -> list[str]:
    return [event["message"] for event in setup.read_events(job_id) if event["level"] == "warn"]


def test_the_training_file_of_the_fine_tuned_model_is_the_default(setup: Setup) -> None:
    created = setup.create()
    assert created["training_file"] == setup.training_file
    assert warnings_of(setup, created["id"]) == []


def test_another_training_file_is_checked_line_by_line(setup: Setup) -> None:
    other = setup.retrieval.add_file(write_examples(1))
    assert setup.create(training_file=other)["training_file"] == other
    broken = setup.retrieval.add_file(write_examples(1) + b'{"messages": []}\n')
    error = setup.refuse({**setup.body, "training_file": broken})
    assert (error["param"], error["message"][:7]) == ("training_file", "Line 2:")
    assert setup.refuse({**setup.body, "training_file": "file-gone"})["param"] == "training_file"


def test_a_deleted_training_file_is_a_warning_and_the_arm_with_examples_is_impossible(setup: Setup) -> None:
    setup.http.delete(f"/v1/files/{setup.training_file}")
    created = setup.create()
    assert (created["arms"], created["training_file"]) == (["base", "rag", "fine_tuned", "both"], None)
    assert warnings_of(setup, created["id"]) == [
        f"The training file '{setup.training_file}' of '{ADAPTER}' was deleted. Questions that the model was trained on are not left "
        "out. Name the file in 'training_file'."
    ]
    assert setup.read_spec(created["id"])["warnings"] == warnings_of(setup, created["id"])
    error = setup.refuse({**setup.body, "arms": ["base", "prompted"]})
    assert error["param"] == "arms[1]"
    assert error["message"] == (
        f"The arm 'prompted' needs examples, but the training file '{setup.training_file}' of '{ADAPTER}' was deleted. "
        "Name the file in 'training_file'."
    )


def test_further_seeds_need_a_fine_tuned_model_and_its_training_file(setup: Setup) -> None:
    assert setup.read_spec(setup.create(seeds=3)["id"])["seeds"] == 3
    error = setup.refuse({**setup.body, "model": "tiny", "seeds": 3})
    assert (error["param"], error["message"]) == ("seeds", "'seeds' must be 1 if 'model' is a base model; got 3.")
    setup.http.delete(f"/v1/files/{setup.training_file}")
    assert setup.refuse({**setup.body, "seeds": 3})["param"] == "seeds"


def test_further_seeds_need_an_arm_with_the_fine_tuned_model(setup: Setup) -> None:
    error = setup.refuse({**setup.body, "arms": ["base", "prompted"], "seeds": 3})
    assert (error["param"], error["message"]) == ("seeds", "'seeds' must be 1, because no arm uses the fine-tuned model; got 3.")
    own = {"name": "warm", "model": setup.body["model"], "sampling": {"temperature": 0.5}}
    assert setup.create(arms=["base", own], seeds=3)["status"] == "queued"
