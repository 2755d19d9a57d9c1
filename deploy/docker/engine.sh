#!/bin/sh
# Starts vLLM for Tandem. The base model's name in the API comes about as in shared/settings.py: TANDEM_BASE_NAME,
# or else the last part of TANDEM_BASE_MODEL in lower case. Arguments and TANDEM_ENGINE_OPTIONS are passed on to vLLM.
set -eu
model=${TANDEM_BASE_MODEL:?the base model: a folder or a Hugging Face id}
name=${TANDEM_BASE_NAME:-$(basename "$model" | tr '[:upper:]' '[:lower:]')}
# The options are several words, so they stand without quotes.
exec vllm serve "$model" --served-model-name "$name" --host 0.0.0.0 --port 8002 --enable-prefix-caching --disable-uvicorn-access-log --enable-tokenizer-info-endpoint \
    --enable-lora --max-lora-rank "$TANDEM_ENGINE_MAX_LORA_RANK" --max-loras "$TANDEM_ENGINE_MAX_LORAS" \
    --max-model-len "$TANDEM_ENGINE_MAX_MODEL_LEN" "$@" ${TANDEM_ENGINE_OPTIONS:-}
