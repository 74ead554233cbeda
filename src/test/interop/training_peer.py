"""Tokens per second of a plain PyTorch loop that trains a GPT-2: BATCH LENGTH LAYERS WIDTH VOCABULARY STEPS THREADS
PRECISION. Prints the median."""
import statistics
import sys
import time

import torch
from transformers import GPT2Config, GPT2LMHeadModel

batch, length, layers, width, vocabulary, steps, threads = map(int, sys.argv[1:8])
torch.set_num_threads(threads)
torch.manual_seed(1)
sizes = GPT2Config(
    n_layer=layers, n_embd=width, n_head=width // 64, n_positions=length, vocab_size=vocabulary,
    embd_pdrop=0, attn_pdrop=0, resid_pdrop=0, bos_token_id=0, eos_token_id=0)
model = GPT2LMHeadModel(sizes).train()
adam = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1)
times = []
for _ in range(steps):
    ids = torch.randint(vocabulary, (batch, length))
    begun = time.perf_counter()
    adam.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=sys.argv[8] == "BFLOAT16"):
        loss = model(ids, labels=ids).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
    adam.step()
    times.append(time.perf_counter() - begun)
print(f"{batch * length / statistics.median(times[2:]):.0f}")
