from typing import Literal

AudioDataFormat = Literal["mp3", "wav"]

AUDIO_DATA_FORMAT_VALUES: set[AudioDataFormat] = {
    "mp3",
    "wav",
}


def check_audio_data_format(value: str) -> AudioDataFormat:
    if value in AUDIO_DATA_FORMAT_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {AUDIO_DATA_FORMAT_VALUES!r}"
    )
