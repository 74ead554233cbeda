"""Draws samples through an exported mixture file with the trainer's own library: usage draw.py TRAINER RUN COPIES.

Where the trainer keeps its own copy of a domain, that is made first, from the run's corpus in the tokens of its proxy,
below COPIES/TRAINER. Prints one JSON object: the share of tokens of each domain among the samples that were drawn, and
for libraries that draw documents at random, how many of each domain they were."""
import collections
import glob
import json
import logging
import os
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", HF_HOME=tempfile.mkdtemp(), HF_DATASETS_DISABLE_PROGRESS_BARS="1")
os.environ.update(TOKENIZERS_PARALLELISM="false", DISABLE_VERSION_CHECK="1")
import pyarrow.parquet as parquet  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

DRAWS = 20_000
trainer, run, copies = sys.argv[1:4]
exports = run + "/plan/exports/"
manifest = json.load(open(run + "/plan/manifest.json"))
tokenizer = Tokenizer.from_file(run + "/proxy/tokenizer.json")
domains = [d["name"] for d in manifest["domains"]]
length, target = manifest["sequenceLength"], manifest["targetTokens"]


drawn = collections.Counter()
rows = collections.Counter()


def draw(domain, tokens):
    drawn[domain] += tokens
    rows[domain] += 1


def size(text):
    return len(tokenizer.encode(text, add_special_tokens=False).ids)


def documents(domain):
    """The number of tokens of each document."""
    sources = next(d["sources"] for d in manifest["domains"] if d["name"] == domain)
    return [
        size(text)
        for source in sources
        for text in parquet.read_table(source["path"].removeprefix("file:"), columns=["text"])["text"].to_pylist()
    ]


def text_domains():
    """The domain of each text: some loaders keep the text alone."""
    found = {}
    for domain in manifest["domains"]:
        for source in domain["sources"]:
            for text in parquet.read_table(source["path"].removeprefix("file:"), columns=["text"])["text"].to_pylist():
                found[text] = domain["name"]
    return found


def folder(domain):
    path = f"{copies}/{trainer}/{domain}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def yaml_of(name):
    import yaml

    return yaml.safe_load(open(exports + name))


def count_tokens(arrays):
    """Counts tokens whose value is the number of a domain, from 1; 0 ends a document."""
    import numpy

    counts = numpy.zeros(len(domains) + 1, numpy.int64)
    for array in arrays:
        counts += numpy.bincount(numpy.asarray(array).ravel(), minlength=len(domains) + 1)[: len(domains) + 1]
    drawn.update({name: int(counts[i]) for i, name in enumerate(domains, 1)})


