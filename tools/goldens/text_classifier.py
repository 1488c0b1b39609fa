"""Golden of a text classifier, by PyTorch and Hugging Face transformers.

    pip install torch transformers tokenizers onnx onnxscript
    python tools/goldens/text_classifier.py src/testing/golden/text-classifier

A tiny BERT with random weights and three labels in the layout that transformers.js reads: config.json, tokenizer.json,
tokenizer_config.json, onnx/model.onnx (float32, batch and length open). Written beside them:

cases.json  texts; the token ids of each with the special tokens, at most 32; logits of each text alone, without padding, in float64;
            their softmax (one label a text) and sigmoid (any number of labels)
"""

import json
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from transformers import BertConfig, BertForSequenceClassification

LABELS = ["safe", "unsafe", "controversial"]
POSITIONS = 32
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = """i you can cannot help with that this is how to make a bread bomb knife dough first mix the flour then water and bake
it hot sorry but never hurt anyone please call for instead sure here steps . , ! ? ' ##s ##ing ##ed ##t""".split()
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
VOCABULARY = [*SPECIAL, *LETTERS, *[f"##{letter}" for letter in LETTERS], *WORDS]

TEXTS = [
    "Sorry, but I cannot help with that.",
    "Sure! First, mix the flour and the water, then bake it hot.",
    "Here is how to make a bomb: …",
    "I can't.",
    "",
    "a",
    "Xylophones, naïve café and 你好!",
    "This text is longer than the model reads, so that only its first tokens count: " + "mix the dough and bake it, " * 8,
]


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False) + "\n")


def make_tokenizer():
    ids = {token: index for index, token in enumerate(dict.fromkeys(VOCABULARY))}
    tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    return tokenizer


def make_model(vocabulary):
    torch.manual_seed(11)
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40,
        max_position_embeddings=POSITIONS, initializer_range=0.4, pad_token_id=0,
        id2label=dict(enumerate(LABELS)), label2id={label: index for index, label in enumerate(LABELS)},
        attn_implementation="eager",
    )
    return BertForSequenceClassification(config).eval()


class Logits(torch.nn.Module):
    """The classifier with the inputs in the order of their names, and nothing but its logits."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        inputs = dict(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        return self.model(**inputs).logits


def export(model, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    example = (torch.full((2, 7), 5), torch.ones(2, 7, dtype=torch.long), torch.zeros(2, 7, dtype=torch.long))
    batch, length = torch.export.Dim("batch", max=1024), torch.export.Dim("length", max=POSITIONS)
    program = torch.onnx.export(
        Logits(model), example, input_names=names, output_names=["logits"], opset_version=18,
        dynamic_shapes=[{0: batch, 1: length}] * 3, dynamo=True, verbose=False,
    )
    graph = program.model_proto
    for node in graph.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in [*graph.graph.value_info, *graph.graph.input, *graph.graph.output]:
        del value.metadata_props[:]
    del graph.graph.value_info[:], graph.graph.metadata_props[:]
    path.write_bytes(graph.SerializeToString())


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer()
    model = make_model(tokenizer.get_vocab_size())
    write_json(out / "config.json", {**model.config.to_diff_dict(), "architectures": ["BertForSequenceClassification"]})
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    write_json(out / "tokenizer_config.json", {
        "tokenizer_class": "BertTokenizer", "model_max_length": POSITIONS,
        "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]",
    })
    export(model, out / "onnx" / "model.onnx")

    tokenizer.enable_truncation(POSITIONS)
    exact = model.double()
    cases = []
    for text in TEXTS:
        ids = tokenizer.encode(text).ids
        with torch.no_grad():
            logits = exact(input_ids=torch.tensor([ids])).logits[0]
        figures = dict(logits=logits, softmax=logits.softmax(-1), sigmoid=logits.sigmoid())
        cases.append({"text": text, "ids": ids, **{name: value.tolist() for name, value in figures.items()}})
    write_json(out / "cases.json", cases)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
