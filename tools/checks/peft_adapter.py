"""Loads an exported adapter in PEFT, unchanged, and compares its logits with the engine's.

    pip install torch transformers peft
    node tools/run.mjs --gpu tools/checks/adapter-logits.ts MODEL ADAPTER logits.json
    python tools/checks/peft_adapter.py MODEL ADAPTER logits.json
"""

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

TOLERANCE = 1e-3


def main():
    model, adapter, logits = sys.argv[1:4]
    engine = json.loads(Path(logits).read_text())
    ids = torch.tensor(engine["ids"])
    found = torch.tensor(engine["logits"], dtype=torch.float64).view(*ids.shape, engine["vocab"])
    base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float64)
    with torch.no_grad():
        plain = base(ids).logits
        wanted = PeftModel.from_pretrained(base, adapter)(ids).logits
    error = (found - wanted).abs().max().item()
    effect = (wanted - plain).abs().max().item()
    print(f"largest difference of a logit {error:.2e}; the adapter moves logits by up to {effect:.2f}")
    if error > TOLERANCE or effect < 10 * TOLERANCE:
        raise SystemExit("the engine and PEFT do not agree, or the adapter does nothing")


if __name__ == "__main__":
    main()