def mosaic():
    import numpy
    from streaming import MDSWriter, Stream, StreamingDataset
    from streaming.base.util import clean_stale_shared_memory

    for domain in domains:
        with MDSWriter(out=folder(domain), columns={"domain": "str", "tokens": "bytes"}) as writer:
            for _ in range(sum(documents(domain)) // length):
                writer.write({"domain": domain, "tokens": numpy.zeros(length, numpy.uint16).tobytes()})
    clean_stale_shared_memory()
    settings = yaml_of("mosaic.yaml")["train_loader"]["dataset"]
    streams = [Stream(**stream) for stream in settings.pop("streams").values()]
    for sample in StreamingDataset(streams=streams, batch_size=1, **settings):
        drawn[sample["domain"]] += len(sample["tokens"]) // 2


def olmo_core():
    import numpy
    from olmo_core.data import NumpyDatasetDType, NumpyFSLDatasetConfig, TokenizerConfig
    from olmo_core.data.source_mixture import SourceMixtureDatasetConfig, SourceMixtureList

    for i, domain in enumerate(domains, 1):
        os.makedirs(folder(domain), exist_ok=True)
        tokens = numpy.concatenate([numpy.r_[numpy.full(n, i), 0] for n in documents(domain)])
        tokens.astype(numpy.uint16).tofile(folder(domain) + "/part-00000.npy")
    sources = SourceMixtureList.from_yaml(exports + "olmo-core.yaml")
    mixture = SourceMixtureDatasetConfig(
        source_list=sources, requested_tokens=target, global_batch_size=8 * length, seed=42, render_tables=False
    )
    dataset = NumpyFSLDatasetConfig.from_src_mix(
        mixture,
        tokenizer=TokenizerConfig(vocab_size=len(domains) + 1, eos_token_id=0, pad_token_id=0),
        sequence_length=length,
        dtype=NumpyDatasetDType.uint16,
        work_dir=tempfile.mkdtemp(),
    ).build()
    dataset.prepare()
    count_tokens(dataset[i]["input_ids"] for i in range(len(dataset)))


def megatron():
    import numpy
    import torch
    from megatron.core.datasets.blended_megatron_dataset_builder import BlendedMegatronDatasetBuilder
    from megatron.core.datasets.gpt_dataset import GPTDataset, GPTDatasetConfig
    from megatron.core.datasets.indexed_dataset import IndexedDatasetBuilder
    from megatron.core.datasets.utils import get_blend_from_list

    class Vocabulary:
        eod = 0
        pad = 0
        vocab_size = len(domains) + 1
        unique_identifiers = {"class": "domains"}

    for i, domain in enumerate(domains, 1):
        path = folder(domain) + "_text_document"
        builder = IndexedDatasetBuilder(path + ".bin", dtype=numpy.uint16)
        for n in documents(domain):
            builder.add_document(torch.tensor([i] * n + [0]), [n + 1])
        builder.finalize(path + ".idx")
    splits = json.load(open(exports + "megatron.json"))
    common = dict(random_seed=1234, sequence_length=length, tokenizer=Vocabulary(), reset_position_ids=False)
    common.update(reset_attention_mask=False, eod_mask_loss=False, create_attention_mask=False)
    text = get_blend_from_list(open(exports + "megatron.txt").read().split())
    assert text == get_blend_from_list(splits["train"]), (text, splits)
    blends = [get_blend_from_list(splits[split]) for split in ("train", "valid", "test")]
    samples = target // length
    dataset = BlendedMegatronDatasetBuilder(
        GPTDataset, [samples, 0, 0], lambda: True, GPTDatasetConfig(blend_per_split=blends, **common)
    ).build()[0]
    count_tokens(dataset[i]["tokens"].numpy() for i in range(samples))


def litdata():
    from litdata import CombinedStreamingDataset, StreamingDataset
    from litdata.streaming.item_loader import ParquetLoader

    mixture = json.load(open(exports + "litdata.json"))
    sets = [
        StreamingDataset(one["path"], item_loader=ParquetLoader(), shuffle=True, seed=mixture["seed"])
        for one in mixture["datasets"].values()
    ]
    weights = [one["weight"] for one in mixture["datasets"].values()]
    mixed = CombinedStreamingDataset(
        sets, weights=weights, iterate_over_all=mixture["iterate_over_all"], seed=mixture["seed"]
    )
    known = text_domains()
    for row in mixed:
        text = row["text"] if isinstance(row, dict) else next(value for value in row if value in known)
        draw(known[text], size(text))


def llama_factory():
    from types import SimpleNamespace

    from llamafactory.data.loader import _get_merged_dataset
    from llamafactory.hparams import DataArguments

    arguments = DataArguments(**yaml_of("llama-factory/data.yaml"))
    model = SimpleNamespace(cache_dir=None, hf_hub_token=None, ms_hub_token=None)
    training = SimpleNamespace(seed=42, dataloader_num_workers=1, should_log=False)
    known = text_domains()
    for row in _get_merged_dataset(arguments.dataset, model, arguments, training, stage="pt"):
        text = row["_prompt"][0]["content"]
        draw(known[text], size(text))


def trl():
    from trl.scripts.utils import DatasetConfig, DatasetMixtureConfig, get_dataset

    sets = [DatasetConfig(**one) for one in yaml_of("trl.yaml")["datasets"]]
    for row in get_dataset(DatasetMixtureConfig(datasets=sets))["train"]:
        drawn[row["domain"]] += size(row["text"])


def grain():
    import grain
    from array_record.python.array_record_module import ArrayRecordWriter

    for domain in domains:
        writer = ArrayRecordWriter(folder(domain) + "-00000.array_record", "group_size:1")
        for n in documents(domain):
            writer.write(f"{domain}\n{n}".encode())
        writer.close()
    mixture = json.load(open(exports + "grain.json"))

    def records(path):
        source = grain.sources.ArrayRecordDataSource(sorted(glob.glob(path)))
        return grain.MapDataset.source(source).shuffle(seed=0).repeat(None).to_iter_dataset()

    mixed = grain.IterDataset.mix(
        {name: records(one["path"]) for name, one in mixture.items()},
        {name: one["weight"] for name, one in mixture.items()},
    )
    for i, record in enumerate(mixed):
        if i == DRAWS:
            break
        name, n = record.decode().split("\n")
        drawn[name] += int(n)


def huggingface():
    import shutil

    from datasets import interleave_datasets, load_dataset

    mixture = json.load(open(exports + "huggingface.json"))
    sets = [
        load_dataset(mixture["format"], data_files=mixture["data_files"][name], split="train", streaming=True)
        for name in mixture["datasets"]
    ]
    if mixture["repeat"]:
        sets = [one.repeat(None) for one in sets]
    mixed = interleave_datasets(
        sets,
        probabilities=mixture["probabilities"],
        seed=mixture["seed"],
        stopping_strategy=mixture["stopping_strategy"],
    )
    for row in mixed.take(DRAWS):
        draw(row["domain"], size(row["text"]))
    card = tempfile.mkdtemp()
    shutil.copy(exports + "huggingface.md", card + "/README.md")
    for domain in manifest["domains"]:
        found = load_dataset(card, domain["name"], split="train").num_rows
        assert found == domain["availableRows"], (domain["name"], found)


logging.disable(logging.INFO)
if __name__ == "__main__":
    globals()[trainer.replace("-", "_")]()
    total = sum(drawn.values())
    shares = {name: drawn[name] / total for name in domains}
    print(json.dumps({"tokens": total, "shares": shares, "rows": rows}))
