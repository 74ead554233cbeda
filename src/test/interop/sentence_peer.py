"""Sentences per second of sentence-transformers with batches of 64: DIRECTORY TEXTS REPEATS THREADS. Prints the median."""
import json
import statistics
import sys
import time

import torch
from sentence_transformers import SentenceTransformer

torch.set_num_threads(int(sys.argv[4]))
encoder = SentenceTransformer(sys.argv[1], device="cpu")
texts = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
times = []
for _ in range(int(sys.argv[3]) + 1):
    begun = time.perf_counter()
    encoder.encode(texts, batch_size=64)
    times.append(time.perf_counter() - begun)
print(f"{len(texts) / statistics.median(times[1:]):.1f}")
