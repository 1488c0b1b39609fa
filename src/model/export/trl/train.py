"""On-policy self-distillation under a constitution, with TRL's SDFT trainer and the settings of a run of COPSD Lab.

    accelerate launch --config_file accelerate.yaml train.py

Everything that belongs to the run is in settings.json and train.jsonl; README.md says what is the same as in the lab and what is not.
"""

import argparse
import hashlib
import json
import math
import os
from contextlib import nullcontext
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig, set_peft_model_state_dict
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast
from trl.experimental.sdft import SDFTConfig, SDFTTrainer
from trl.experimental.sdft.loss_utils import add_tail_bucket, compute_divergence
from trl.experimental.sdft.sdft_trainer import DemonstrationTeacherContextBuilder
from trl.experimental.sdft.teacher_sync import PEFTAdapterEMACallback

HERE = Path(__file__).resolve().parent


def under(messages, rules):
    """The teacher's conversation: the rules are its system message, before a system message that it has."""
    own = messages[0]["content"] if messages[0]["role"] == "system" else ""
    rest = messages[1:] if own else messages
    text = "\n\n".join(part for part in (rules, own) if part.strip())
    return [{"role": "system", "content": text}, *rest] if text else rest


def without_system(messages):
    """The same for templates that know no system role: its text stands before the user's first."""
    if messages[0]["role"] != "system":
        return messages
    system, first, *rest = messages
    return [{**first, "content": f"{system['content']}\n\n{first['content']}"}, *rest]


class Prompts:
    """Writes conversations by the model's chat template, and holds them to the lab's tokens."""

    def __init__(self, tokenizer, template_arguments):
        self.tokenizer = tokenizer
        self.template_arguments = template_arguments
        self.knows_system = self._knows_system()

    def _knows_system(self):
        try:
            conversation = [{"role": "system", "content": "Zq7rules"}, {"role": "user", "content": "question"}]
            text = self.tokenizer.apply_chat_template(conversation, tokenize=False, add_generation_prompt=True)
        except Exception:  # Templates refuse roles by an exception of their own.
            return False
        return "Zq7rules" in text

    def student(self, messages):
        return under(messages, "") if self.knows_system else without_system(under(messages, ""))

    def teacher(self, messages, rules):
        return under(messages, rules) if self.knows_system else without_system(under(messages, rules))

    def digest(self, messages):
        """Of the tokens of a prompt, as the lab writes it beside each query."""
        encoded = self.tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, tokenize=True, return_dict=True, **self.template_arguments
        )
        return hashlib.sha256(",".join(map(str, encoded["input_ids"])).encode()).hexdigest()[:16]

    def check(self, rows):
        """Other tokens than the lab's would be another experiment; a control token in a text, which the lab takes as text, a dangerous one."""
        controls = [str(token) for token in self.tokenizer.added_tokens_decoder.values() if token.special]
        for number, row in enumerate(rows, 1):
            prompt, rules = row["prompt"], row["privileged_context"]
            found = [self.digest(self.student(prompt)), self.digest(self.teacher(prompt, rules))]
            if found == [row["prompt_sha256"], row["teacher_sha256"]]:
                continue
            texts = [rules, *(message["content"] for message in prompt)]
            control = next((token for token in controls if any(token in text for text in texts)), None)
            if control:
                raise SystemExit(f"train.jsonl, line {number}: a text contains the control token {control}; take the line out.")
            raise SystemExit(
                f"train.jsonl, line {number}: the prompts have other tokens here than in the lab: "
                "model, tokenizer or template are not the run's."
            )


class ConstitutionContext(DemonstrationTeacherContextBuilder):
    """The constitution as system message, where SDFT has a demonstration in the user's text."""

    def _compose_teacher_prompt(self, prompt, privileged_context):
        return self.trainer.prompts.teacher(prompt, privileged_context)


