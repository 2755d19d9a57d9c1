#!/bin/sh
# Starts vLLM for Tandem. As in shared/settings.py, the name of the base model in the API is TANDEM_BASE_NAME,
# or else the last part of TANDEM_BASE_MODEL in lowercase. Arguments and TANDEM_ENGINE_OPTIONS are passed to vLLM.
set -eu
model=${TANDEM_BASE_MODEL:?Set it to the base model: a folder or a Hugging Face id.}
name=${TANDEM_BASE_NAME:-$(basename "$model" | tr '[:upper:]' '[:lower:]')}
# While vLLM loads a model, it may not react to SIGTERM. `timeout` passes the signal on to all its processes, and kills them 7 s later.
parser=${TANDEM_ENGINE_TOOL_CALL_PARSER-hermes}
[ -z "$parser" ] || tools="--enable-auto-tool-choice --tool-call-parser $parser"
# The default model's own chat template shows no tools.
case $model in */SmolLM2-135M-Instruct) tools="${tools:+$tools --chat-template /tools.jinja}" ;; esac
# While a model is trained on its GPU, the engine may sleep. vLLM has the endpoints for that only in its mode for development.
[ "${TRAINING_GPU_SHARING:-off}" != sleep ] || { export VLLM_SERVER_DEV_MODE=1; sleep=--enable-sleep-mode; }
# No quotes around the options: they are several words.
exec timeout --kill-after=7 0 \
    vllm serve "$model" --served-model-name "$name" --host 0.0.0.0 --port 8002 --enable-prefix-caching --disable-uvicorn-access-log --enable-tokenizer-info-endpoint \
    --enable-lora --max-lora-rank "$TANDEM_ENGINE_MAX_LORA_RANK" --max-loras "$TANDEM_ENGINE_MAX_LORAS" \
    --max-model-len "$TANDEM_ENGINE_MAX_MODEL_LEN" ${tools:-} ${sleep:-} "$@" ${TANDEM_ENGINE_OPTIONS:-}
