"""From a question to an answer, with or without documents (flow 2).

    ground (search ──▶ context ──▶ prompt) ──▶ the engine ──▶ cite

Without `retrieval` the call goes to the engine as it came, and its answer comes back as it is.
"""

from services.generation.answers.cite import cite
from services.generation.grounding.ground import Answers, House, ask, ground
from services.generation.grounding.request import Asked
from services.generation.grounding.retrieve import Documents
from services.generation.http.relay import Reply


async def answer(asked: Asked, engine: Answers, stores: Documents, house: House) -> Reply:
    """Return the answer to what was asked, cited where it was asked with documents."""
    if asked.retrieval is None:
        return await engine.ask(asked.path, asked.body)
    grounded = await ground(asked, asked.retrieval, engine, stores, house)
    return await cite(await ask(grounded, engine), grounded, stores)
