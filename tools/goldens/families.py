"""Goldens of the model families, by PyTorch and Hugging Face transformers.

    pip install torch transformers peft safetensors
    python tools/goldens/families.py src/testing/golden/families

For each family a tiny random decoder in Hugging Face's layout: config.json as transformers writes it and weights in bfloat16, which
are then read as float64. Written beside them:

cases.json           token ids of two student and teacher sequences that end in a common response; the losses; rank and alpha
results.safetensors  logits [tokens, vocab] of both student sequences, one after the other, without the adapter
                     gradients of every vector (biases and gains) of the loss of the bare model
                     matrices of a LoRA adapter, B not zero, and the gradients of its loss

Both losses are the mean over the response tokens of KL(student || teacher) in nats; the teacher is the bare model with a longer
prompt, and constant. Sequences are run one at a time, so nothing is padded. transformers computes norms, angles and softmax in
float32 whatever the type of the weights.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, LlamaConfig, Qwen2Config, Qwen3Config

RANK, ALPHA = 4, 6
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
COMMON = dict(vocab_size=97, num_hidden_layers=2, max_position_embeddings=64, eos_token_id=2, bos_token_id=1, pad_token_id=0)

FAMILIES = {
    "llama-tied": LlamaConfig(
        hidden_size=42, num_attention_heads=3, num_key_value_heads=1, head_dim=14, intermediate_size=61,
        tie_word_embeddings=True, rms_norm_eps=1e-5, **COMMON,
    ),
    "llama-bias": LlamaConfig(
        hidden_size=48, num_attention_heads=4, num_key_value_heads=2, head_dim=10, intermediate_size=58,
        attention_bias=True, tie_word_embeddings=False, **COMMON,
    ),
    # Of its seven frequencies the first stays, the second is interpolated and the others are divided.
    "llama3-scaled": LlamaConfig(
        hidden_size=40, num_attention_heads=4, num_key_value_heads=2, head_dim=14, intermediate_size=52, tie_word_embeddings=True,
        rope_parameters=dict(
            rope_type="llama3", rope_theta=10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
            original_max_position_embeddings=32,
        ),
        **COMMON | dict(eos_token_id=[2, 5, 7], pad_token_id=None),
    ),
    "qwen2-tied": Qwen2Config(
        hidden_size=40, num_attention_heads=4, num_key_value_heads=2, intermediate_size=57, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="default", rope_theta=1000000.0), **COMMON,
    ),
    "qwen2-untied": Qwen2Config(
        hidden_size=42, num_attention_heads=7, num_key_value_heads=1, intermediate_size=50, tie_word_embeddings=False, **COMMON,
    ),
    "qwen3-tied": Qwen3Config(
        hidden_size=45, num_attention_heads=6, num_key_value_heads=2, head_dim=8, intermediate_size=51, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="default", rope_theta=1000000.0), **COMMON,
    ),
    "qwen3-untied": Qwen3Config(
        hidden_size=36, num_attention_heads=2, num_key_value_heads=2, head_dim=22, intermediate_size=49, tie_word_embeddings=False,
        **COMMON,
    ),
}


def randomise(model):
    """Weights for which every part of the model matters: gains about 1, biases of some size, opinions that differ."""
    for name, parameter in model.named_parameters():
        size = 0.4 if "embed_tokens" in name else parameter.shape[-1] ** -0.5
        if name.endswith(".bias"):
            size = 0.4
        values = size * torch.randn(parameter.shape, dtype=torch.float64)
        if name.endswith("norm.weight"):
            values = 1 + 0.3 * torch.randn(parameter.shape, dtype=torch.float64)
        if name == "lm_head.weight":
            values *= 2
        parameter.data.copy_(values)


def logits_of(model, ids):
    return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]


def sequences(vocab):
    """Prompts of student and teacher, of different lengths, and the response to both."""
    def tokens(count):
        return torch.randint(vocab, (count,)).tolist()

    rows = []
    for shared, context, length in [(5, 8, 7), (3, 2, 4)]:
        prompt, response = tokens(shared), tokens(length)
        rows.append((prompt, tokens(context) + prompt, response))
    return rows


def mean_reverse_kl(student, teacher, rows):
    """teacher(ids) and student(ids) give logits; the last of a response predicts nothing."""
    losses = []
    for prompt, instructed, response in rows:
        p = student(prompt + response)[len(prompt) - 1 : -1].log_softmax(-1)
        with torch.no_grad():
            q = teacher(instructed + response)[len(instructed) - 1 : -1].log_softmax(-1)
        losses.append((p.exp() * (p - q)).sum(-1))
    return torch.cat(losses).mean()


def write(folder, config, seed):
    torch.manual_seed(seed)
    drawn = AutoModelForCausalLM.from_config(config)
    randomise(drawn)
    drawn.to(torch.bfloat16).save_pretrained(folder)
    for extra in folder.glob("generation_config.json"):
        extra.unlink()

    def load():
        return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()

    bare = load()
    rows = sequences(config.vocab_size)

    def teacher(ids):
        return logits_of(bare, ids)

    results = {"logits": torch.cat([teacher(prompt + response) for prompt, _, response in rows]).detach()}

    loss = mean_reverse_kl(teacher, teacher, rows)
    loss.backward()
    for name, parameter in bare.named_parameters():
        if parameter.dim() == 1:
            results[f"gradient.{name}"] = parameter.grad

    options = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, bias="none", lora_dropout=0.0)
    adapted = get_peft_model(load(), options)
    matrices = {
        name.replace(".default", ""): parameter for name, parameter in adapted.named_parameters() if parameter.requires_grad
    }
    for name, matrix in matrices.items():
        size = matrix.shape[1] ** -0.5 if "lora_A" in name else 0.15
        # As float32 holds them, so that what is written is what was used.
        matrix.data = (size * torch.randn(matrix.shape)).double()
    lora_loss = mean_reverse_kl(lambda ids: logits_of(adapted, ids), teacher, rows)
    lora_loss.backward()
    for name, matrix in matrices.items():
        results[f"adapter.{name}"] = matrix.data
        results[f"gradient.{name}"] = matrix.grad

    save_file({name: tensor.float().contiguous() for name, tensor in results.items()}, folder / "results.safetensors")
    cases = {
        "student": [prompt + response for prompt, _, response in rows],
        "teacher": [instructed + response for _, instructed, response in rows],
        "response": [response for _, _, response in rows],
        "loss": loss.item(),
        "adapter": {"rank": RANK, "alpha": ALPHA, "loss": lora_loss.item()},
    }
    (folder / "cases.json").write_text(json.dumps(cases) + "\n")
    print(f"{folder.name}: loss {loss.item():.6f}, with the adapter {lora_loss.item():.6f}")


if __name__ == "__main__":
    for index, (name, shape) in enumerate(FAMILIES.items()):
        target = Path(sys.argv[1]) / name
        target.mkdir(parents=True, exist_ok=True)
        write(target, shape, seed=100 + index)
