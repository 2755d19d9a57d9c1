"""From a question to an answer based on documents (flow 2).

ground (search ──▶ context ──▶ prompt) ──▶ generate ──▶ cite
"""

from services.generation.answers.cite import cite
from services.generation.grounding.chat_model import ChatModel
from services.generation.grounding.ground import GroundingDefaults, generate, ground
from services.generation.grounding.request import GenerationRequest, option_errors
from services.generation.grounding.retrieve import Retriever
from services.generation.http.reply import Reply
from shared.contracts.chat import RetrievalOptions


async def answer(
    request: GenerationRequest, options: RetrievalOptions, model: ChatModel, retriever: Retriever, defaults: GroundingDefaults
) -> Reply:
    """Return the answer to the request's question, with citations.

    Raises:
        TandemError: as the steps do.
    """
    with option_errors("retrieval"):
        grounded = await ground(request, options, model, retriever, defaults)
    return await cite(await generate(grounded, model), grounded, retriever)
