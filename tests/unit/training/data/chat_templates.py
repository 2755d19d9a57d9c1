"""Chat templates of seven families of models, reduced to chats of text, with what the engine gets as prompts and what it should generate.

`python -m benchmarks.served_tokens` checks the same with the models' own templates and tokenizers.
"""

from dataclasses import dataclass

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from services.training.data.chat_format import ChatFormat
from services.training.data.encode import ChatEncoder
from services.training.data.harmony import Harmony
from services.training.data.templates import ChatTemplate

LINE_FEEDS = "ĊĊ"  # two line feeds as one token, as the byte-level vocabularies of most models have


@dataclass(frozen=True)
class Family:
    """A template with its special tokens. `prompts` and `answers` are those of the chat in `test_served_tokens`."""

    source: str
    bos: str
    eos: str
    marks: tuple[str, ...]
    prompts: tuple[str, str]
    answers: tuple[str, str]
    num_sequences: int = 1
    end: str | None = None  # the token at which the engine stops, if it is not the tokenizer's

    def make_tokenizer(self) -> Tokenizer:
        """Return a tokenizer with a token for each byte, for two line feeds, and for each special token."""
        alphabet = [*sorted(pre_tokenizers.ByteLevel.alphabet()), LINE_FEEDS]
        vocabulary = {letter: number for number, letter in enumerate(alphabet)}
        tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[("Ċ", "Ċ")]))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in (self.bos, self.eos, *self.marks) if mark])
        return tokenizer

    def make_encoder(self) -> ChatEncoder:
        """Return an encoder with this tokenizer."""
        tokenizer = self.make_tokenizer()
        end_ids = [tokenizer.get_vocab()[self.end]] if self.end else []
        return ChatEncoder(tokenizer, self.make_format(), end_ids)

    def make_format(self) -> ChatFormat:
        """Return how the chats are written."""
        return ChatTemplate(self.source, {"bos_token": self.bos, "eos_token": self.eos})


class HarmonyFamily(Family):
    """A family whose chats vLLM writes itself."""

    def make_format(self) -> ChatFormat:
        """Return how the chats are written."""
        return Harmony(self.eos)


LLAMA_3 = Family(
    source="""{{- bos_token }}
{%- for message in messages %}
    {{- '<|start_header_id|>' ~ message.role ~ '<|end_header_id|>\n\n' ~ message.content | trim ~ '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{%- endif %}""",
    bos="<|begin_of_text|>",
    eos="<|eot_id|>",
    marks=("<|start_header_id|>", "<|end_header_id|>"),
    prompts=(
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe short.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
        "Who?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe short.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
        "Who?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nAda.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
        "When?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
    ),
    answers=("Ada.<|eot_id|>", "1843 🙂<|eot_id|>"),
)

CHATML_PROMPTS = (
    "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\n",
    "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\nAda.<|im_end|>\n"
    "<|im_start|>user\nWhen?<|im_end|>\n<|im_start|>assistant\n",
)
CHATML_ANSWERS = ("Ada.<|im_end|>", "1843 🙂<|im_end|>")

QWEN_2_5 = Family(
    source="""{%- if messages[0].role != 'system' %}{{- '<|im_start|>system\nYou are Qwen.<|im_end|>\n' }}{%- endif %}
{%- for message in messages %}
    {{- '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ '<|im_end|>\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}""",
    bos="",
    eos="<|im_end|>",
    marks=("<|im_start|>", "<|endoftext|>"),
    prompts=CHATML_PROMPTS,
    answers=CHATML_ANSWERS,
)

QWEN_3 = Family(
    source="""{%- set last = namespace(question=0) %}
{%- for message in messages %}{%- if message.role == 'user' %}{%- set last.question = loop.index0 %}{%- endif %}{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content %}
    {%- set thinking = '' %}
    {%- if message.role == 'assistant' and '</think>' in content %}
        {%- set thinking = content.split('</think>')[0].split('<think>')[-1].strip('\n') %}
        {%- set content = content.split('</think>')[-1].lstrip('\n') %}
    {%- endif %}
    {{- '<|im_start|>' ~ message.role ~ '\n' }}
    {%- if message.role == 'assistant' and loop.index0 > last.question %}
        {{- '<think>\n' ~ thinking ~ '\n</think>\n\n' ~ content.lstrip('\n') }}
    {%- else %}
        {{- content }}
    {%- endif %}
    {{- '<|im_end|>\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}""",
    bos="",
    eos="<|im_end|>",
    marks=("<|im_start|>", "<think>", "</think>"),
    prompts=CHATML_PROMPTS,
    answers=("<think>\n\n</think>\n\nAda.<|im_end|>", "<think>\n\n</think>\n\n1843 🙂<|im_end|>"),
    num_sequences=2,
)

