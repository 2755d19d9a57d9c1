"""Chat templates that show tools, in the manner of three families of models, which differ in what they show of them."""

from tests.unit.training.data.chat_templates import Family

# In the manner of Qwen 2.5: tools in the system message, calls and results in tags.
QWEN = Family(
    source="""{%- if tools %}{{- '<|im_start|>system\nTools:\n' }}{%- for tool in tools %}{{- tool | tojson ~ '\n' }}{%- endfor %}
    {{- '<|im_end|>\n' }}{%- endif %}
{%- for message in messages %}
    {{- '<|im_start|>' ~ ('user' if message.role == 'tool' else message.role) ~ '\n' }}
    {{- '<result>' ~ message.content ~ '</result>' if message.role == 'tool' else message.content }}
    {%- for call in message.tool_calls %}
        {{- '\n' if message.content or not loop.first }}
        {{- '<call>{"name": "' ~ call.function.name ~ '", "arguments": ' ~ call.function.arguments | tojson ~ '}</call>' }}
    {%- endfor %}
    {{- '<|im_end|>\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n' }}{%- endif %}""",
    bos="",
    eos="<|im_end|>",
    marks=("<|im_start|>",),
    prompts=("", ""),
    answers=("", ""),
)
# In the manner of Llama 3.2: one call, without its text, and the result as JSON.
LLAMA = Family(
    source="""{{- bos_token ~ (tools | tojson if tools is not none else '') }}
{%- for message in messages %}
    {{- '<|h|>' ~ message.role ~ '\n\n' }}
    {%- if 'tool_calls' in message %}
        {%- if message.tool_calls | length != 1 %}{{- raise_exception('This model only supports single tool-calls at once!') }}{%- endif %}
        {%- set function = message.tool_calls[0].function %}
        {{- '{"name": "' ~ function.name ~ '", "parameters": ' ~ function.arguments | tojson ~ '}' }}
    {%- elif message.role == 'tool' %}{{- message.content | tojson }}
    {%- else %}{{- message.content }}
    {%- endif %}
    {{- '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|h|>assistant\n\n' }}{%- endif %}""",
    bos="<|begin|>",
    eos="<|eot_id|>",
    marks=("<|h|>",),
    prompts=("", ""),
    answers=("", ""),
)
# In the manner of Mistral Nemo: tools and the system message before the last question only, calls as JSON of the function with its id.
MISTRAL = Family(
    source="""{{- bos_token }}
{%- set questions = messages | selectattr('role', 'equalto', 'user') | list %}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {{- '[TOOLS]' ~ tools | tojson if tools and message == questions[-1] else '' }}
        {{- '[INST]' ~ (messages[0].content ~ '\n\n' if loop.last and messages[0].role == 'system' else '') ~ message.content ~ '[/INST]' }}
    {%- elif message.tool_calls is defined %}
        {%- if message.tool_calls[0].id | length != 9 %}{{- raise_exception('IDs must have length 9!') }}{%- endif %}
        {{- '[CALL]' ~ (message.tool_calls | map(attribute='function') | list | tojson) ~ eos_token }}
    {%- elif message.role == 'tool' %}{{- '[RESULT]' ~ message.content ~ '[/RESULT]' }}
    {%- elif message.role == 'assistant' %}{{- message.content ~ eos_token }}
    {%- endif %}
{%- endfor %}""",
    bos="<s>",
    eos="</s>",
    marks=("[INST]", "[/INST]", "[CALL]"),
    prompts=("", ""),
    answers=("", ""),
)