class ConstitutionTrainer(SDFTTrainer):
    """SDFT with the lab's context, teacher, loss (the mean over all response tokens, over any top-k support, clipped by token) and AdamW."""

    def __init__(self, *args, settings, prompts, teacher_folder, **kwargs):
        self.settings = settings
        self.prompts = prompts
        self.teacher_folder = teacher_folder
        super().__init__(*args, **kwargs)
        self.teacher_context_builder = ConstitutionContext(self)
        # Both models' logits are divided by this one; rollouts have the other.
        self.temperature = settings["divergence"]["temperature"]

    def _tokenize_prompts(self, prompts):
        return super()._tokenize_prompts([self.prompts.student(prompt) for prompt in prompts])

    def _setup_teacher_model(self):
        self._draw_adapter()
        if self.teacher_folder is not None:
            teacher = AutoModelForCausalLM.from_pretrained(self.teacher_folder, dtype=self.model.dtype)
            self.teacher_model = self.accelerator.prepare_model(teacher.requires_grad_(False).eval(), evaluation_mode=True)
            return
        super()._setup_teacher_model()
        for callback in self.callback_handler.callbacks:
            if isinstance(callback, PEFTAdapterEMACallback):
                self._start_equal(callback)

    def _draw_adapter(self):
        """A ~ N(0, 1/in), where PEFT draws it with a third of that variance; B is 0."""
        with torch.no_grad():
            for name, matrix in self.model.named_parameters():
                if ".lora_A." in name:
                    matrix.normal_(std=matrix.shape[1] ** -0.5)

    def _start_equal(self, callback):
        """A teacher that follows the student starts as its copy, where TRL starts the average of an adapter at zero."""
        callback._initialize_teacher_adapter()
        callback.shadow_weights = {name: value.clone() for name, value in callback._get_student_state_dict().items()}
        set_peft_model_state_dict(self.model, callback.shadow_weights, adapter_name=callback.teacher_adapter_name)

    def create_scheduler(self, num_training_steps, optimizer=None):
        """Step k (from 0) of n has peak · min(1, (k + 1) / warm-up) · decay."""
        if self.lr_scheduler is None:
            schedule = self.settings["optimizer"]["schedule"]
            warmup = self.settings["optimizer"]["warmup_steps"]
            total = self.settings["steps"]

            def factor(step):
                done = min(1, step / total)
                decay = {"constant": 1, "linear": 1 - done, "cosine": (1 + math.cos(math.pi * done)) / 2}[schedule]
                return min(1, (step + 1) / max(1, warmup)) * decay

            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer or self.optimizer, factor)
        return self.lr_scheduler

    def get_decay_parameter_names(self, model):
        """The lab's weight decay spares nothing."""
        return [name for name, _ in model.named_parameters()]

    def _get_teacher_context_for_self_distillation(self):
        return super()._get_teacher_context_for_self_distillation() if self.teacher_folder is None else nullcontext()

    def _compute_self_distillation_loss(self, model, inputs, distillation_logits):
        alpha, top_k, clip = (self.settings["divergence"][name] for name in ("alpha", "top_k", "token_clip"))
        student = distillation_logits.student_logits.float().log_softmax(-1)
        teacher = distillation_logits.teacher_logits.float().log_softmax(-1)
        if 0 < top_k < student.size(-1):
            teacher, likely = teacher.topk(top_k)
            student = add_tail_bucket(student.gather(-1, likely))
            teacher = add_tail_bucket(teacher)
        loss = compute_divergence(student, teacher, alpha)
        if clip > 0:
            loss = loss.clamp(max=clip)
        mask = distillation_logits.loss_mask
        # Processes are averaged afterwards: each counts by its share of all their tokens.
        tokens = self.accelerator.gather(mask.sum()).float().mean().clamp(min=1)
        loss = (loss * mask).sum() / tokens
        mean = self.accelerator.gather(loss.detach()).mean().item()
        self._log_self_distillation_metric("train" if model.training else "eval", mean)
        return loss


