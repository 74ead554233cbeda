"""Draws rows through an exported huggingface.json with the datasets library: usage draw_huggingface.py JSON CARD
TOKENIZER ROWS. Prints one JSON object: the share of tokens of each domain among the rows drawn, and the rows of each
config of the dataset card."""
import json
import os
import shutil
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=tempfile.mkdtemp())
from datasets import interleave_datasets, load_dataset  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

mixture, card, tokenizer = json.load(open(sys.argv[1])), sys.argv[2], Tokenizer.from_file(sys.argv[3])
sets = [
    load_dataset(mixture["format"], data_files=mixture["data_files"][name], split="train", streaming=True)
    for name in mixture["datasets"]
]
if mixture["repeat"]:
    sets = [one.repeat(None) for one in sets]
mixed = interleave_datasets(
    sets, probabilities=mixture["probabilities"], seed=mixture["seed"], stopping_strategy=mixture["stopping_strategy"]
)
tokens = dict.fromkeys(mixture["datasets"], 0)
for row in mixed.take(int(sys.argv[4])):
    tokens[row["domain"]] += len(tokenizer.encode(row["text"], add_special_tokens=False).ids)
total = sum(tokens.values())

folder = tempfile.mkdtemp()
shutil.copy(card, folder + "/README.md")
rows = {name: load_dataset(folder, name, split="train").num_rows for name in mixture["datasets"]}
print(json.dumps({"shares": {name: n / total for name, n in tokens.items()}, "rows": rows}))
