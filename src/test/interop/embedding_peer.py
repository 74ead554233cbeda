"""Tokens per second of PyTorch on the same checkpoint: usage embedding_peer.py CHECKPOINT BATCH REPEATS THREADS MODE [bfloat16]
MODE: all (every layer, as the released pipeline runs it), half (only the layers below the middle) or products (nothing but
the products with weights of these layers, the last but once for a window, at the rate of oneDNN). Prints the median."""
import sys
import time

import torch
from transformers import GPT2Model

checkpoint, batch, repeats, threads, mode = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
torch.set_num_threads(threads)
model = GPT2Model.from_pretrained(checkpoint).eval()
if "bfloat16" in map(str.lower, sys.argv[6:]):
    model = model.bfloat16()
middle = (model.config.n_layer + 1) // 2
if mode == "half":
    model.h = model.h[:middle]
    model.ln_f = torch.nn.Identity()
if mode == "products":
    width, dtype = model.config.n_embd, model.dtype
    sizes = [(width, 3 * width), (width, width), (width, 4 * width), (4 * width, width)] * middle
    rows = [(torch.randn(2048, i).to(dtype), torch.randn(o, i).to(dtype)) for i, o in sizes[:-1]]
    rows = [(x, torch.ops.mkldnn._reorder_linear_weight(w, None)) for x, w in rows]
    seconds = []
    with torch.inference_mode():
        for _ in range(4 * repeats + 1):
            start = time.perf_counter()
            for x, w in rows:
                torch.ops.mkldnn._linear_pointwise(x, w, None, "none", [], "")
            seconds.append(time.perf_counter() - start)
    print(f"{2048 / sorted(seconds[1:])[2 * repeats]:.0f}")
    sys.exit()
torch.manual_seed(0)
ids = torch.randint(0, model.config.vocab_size, (batch, 512))
mask = torch.ones_like(ids)
seconds = []
with torch.no_grad():
    for _ in range(repeats + 1):
        start = time.perf_counter()
        if mode == "half":
            model(input_ids=ids, use_cache=False).last_hidden_state.mean(1)
        else:
            model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states[middle].mean(1)
        seconds.append(time.perf_counter() - start)
seconds = sorted(seconds[1:])
print(f"{batch * 512 / seconds[len(seconds) // 2]:.0f}")
