"""Megabytes of text per second that the tokenizers library encodes on one thread: TOKENIZER TEXTS REPEATS.
Prints the median, and the number of tokens."""
import json
import sys
import time

from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(sys.argv[1])
texts = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
size = sum(len(text.encode()) for text in texts) / 1e6
seconds = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    tokens = sum(len(tokenizer.encode(text, add_special_tokens=False).ids) for text in texts)
    seconds.append(time.perf_counter() - start)
print(f"{size / sorted(seconds)[len(seconds) // 2]:.2f} {tokens}")
