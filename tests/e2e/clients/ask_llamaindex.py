"""What a user of LlamaIndex does with an OpenAI-like model: complete, chat, stream. Prints what came back as one line of JSON.

python ask_llamaindex.py BASE_URL MODEL STORE QUESTION
"""

import asyncio
import json
import sys

from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike

url, model, store, question = sys.argv[1:]
server = {"api_base": url, "api_key": "none", "max_retries": 0, "context_window": 2048, "temperature": 0, "max_tokens": 8}
chat = OpenAILike(model=model, is_chat_model=True, **server)
documents = {"extra_body": {"retrieval": {"vector_store_ids": [store]}}}
grounded = OpenAILike(model=model, is_chat_model=True, additional_kwargs=documents, **server)
text = OpenAILike(model=model, is_chat_model=False, **server)

messages = [ChatMessage(role="user", content=question)]
print(
    json.dumps(
        {
            "chatted": chat.chat(messages).message.content,
            "streamed": [chunk.message.content for chunk in chat.stream_chat(messages)][-1],
            "awaited": asyncio.run(chat.achat(messages)).message.content,
            "cited": [citation["filename"] for citation in grounded.chat(messages).raw.model_extra["citations"]],
            "completed": text.complete("A buoy is").text,
            "completed_by_stream": [chunk.text for chunk in text.stream_complete("A buoy is")][-1],
        }
    )
)
