"""What the Python programs ask of models, with the official clients. Whoever imports it has set up telemetry before."""

import sys

from anthropic import Anthropic
from openai import OpenAI, OpenAIError

openai = OpenAI(api_key="sk-demo", max_retries=0)
anthropic = Anthropic(api_key="sk-demo", max_retries=0)

QUESTION = [{"role": "user", "content": "Where is my order?"}]
TOOL = {
    "name": "find_order",
    "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
}


def chat(model="gpt-4o-mini", **more):
    return openai.chat.completions.create(model=model, messages=QUESTION, user="ada", **more)


CALLS = {
    "chat": chat,
    "thought": lambda: chat(model="o3-mini"),
    "tool": lambda: chat(tools=[{"type": "function", "function": TOOL}]),
    "stream": lambda: list(chat(stream=True, stream_options={"include_usage": True})),
    "response": lambda: openai.responses.create(model="gpt-4o-mini", input="Where is my order?", user="ada"),
    "embedding": lambda: openai.embeddings.create(
        model="text-embedding-3-small", input="an order", user="ada"
    ),
    "message": lambda: anthropic.messages.create(
        model="claude-sonnet-4-5", max_tokens=500, messages=QUESTION
    ),
}


def run():
    """Makes the calls that are named on the command line; what a provider refuses is not the end."""
    for name in sys.argv[1:]:
        try:
            CALLS[name]()
        except OpenAIError as refused:
            print(type(refused).__name__)
