from typing import Literal

EnginePartType = Literal[
    "audio_embeds",
    "image_embeds",
    "input_image",
    "prompt_embeds",
    "tool_reference",
    "video_embeds",
]

ENGINE_PART_TYPE_VALUES: set[EnginePartType] = {
    "audio_embeds",
    "image_embeds",
    "input_image",
    "prompt_embeds",
    "tool_reference",
    "video_embeds",
}


def check_engine_part_type(value: str) -> EnginePartType:
    if value in ENGINE_PART_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {ENGINE_PART_TYPE_VALUES!r}"
    )
