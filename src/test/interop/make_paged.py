"""Writes a corpus of 8 domains in a column, with page index, dictionaries and zstd: usage make_paged.py FOLDER MEGABYTES
MEGABYTES of text, about; 0.34 of that on disk. Words are drawn by Zipf's law from as many as a language has."""
import os
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

folder, megabytes = sys.argv[1], float(sys.argv[2])
random = np.random.default_rng(7)
letters = np.array(list("etaoinshrdlucmfwypvbgkjqxz"))
odds = 1 / np.arange(1, 27)
words = ["".join(random.choice(letters, size=n, p=odds / odds.sum())) for n in random.integers(2, 11, 60_000)]
chance = 1 / np.arange(10, len(words) + 10)
limits = np.cumsum(chance / chance.sum())
words = np.array(words, dtype=object)
os.makedirs(folder, exist_ok=True)
DOCUMENTS, FILES = 20_000, 4
left, number = megabytes * 1e6, 0
schema = pa.schema([("source", pa.string()), ("text", pa.string())])
writers = [
    parquet.ParquetWriter(
        f"{folder}/part-{i}.parquet", schema, compression="zstd", write_page_index=True, data_page_size=1 << 16, write_batch_size=16
    )
    for i in range(FILES)
]
while left > 0:
    lengths = np.maximum(8, random.lognormal(5.2, 0.9, DOCUMENTS)).astype(int)
    drawn = words[np.searchsorted(limits, random.random(lengths.sum()))]
    texts, at = [], 0
    for n in lengths:
        texts.append(" ".join(drawn[at : at + n]))
        at += n
    sources = [f"domain-{i}" for i in random.integers(0, 8, DOCUMENTS)]
    writers[number % FILES].write_table(pa.table([sources, texts], schema=schema), row_group_size=DOCUMENTS)
    left -= sum(map(len, texts))
    number += 1
for writer in writers:
    writer.close()
