"""From a question to an answer, with or without documents (flow 2).

    ground (search ──▶ context ──▶ prompt) ──▶ the engine ──▶ cite

Without `retrieval` the call goes to the engine as it came, and its answer comes back as it is.
"""

from services.generation.asked import Asked
from services.generation.cite import cite
from services.generation.ground import Answers, House, ask, ground
from services.generation.relay import Reply
from services.generation.retrieve import Documents


async def answer(asked: Asked, engine: Answers, stores: Documents, house: House) -> Reply:
    """Return the answer to what was asked, cited where it was asked with documents."""
    if asked.retrieval is None:
        return await engine.ask(asked.path, asked.body)
    grounded = await ground(asked, asked.retrieval, engine, stores, house)
    return await cite(await ask(grounded, engine), grounded, stores)
