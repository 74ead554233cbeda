"""Perplexity by domain of a trial's model on the held-out windows, with transformers; and the bytes of the windows."""

import json
import math
import sys
from collections import defaultdict

import pyarrow.parquet as pq
import torch
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

run, trial = sys.argv[1:]
directory = f"{run}/evaluation/models/{trial}"
model = GPT2LMHeadModel.from_pretrained(directory).eval()
tokenizer = Tokenizer.from_file(f"{directory}/tokenizer.json")
nats, tokens, own, decoded = defaultdict(float), defaultdict(int), defaultdict(int), defaultdict(int)
for window in pq.read_table(f"{run}/evaluation/held-out").to_pylist():
    ids = torch.tensor([window["ids"]])
    with torch.no_grad():
        logits = model(ids[:, :-1]).logits[0].double()
    domain = window["domain"]
    nats[domain] += torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="sum").item()
    tokens[domain] += ids.shape[1] - 1
    own[domain] += window["bytes"]
    decoded[domain] += len(tokenizer.decode(window["ids"][1:], skip_special_tokens=False).encode())
print(
    json.dumps(
        {
            domain: {
                "perplexity": math.exp(nats[domain] / tokens[domain]),
                "tokens": tokens[domain],
                "bytes": own[domain],
                "decoded": decoded[domain],
            }
            for domain in sorted(tokens)
        }
    )
)
