"""The chat template of gpt-oss as vLLM serves it: the Harmony format, which vLLM renders itself instead of the model's own template.

The two differ: the model's template adds two line feeds to the system message, and drops system messages after the first. The format is
described in OpenAI's Harmony response format guide; vLLM builds it in `entrypoints/openai/parser/harmony_utils.py`. A complete chat ends
with `<|return|>`, at which generation stops, while an earlier answer ends with `<|end|>`.
"""

HARMONY = """
{{- "<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\\nKnowledge cutoff: 2024-06\\n" }}
{{- "Current date: " + strftime_now("%Y-%m-%d") + "\\n\\nReasoning: medium\\n\\n" }}
{{- "# Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>" }}
{%- for message in messages %}
    {%- if message.role == "system" %}
        {{- "<|start|>developer<|message|># Instructions\\n\\n" + message.content + "<|end|>" }}
    {%- elif message.role == "user" %}
        {{- "<|start|>user<|message|>" + message.content + "<|end|>" }}
    {%- else %}
        {{- "<|start|>assistant<|channel|>final<|message|>" + message.content }}
        {{- "<|return|>" if loop.last else "<|end|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- "<|start|>assistant" }}
{%- endif %}
"""
