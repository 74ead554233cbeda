"""What transformers makes of a trained proxy: usage check_proxy.py RUN. Prints one JSON object:
perplexity of the sampled windows, largest difference of 20 middle-layer embeddings, and how many windows are not
what its tokenizer makes of the document they start in."""
import json
import math
import sys

import pyarrow.parquet as pq
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

run = sys.argv[1]
model = AutoModelForCausalLM.from_pretrained(run + "/proxy").eval()
tokenizer = AutoTokenizer.from_pretrained(run + "/proxy")
windows = pq.read_table(run + "/sample/windows").to_pylist()
samples = {(r["domain"], r["window"]): r["embedding"] for r in pq.read_table(run + "/embedding/samples").to_pylist()}
middle = (model.config.n_layer + 1) // 2

loss, tokens, worst, wrong, files = 0.0, 0, 0.0, 0, {}
with torch.no_grad():
    for i, window in enumerate(windows):
        ids = torch.tensor([window["ids"]])
        out = model(input_ids=ids, labels=ids, output_hidden_states=True)
        loss += out.loss.item() * (ids.shape[1] - 1)
        tokens += ids.shape[1] - 1
        if i < 20:
            mean = out.hidden_states[middle][0].mean(0)
            ours = torch.tensor(samples[window["domain"], window["window"]])
            worst = max(worst, (mean - ours).abs().max().item())
        file = window["file"].replace("file:", "")
        if file not in files:
            files[file] = pq.read_table(file, columns=["text"])["text"].to_pylist()
        document = tokenizer.encode(files[file][window["row"]], add_special_tokens=False)[window["offset"]:]
        n = min(len(document), len(window["ids"]))
        wrong += document[:n] != window["ids"][:n] or n == 0
print(json.dumps({"perplexity": math.exp(loss / tokens), "worst": worst, "wrong": wrong, "windows": len(windows)}))
