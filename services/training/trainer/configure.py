"""What TRL's trainer is set up with: the model, the LoRA configuration, the training arguments."""

from pathlib import Path

import peft.utils.transformers_weight_conversion
import torch
import trl.trainer.utils
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, PreTrainedModel, set_seed
from trl.trainer.sft_config import SFTConfig

from services.training.planning.execution import Execution
from services.training.planning.plan import Plan

# The names of transformers, by ours. Its `constant` has no warm-up.
SCHEDULERS = {"linear": "linear", "cosine": "cosine", "constant": "constant_with_warmup"}


def load_model(base: Path, bf16: bool, load_in_4bit: bool = False) -> PreTrainedModel:
    """Load the base model in the precision of the training, bf16 or fp32.

    With `load_in_4bit`, the weights of its linear layers are quantized, except those of the output layer: to 4 bits (NF4), and the
    constant of each block of 64 weights to 8 (double quantization; Dettmers et al. 2023, arXiv:2305.14314, section 3).
    """
    dtype = torch.bfloat16 if bf16 else torch.float32
    options = {"quantization_config": _quantize(dtype)} if load_in_4bit else {}
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(base, dtype=dtype, **options)
    return model


def _quantize(dtype: torch.dtype) -> BitsAndBytesConfig:
    """Return how the weights are quantized, and in which precision products with them are computed."""
    return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=dtype
    )


def adapt(base: PreTrainedModel, start: Path, plan: Plan) -> PeftModel:
    """Return the base model with the adapter that is trained, in fp32: the one in the folder `start` if it exists, or a new one.

    The adapter stays in fp32 also if the base model is in 4 bits. TRL would round it to bf16, in which small steps are lost, and with them
    the weights of an adapter whose training is continued.
    """
    _adapt_linear_layers_only()
    if start.exists():
        adapted = _load_start(base, start, plan)
    else:
        set_seed(plan.seed)
        adapted = get_peft_model(base, _build_lora_config(plan))
    adapted.is_loaded_in_4bit = False  # type: ignore[assignment]  # TRL asks the adapted model, and all others the base model
    return adapted


def _adapt_linear_layers_only() -> None:
    """Make PEFT adapt only linear layers in models with experts.

    By default, PEFT applies `all-linear`, and names such as `gate_proj`, also to the experts and routers that were linear layers in
    transformers 4. The engine cannot load such an adapter.
    """
    convert = "convert_peft_config_for_transformers"
    setattr(peft.utils.transformers_weight_conversion, convert, lambda *_, **__: None)


def _load_start(base: PreTrainedModel, start: Path, plan: Plan) -> PeftModel:
    """Return the base model with the adapter in the folder `start`, whose training is continued. Only its dropout may be another."""
    config = LoraConfig.from_pretrained(str(start))
    config.lora_dropout = plan.shape.dropout
    return PeftModel.from_pretrained(base, start, is_trainable=True, config=config)


def _build_lora_config(plan: Plan) -> LoraConfig:
    """Return the configuration of the adapter."""
    shape = plan.shape
    return LoraConfig(
        r=shape.rank,
        lora_alpha=shape.alpha,  # type: ignore[arg-type]  # PEFT accepts any number
        lora_dropout=shape.dropout,
        use_rslora=shape.use_rslora,
        target_modules=shape.target_modules if isinstance(shape.target_modules, str) else list(shape.target_modules),
        task_type="CAUSAL_LM",
    )


def build_arguments(plan: Plan, execution: Execution, checkpoints: Path) -> SFTConfig:
    """Return the training arguments; `checkpoints` is the folder that checkpoints are written to."""
    return SFTConfig(
        output_dir=str(checkpoints),
        num_train_epochs=plan.epochs,
        per_device_train_batch_size=plan.batch_size if plan.packing else execution.micro_batch,  # packed into rows later
        per_device_eval_batch_size=execution.micro_batch,
        gradient_accumulation_steps=1 if plan.packing else plan.batch_size // execution.micro_batch,
        gradient_checkpointing=execution.recompute,
        learning_rate=plan.learning_rate,
        lr_scheduler_type=SCHEDULERS[plan.scheduler],
        weight_decay=plan.weight_decay,
        warmup_steps=plan.warmup_steps,
        optim="adamw_torch_fused",
        seed=plan.seed,
        bf16=execution.bf16,
        use_cpu=not torch.cuda.is_available(),  # otherwise bf16 is refused without a GPU
        max_length=None,  # examples are truncated already, with a warning
        dataset_kwargs={"skip_prepare_dataset": True},
        dataloader_pin_memory=torch.cuda.is_available(),
        ddp_find_unused_parameters=False,  # each layer that has an adapter is used
        # At the last step of each epoch. With "epoch", a checkpoint of this step would come before the validation, and lack its result.
        eval_strategy="steps" if plan.validation else "no",
        eval_steps=plan.steps_per_epoch,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="no",  # `CheckpointCallback` requests checkpoints by the clock
        save_total_limit=2,  # the older one is deleted before the newer one is marked as complete
        disable_tqdm=True,
        report_to="none",
    )


def project_labels_only() -> None:
    """Make TRL's fused LM head project only positions that carry a label, on a CPU too.

    TRL does this itself if Triton runs. Otherwise it projects the whole prompt onto the vocabulary (a fifth of all the work) and
    multiplies the result by zero. The loss is the same.
    """
    setattr(trl.trainer.utils, "_use_triton", lambda _device: True)  # noqa: B010  it is private, and TRL's version is pinned
