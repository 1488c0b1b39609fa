"""Goldens of the generalised Jensen-Shannon divergence, by TRL's own generalized_jsd_loss.

    pip install torch trl==1.16.0
    python tools/goldens/jsd.py src/testing/golden/trl-jsd

cases.json     version of TRL; batches: shape [sequences, tokens, vocab], labels (-100 where a token does not count; null for a call
               without labels), student and teacher logits; cases: arguments of a call, its loss, and the row sums of the same call
               with reduction "none", one for each token that counts
gradients.bin  gradients of the losses in the student's logits, float64, little-endian, one after the other in the order of cases

Everything is computed in float64. Logits are multiples of 2^-10, so that float32 holds them exactly.
"""

import json
import sys
from itertools import product
from pathlib import Path

import torch
import trl
from trl.experimental.gkd import GKDTrainer

BETAS = [0.0, 0.1, 0.5, 0.9, 1.0]
TEMPERATURES = [1.0, 0.7, 2.0]
DEFAULT = dict(reduction="batchmean", num_items_in_batch=None)
REDUCTIONS = [
    dict(reduction="sum", num_items_in_batch=None),
    dict(reduction="mean", num_items_in_batch=None),
    dict(reduction="batchmean", num_items_in_batch=7),
]


def logits(shape):
    """Sequences of different sharpness: the last is nearly certain of its tokens."""
    sharpness = torch.linspace(1.5, 6, shape[0] * shape[1]).reshape(*shape[:2], 1)
    return (torch.randn(shape) * sharpness * 1024).round().double() / 1024


def batch(shape, labels):
    return dict(shape=shape, labels=labels, student=logits(shape), teacher=logits(shape))


def call(rows, beta, temperature, reduction):
    student = rows["student"].clone().requires_grad_()
    labels = None if rows["labels"] is None else torch.tensor(rows["labels"])
    given = dict(student_logits=student, teacher_logits=rows["teacher"], labels=labels, beta=beta, temperature=temperature)
    loss = GKDTrainer.generalized_jsd_loss(**given, **reduction)
    loss.backward()
    with torch.no_grad():
        terms = GKDTrainer.generalized_jsd_loss(**given, reduction="none")
    return loss.item(), terms.reshape(-1, terms.shape[-1]).sum(-1).tolist(), student.grad


if __name__ == "__main__":
    torch.manual_seed(306)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    batches = [batch([2, 4, 37], [[-100, 5, 36, 2], [-100, -100, 11, 2]]), batch([1, 3, 132], None)]
    plans = [(beta, temperature, DEFAULT) for beta, temperature in product(BETAS, TEMPERATURES)]
    plans += [(0.1, 0.7, reduction) for reduction in REDUCTIONS]
    cases, gradients = [], []
    for (index, rows), (beta, temperature, reduction) in product(enumerate(batches), plans):
        loss, row_losses, gradient = call(rows, beta, temperature, reduction)
        cases.append(dict(batch=index, beta=beta, temperature=temperature, **reduction, loss=loss, rows=row_losses))
        gradients.append(gradient.numpy().astype("<f8").tobytes())
    for rows in batches:
        for side in ("student", "teacher"):
            rows[side] = rows[side].flatten().tolist()
    (folder / "cases.json").write_text(json.dumps(dict(trl=trl.__version__, batches=batches, cases=cases)) + "\n")
    (folder / "gradients.bin").write_bytes(b"".join(gradients))
    print(f"{len(cases)} cases of TRL {trl.__version__}")
