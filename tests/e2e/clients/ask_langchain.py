"""What a user of LangChain does: chat, stream, ask with documents, embed. Prints what came back as one line of JSON.

python ask_langchain.py BASE_URL MODEL STORE QUESTION
"""

import asyncio
import json
import sys

from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

url, model, store, question = sys.argv[1:]
server = {"base_url": url, "api_key": "none", "max_retries": 0}
chat = ChatOpenAI(model=model, temperature=0, max_tokens=8, **server)
grounded = ChatOpenAI(model=model, temperature=0, max_tokens=8, extra_body={"retrieval": {"vector_store_ids": [store]}}, **server)
items = ChatOpenAI(model=model, temperature=0, max_tokens=8, use_responses_api=True, **server)
# Without the check it sends the text as it is; the check would send tokens of OpenAI's own tokenizer, which this embedder does not know.
embeddings = OpenAIEmbeddings(model="all-MiniLM-L6-v2", check_embedding_ctx_length=False, **server)

messages = [SystemMessage("Be brief."), HumanMessage(question)]
answer = chat.invoke(messages)
print(
    json.dumps(
        {
            "invoked": answer.content,
            "tokens": answer.usage_metadata["output_tokens"],
            "streamed": "".join(chunk.content for chunk in chat.stream(messages)),
            "batched": [one.content for one in chat.batch([messages, messages])],
            "awaited": asyncio.run(chat.ainvoke(messages)).content,
            "read": [model.invoke([HumanMessage(question)]).usage_metadata["input_tokens"] for model in (chat, grounded)],
            "items": items.invoke(messages).text,
            "query": embeddings.embed_query(question),
            "texts": embeddings.embed_documents([question, "A buoy."]),
        }
    )
)
