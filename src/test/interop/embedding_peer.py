"""Tokens per second of PyTorch on the same checkpoint: usage embedding_peer.py CHECKPOINT BATCH REPEATS THREADS MODE [bfloat16]
MODE: all (every layer, as the released pipeline runs it) or half (only the layers below the middle). Prints the median."""
import sys
import time

import torch
from transformers import GPT2Model

checkpoint, batch, repeats, threads, mode = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
torch.set_num_threads(threads)
model = GPT2Model.from_pretrained(checkpoint).eval()
if "bfloat16" in sys.argv[6:]:
    model = model.bfloat16()
middle = (model.config.n_layer + 1) // 2
if mode == "half":
    model.h = model.h[:middle]
    model.ln_f = torch.nn.Identity()
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