GEMMA_3 = Family(
    source="""{{- bos_token }}
{%- set preface = messages[0].content ~ '\n\n' if messages[0].role == 'system' else '' %}
{%- for message in messages if message.role != 'system' %}
    {%- if (message.role == 'user') != (loop.index0 % 2 == 0) %}{{- raise_exception('The roles must take turns.') }}{%- endif %}
    {{- '<start_of_turn>' ~ ('model' if message.role == 'assistant' else message.role) ~ '\n' ~ (preface if loop.first else '') }}
    {{- message.content | trim ~ '<end_of_turn>\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<start_of_turn>model\n' }}{%- endif %}""",
    bos="<bos>",
    eos="<eos>",
    marks=("<start_of_turn>", "<end_of_turn>"),
    end="<end_of_turn>",
    prompts=(
        "<bos><start_of_turn>user\nBe short.\n\nWho?<end_of_turn>\n<start_of_turn>model\n",
        "<bos><start_of_turn>user\nBe short.\n\nWho?<end_of_turn>\n<start_of_turn>model\nAda.<end_of_turn>\n"
        "<start_of_turn>user\nWhen?<end_of_turn>\n<start_of_turn>model\n",
    ),
    answers=("Ada.<end_of_turn>", "1843 🙂<end_of_turn>"),
)

MISTRAL = Family(
    source="""{{- bos_token }}
{%- set preface = messages[0].content ~ '\n\n' if messages[0].role == 'system' else '' %}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {{- '[INST]' ~ (preface if loop.last else '') ~ message.content ~ '[/INST]' }}
    {%- elif message.role == 'assistant' %}
        {{- message.content ~ eos_token }}
    {%- endif %}
{%- endfor %}""",
    bos="<s>",
    eos="</s>",
    marks=("[INST]", "[/INST]"),
    prompts=("<s>[INST]Be short.\n\nWho?[/INST]", "<s>[INST]Who?[/INST]Ada.</s>[INST]Be short.\n\nWhen?[/INST]"),
    answers=("Ada.</s>", "1843 🙂</s>"),
    num_sequences=2,
)

SMOLLM_2 = Family(
    source="""{%- for message in messages %}
    {%- if loop.first and message.role != 'system' %}
        {{- '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}
    {%- endif %}
    {{- '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ '<|im_end|>\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}""",
    bos="<|im_start|>",
    eos="<|im_end|>",
    marks=("<|endoftext|>",),
    prompts=CHATML_PROMPTS,
    answers=CHATML_ANSWERS,
)

HARMONY_PREFACE = (
    "<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\nCurrent date: {date}"
    "\n\nReasoning: medium\n\n# Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>"
    "<|start|>developer<|message|># Instructions\n\nBe short.<|end|>"
)
GPT_OSS = HarmonyFamily(
    source="",
    bos="<|startoftext|>",
    eos="<|return|>",
    marks=("<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|call|>"),
    prompts=(
        HARMONY_PREFACE + "<|start|>user<|message|>Who?<|end|><|start|>assistant",
        HARMONY_PREFACE + "<|start|>user<|message|>Who?<|end|><|start|>assistant<|channel|>final<|message|>Ada.<|end|>"
        "<|start|>user<|message|>When?<|end|><|start|>assistant",
    ),
    answers=("<|channel|>final<|message|>Ada.<|return|>", "<|channel|>final<|message|>1843 🙂<|return|>"),
    num_sequences=2,
)

FAMILIES = {
    "Llama 3": LLAMA_3,
    "Qwen 2.5": QWEN_2_5,
    "Qwen 3": QWEN_3,
    "Gemma 3": GEMMA_3,
    "Mistral": MISTRAL,
    "SmolLM2": SMOLLM_2,
    "gpt-oss": GPT_OSS,
}