def read_model(settings, given):
    """Where the student comes from: the command line, the folder of this project, or the hub."""
    model = settings["model"]
    if given:
        return given, {}
    if model is None:
        raise SystemExit("The run's model is on the disk of whoever made it: name its folder, --model FOLDER.")
    if "folder" in model:
        return str(HERE / model["folder"]), {}
    return model["hub"], {"revision": model["revision"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="folder or name of the model, in place of the run's")
    parser.add_argument("--steps", type=int, help="optimiser steps, in place of the run's")
    parser.add_argument("--accumulate", type=int, default=1, help="parts that a process's share of a step is computed in")
    parser.add_argument("--bf16", action="store_true", help="computes in bfloat16; the lab computes in float32")
    parser.add_argument("--vllm", action="store_true", help="samples rollouts with vLLM, which must be installed")
    parser.add_argument("--output", default=str(HERE / "output"), help="folder of the trained adapter or model")
    chosen = parser.parse_args()

    settings = json.loads((HERE / "settings.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (HERE / "train.jsonl").read_text(encoding="utf-8").split("\n") if line]
    rollouts, sampling, optimizer, teacher = (settings[name] for name in ("rollouts", "sampling", "optimizer", "teacher"))
    source, revision = read_model(settings, chosen.model)
    # tokenizer.json as it is: AutoTokenizer builds some families' anew, with other tokens after a control token.
    tokenizer = PreTrainedTokenizerFast.from_pretrained(source, padding_side="left", truncation_side="left", **revision)
    # Templates that write the day are told the lab's.
    template_arguments = {"enable_thinking": settings["thinking"], "date_string": "26 Jul 2024"}
    prompts = Prompts(tokenizer, template_arguments)
    prompts.check(rows)
    queries = [{name: row[name] for name in ("prompt", "privileged_context")} for row in rows]

    answers = rollouts["queries"] * rollouts["per_query"]
    processes = int(os.environ.get("WORLD_SIZE", 1))
    if answers % (processes * chosen.accumulate) != 0:
        raise SystemExit(f"{answers} answers a step do not divide among {processes} processes × {chosen.accumulate} parts.")
    config = SDFTConfig(
        output_dir=chosen.output,
        seed=settings["seed"],
        max_steps=chosen.steps or settings["steps"],
        # TRL's own losses are replaced by the trainer above; this one takes no importance weights.
        distillation_mode="full_logits",
        distillation_alpha=settings["divergence"]["alpha"],
        distillation_is_clip=None,
        num_loss_tokens_to_skip=settings["skip_first"],
        teacher_model_kind=teacher["kind"],
        teacher_update_rate=teacher["update_rate"],
        teacher_sync_steps=teacher["sync_steps"],
        num_generations=rollouts["per_query"],
        max_completion_length=rollouts["max_new_tokens"],
        max_prompt_length=None,
        model_init_kwargs=revision or None,
        shuffle_dataset=False,
        chat_template_kwargs=template_arguments,
        use_vllm=chosen.vllm,
        temperature=sampling["temperature"],
        top_p=sampling["top_p"],
        top_k=sampling["top_k"],
        per_device_train_batch_size=answers // (processes * chosen.accumulate),
        gradient_accumulation_steps=chosen.accumulate,
        learning_rate=optimizer["learning_rate"],
        adam_beta1=optimizer["beta1"],
        adam_beta2=optimizer["beta2"],
        adam_epsilon=optimizer["epsilon"],
        weight_decay=optimizer["weight_decay"],
        max_grad_norm=optimizer["clip_norm"],
        bf16=chosen.bf16,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
    )
    lora = settings["lora"]
    # What is trained stays in float32.
    dtype = torch.bfloat16 if chosen.bf16 and lora else torch.float32
    model = AutoModelForCausalLM.from_pretrained(source, dtype=dtype, **revision)
    model.generation_config.eos_token_id = settings["end_of_turn"]
    trainer = ConstitutionTrainer(
        model=model,
        args=config,
        train_dataset=Dataset.from_list(queries),
        processing_class=tokenizer,
        peft_config=LoraConfig(task_type="CAUSAL_LM", lora_dropout=0.0, bias="none", **lora) if lora else None,
        settings=settings,
        prompts=prompts,
        teacher_folder=str(HERE / teacher["folder"]) if teacher["folder"] else None,
    )
    trainer.train()
    trainer.save_model(chosen.output)
    tokenizer.save_pretrained(chosen.output)


if __name__ == "__main__":
    main()
