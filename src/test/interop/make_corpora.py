#!/usr/bin/env python3
"""Makes corpora, checkpoints and embeddings as people have them, and says what is right for each.

    make_corpora.py make FOLDER CHECKPOINT     FOLDER/CASE/{run.conf,expected.json,data/…}
    make_corpora.py count FOLDER TOKENIZER     rows and tokens by domain of all Parquet files below FOLDER, as pyarrow reads them

expected.json: {"domains": {name: {"rows": n, "tokens": n}}} where a run is to succeed, tokens counted with `tokenizers`;
{"error": [beginnings of words that the message must have]} where it is to be refused.
"""
import gzip
import io
import json
import os
import random
import shutil
import struct
import sys
import unicodedata
from pathlib import Path

if sys.argv[1:2] != ["spark"]:  # whose Python has nothing but Spark
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    from safetensors.numpy import load_file, save_file
    from tokenizers import Tokenizer

WORDS = (
    "river stone garden window market engine silver paper mountain letter table harbor "
    "winter orchard candle bridge forest copper valley thunder naïve Straße 数据 данные café "
    "🙂 𝔘𝔫𝔦 for( i=0; return None; def f(x): <b>bold</b> 3.14159 2024-01-01"
).split()
CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def texts(seed, rows=40, words=60):
    """Distinct documents, the same every time."""
    rng = random.Random(seed)
    return [f"{seed} {i} " + " ".join(rng.choices(WORDS, k=words)) for i in range(rows)]


class Case:
    def __init__(self, out, checkpoint, name):
        self.folder = Path(out).resolve() / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.checkpoint = Path(checkpoint).resolve()
        self.tokenizer = Tokenizer.from_file(str(self.checkpoint / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.data = self.folder / "data"
        self.data.mkdir()
        self.domains = {}

    def count(self, text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def add(self, domain, documents, rows=None):
        """Notes documents that the product has to find."""
        entry = self.domains.setdefault(domain, {"rows": 0, "tokens": 0})
        entry["rows"] += len(documents) if rows is None else rows
        entry["tokens"] += sum(self.count(d) for d in documents)
        return documents

    def conf(self, corpus, checkpoint=None, extra=""):
        (self.folder / "run.conf").write_text(
            "chameleon {\n"
            f"  corpus {{ {corpus} }}\n"
            f'  proxy {{ checkpoint = "{checkpoint or self.checkpoint}" }}\n'
            "  sample { windows-per-domain = 16, window-tokens = 32 }\n"
            f"{extra}"
            "}\n",
            encoding="utf-8",
        )

    def expect(self, **other):
        expected = other or {"domains": self.domains}
        (self.folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1))

    def good(self, name="b_good.jsonl", domains=("alpha", "beta")):
        """Two ordinary domains in JSON lines with a domain column."""
        with open(self.data / name, "w", encoding="utf-8") as f:
            for domain in domains:
                for text in self.add(domain, texts(domain)):
                    f.write(json.dumps({"domain": domain, "text": text}, ensure_ascii=False) + "\n")


def dumps(**row):
    return json.dumps(row, ensure_ascii=False)


# ---------------------------------------------------------------- JSON lines


@case
def control(c):
    c.good()
    c.conf(f'path = "{c.data}/*.jsonl"')
    c.expect()


@case
def jsonl_fused(c):
    """`cat a.jsonl b.jsonl` where a lacks its last newline: two objects on one line."""
    rows = [dumps(domain="alpha", text=t) for t in c.add("alpha", texts("alpha"))]
    more = [dumps(domain="beta", text=t) for t in c.add("beta", texts("beta"))]
    (c.data / "all.jsonl").write_text("\n".join(rows) + "\n".join(more) + "\n", encoding="utf-8")
    c.conf(f'path = "{c.data}/*.jsonl"')
    c.expect()


@case
def jsonl_nan(c):
    """Python's json writes NaN and Infinity in a field that nobody asked for."""
    with open(c.data / "all.jsonl", "w", encoding="utf-8") as f:
        for d in ("alpha", "beta"):
            for i, t in enumerate(c.add(d, texts(d))):
                score = float("nan") if i % 7 == 3 else float("inf") if i % 7 == 5 else 0.5
                f.write(json.dumps({"domain": d, "text": t, "quality": score}) + "\n")
    c.conf(f'path = "{c.data}/*.jsonl"')
    c.expect()


@case
def jsonl_long(c):
    """One document of 21 million characters: a book series, a data dump, a minified file."""
    c.good()
    big = ("word stone river " * 1_300_000)[:21_000_000]
    with open(c.data / "c_big.jsonl", "w") as f:
        f.write(dumps(domain="beta", text=big) + "\n")
    c.add("beta", [big])
    c.conf(f'path = "{c.data}/*.jsonl"')
    c.expect()


@case
def jsonl_null_dropped(c):
    """Spark's JSON writer drops null fields, so the first row may have no text at all; rows are skipped."""
    with open(c.data / "part-00000.json", "w", encoding="utf-8") as f:
        for d in ("alpha", "beta"):
            f.write(dumps(domain=d) + "\n")
            c.add(d, [], 1)
            for t in c.add(d, texts(d)):
                f.write(dumps(domain=d, text=t) + "\n")
    c.conf(f'path = "{c.data}", bad-rows = skip')
    c.expect()


@case
def jsonl_zst_long(c):
    """zstd --long=31, as the forum dumps are packed: a window of 2 GiB is declared."""
    import zstandard

    rows = [dumps(domain=d, text=t) for d in ("alpha", "beta") for t in c.add(d, texts(d))]
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=31)
    with open(c.data / "all.jsonl.zst", "wb") as f:
        with zstandard.ZstdCompressor(compression_params=parameters).stream_writer(f) as w:
            w.write(("\n".join(rows) + "\n").encode())
    c.conf(f'path = "{c.data}"')
    c.expect()


@case
def jsonl_zst_frames(c):
    """Many zstd frames and a skippable one at the end (seekable zstd, pzstd, appended shards)."""
    import zstandard

    rows = [dumps(domain=d, text=t) + "\n" for d in ("alpha", "beta") for t in c.add(d, texts(d))]
    with open(c.data / "all.jsonl.zst", "wb") as f:
        for i in range(0, len(rows), 7):
            f.write(zstandard.ZstdCompressor().compress("".join(rows[i : i + 7]).encode()))
        f.write(struct.pack("<II", 0x184D2A5E, 9) + b"seektable")
    c.conf(f'path = "{c.data}"')
    c.expect()


def gzip_member(data, size=None):
    """A gzip member, padded by a comment in its header to exactly `size` bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=1) as f:
        f.write(data)
    member = bytearray(buffer.getvalue())
    if size is not None:
        pad = size - len(member) - 1
        assert pad >= 0, (size, len(member))
        member[3] |= 0x10
        member[10:10] = b"x" * pad + b"\0"
    return bytes(member)


def gzip_boundary(c, end):
    """Two members; the first ends `end` bytes before a 1 MiB block of the file does."""
    rng = random.Random(5)
    noise = [dumps(domain="alpha", text=t) + "\n" for t in c.add("alpha", texts("alpha"))]
    junk = "".join(chr(rng.randrange(33, 126)) for _ in range(900_000)).replace("\\", "_").replace('"', "_")
    noise.append(dumps(domain="alpha", text=c.add("alpha", [junk])[0]) + "\n")
    first = gzip_member("".join(noise).encode(), (1 << 20) - end)
    second = gzip_member("".join(dumps(domain="beta", text=t) + "\n" for t in c.add("beta", texts("beta"))).encode())
    (c.data / "all.jsonl.gz").write_bytes(first + second)
    c.conf(f'path = "{c.data}"')
    c.expect()


@case
def jsonl_gz_members(c):
    """Concatenated gzip members (bgzip, cat of shards), cut at no special place."""
    gzip_boundary(c, 5000)


@case
def jsonl_unicode(c):
    """Lone surrogates, NUL, U+2028, astral characters, CRLF, duplicate keys, trailing blanks."""
    odd = [
        '"\\ud83d alone ' + "river " * 40 + '"',
        '"pair reversed \\udc00\\ud800 ' + "stone " * 40 + '"',
        '"nul \\u0000 inside ' + "garden " * 40 + '"',
        '"line sep \u2028 para \u2029 nel \u0085 ' + "window " * 40 + '"',
        '"astral 𝕏 👩\u200d👩\u200d👧 ' + "market " * 40 + '"',
        '"<|endoftext|> special ' + "engine " * 40 + '"',
    ]
    with open(c.data / "odd.jsonl", "wb") as f:
        for i, t in enumerate(odd):
            for d in ("alpha", "beta"):
                f.write(('{"text":"first of two","domain":"%s","text":%s}  \r\n' % (d, t)).encode())
                c.add(d, [json.loads(t)])
    c.good()
    c.conf(f'path = "{c.data}/*.jsonl"')
    c.expect()


@case
def jsonl_latin1_skip(c):
    """One line of 80 in Latin-1, domains in a column, bad-rows = skip: the line is to be counted and left out."""
    rows = [dumps(domain=d, text=t).encode() for d in ("alpha", "beta") for t in c.add(d, texts(d))]
    rows.insert(7, dumps(domain="alpha", text="na\u00efve caf\u00e9 " * 20).encode("latin-1"))
    c.add("alpha", [], 1)
    (c.data / "all.jsonl").write_bytes(b"\n".join(rows) + b"\n")
    c.conf(f'path = "{c.data}/*.jsonl", bad-rows = skip')
    c.expect()


# ---------------------------------------------------------------- Parquet


def table(c, domain, seed=None, note=True):
    t = texts(seed or domain)
    if note:
        c.add(domain, t)
    return pa.table({"domain": [domain] * len(t), "text": t})


@case
def parquet_writers(c):
    """The same columns from several writers, with the encodings, codecs and types they choose."""
    import duckdb
    import pandas
    import polars

    big = table(c, "alpha", "a1")
    big = big.set_column(1, "text", big["text"].cast(pa.large_string()))
    pq.write_table(big, c.data / "a1.parquet", use_dictionary=False, column_encoding={"text": "DELTA_LENGTH_BYTE_ARRAY"},
                   data_page_version="2.0", compression="zstd", write_page_index=True, data_page_size=1024)
    pq.write_table(table(c, "beta", "a2"), c.data / "a2.parquet", use_dictionary=False, compression="lz4",
                   column_encoding={"text": "DELTA_BYTE_ARRAY"}, write_page_index=True, data_page_size=512, row_group_size=9)
    pq.write_table(table(c, "alpha", "a3"), c.data / "a3.parquet", compression="gzip", data_page_size=256,
                   dictionary_pagesize_limit=2048, write_page_index=True)
    binary = table(c, "beta", "a4")
    binary = binary.set_column(1, "text", binary["text"].cast(pa.binary()))
    pq.write_table(binary, c.data / "a4.parquet", compression="none", store_schema=False)
    pq.write_table(table(c, "beta", "a5"), c.data / "a5.parquet", version="1.0", use_deprecated_int96_timestamps=True)
    polars.from_arrow(table(c, "alpha", "p1")).write_parquet(c.data / "p1.parquet", compression="zstd", row_group_size=11)
    frame = table(c, "alpha", "d1")
    duckdb.sql(f"copy frame to '{c.data}/d1.parquet' (format parquet, codec 'zstd', parquet_version v2)")
    frame = table(c, "beta", "d2")
    duckdb.sql(f"copy frame to '{c.data}/d2.parquet' (format parquet, codec 'snappy', row_group_size 2048)")
    frame = table(c, "alpha", "pd").to_pandas()
    frame["domain"] = frame["domain"].astype("category")
    frame["when"] = pandas.Timestamp("2024-01-01", tz="UTC")
    frame["_meta.source"] = [{"a": 1, "text": "inner"}] * len(frame)
    frame.to_parquet(c.data / "pd.parquet", compression="snappy")
    polars.from_arrow(table(c, "beta", "p0", False)).head(0).write_parquet(c.data / "p0.parquet")
    pq.write_table(table(c, "beta", "a0", False).slice(0, 0), c.data / "a0.parquet")
    c.conf(f'path = "{c.data}/*.parquet"', extra="  plan { count = exact }\n")
    c.expect()


@case
def parquet_pages(c):
    """Few rows of many, read by page: small pages, several encodings, an index of pages, one row group."""
    import polars

    plain = {"domain": "PLAIN"}
    for name, how in (
        ("dictionary", {}),
        ("delta", {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY", **plain}}),
        ("length", {"use_dictionary": False, "column_encoding": {"text": "DELTA_LENGTH_BYTE_ARRAY", **plain},
                    "data_page_version": "2.0"}),
    ):
        pq.write_table(pages(c, name), c.data / f"{name}.parquet", write_page_index=True, data_page_size=700,
                       write_batch_size=16, row_group_size=3000, compression="zstd", **how)
    polars.from_arrow(pages(c, "polars")).write_parquet(c.data / "polars.parquet", data_page_size=700)
    c.conf(f'path = "{c.data}/*.parquet"', extra="  sample.windows-per-domain = 8\n  plan { count = exact }\n")
    c.expect()


def pages(c, name):
    t = c.add(name, [f"{name} {i} " + " ".join(WORDS[i % 30:][:20]) for i in range(3000)])
    return pa.table({"domain": [name] * 3000, "text": t})


@case
def parquet_matrix(c):
    """Every encoding with every codec, both page versions and all types of text of one writer; a domain each."""
    types = [pa.string(), pa.large_string(), pa.binary(), pa.large_binary(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
    encodings = [None, "PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]
    number = 0
    for codec in ("none", "snappy", "gzip", "zstd", "lz4"):
        for encoding in encodings:
            for version in ("1.0", "2.0"):
                kind = types[number % len(types)]
                name = f"{codec}-{encoding or 'dictionary'}-{version}-{kind}".replace("<", "(").replace(">", ")")
                text = pa.array(c.add(name, texts(name, 12, 30))).cast(kind)
                how = {"column_encoding": {"domain": "PLAIN", "text": encoding}, "use_dictionary": False} if encoding else {}
                pq.write_table(pa.table({"domain": [name] * 12, "text": text}), c.data / f"{number}.parquet",
                               compression=codec, data_page_version=version, row_group_size=5,
                               write_page_index=number % 2 == 0, write_page_checksum=number % 3 == 0, **how)
                number += 1
    c.conf(f'path = "{c.data}"', extra="  sample.allow-fewer = true\n  plan { count = exact }\n")
    c.expect()


@case
def parquet_float16_column(c):
    """A half-precision column beside the text that is read: FLOAT16 is newer than Spark 3.5's Parquet."""
    for d in ("alpha", "beta"):
        t = table(c, d)
        half = pa.array([np.float16(i) for i in range(len(t))], type=pa.float16())
        pq.write_table(t.append_column("quality", half), c.data / f"{d}.parquet")
    c.conf(f'path = "{c.data}/*.parquet"')
    c.expect()


@case
def parquet_brotli(c):
    for d in ("alpha", "beta"):
        pq.write_table(table(c, d), c.data / f"{d}.parquet", compression="brotli")
    c.conf(f'path = "{c.data}/*.parquet"')
    c.expect(error=["/data/", ".parquet", "BROTLI", "spark.jars"])  # whichever of the two is opened first


@case
def parquet_upper_case_ending(c):
    """Three shards, one of them DATA.PARQUET, one with the ending of the pandas manual: parquet.gzip."""
    pq.write_table(table(c, "alpha"), c.data / "a.parquet")
    pq.write_table(table(c, "beta"), c.data / "b.parquet")
    pq.write_table(table(c, "beta", "B2"), c.data / "DATA.PARQUET")
    pq.write_table(table(c, "beta", "B3"), c.data / "df.parquet.gzip", compression="gzip")
    c.conf(f'path = "{c.data}/*"', extra="  plan { count = exact }\n")
    c.expect()


@case
def parquet_null_shard(c):
    """A shard of nulls only, typed null by its writer; such rows are to be skipped."""
    pq.write_table(table(c, "alpha"), c.data / "a.parquet")
    pq.write_table(table(c, "beta"), c.data / "b.parquet")
    c.add("beta", [], 3)
    pq.write_table(pa.table({"domain": ["beta"] * 3, "text": pa.nulls(3)}), c.data / "c.parquet")
    c.conf(f'path = "{c.data}/*.parquet", bad-rows = skip')
    c.expect()


@case
def parquet_zero_row_group(c):
    """A row group without rows in the middle of a file, and a file that is nothing else."""
    schema = pa.schema([("text", pa.string())])
    for d in ("alpha", "beta"):
        folder = c.data / f"domain={d}"
        folder.mkdir()
        t = table(c, d).select(["text"])
        with pq.ParquetWriter(folder / "x.parquet", schema) as w:
            w.write_table(t.slice(0, 10))
            w.write_table(schema.empty_table())
            w.write_table(t.slice(10))
        with pq.ParquetWriter(folder / "y.parquet", schema) as w:
            w.write_table(schema.empty_table())
    c.conf(f'path = "{c.data}"', extra="  plan { exports = [llama-factory, huggingface, trl] }\n")
    c.expect()


def row_groups(c, groups):
    schema = pa.schema([("domain", pa.string()), ("text", pa.string())])
    with pq.ParquetWriter(c.data / "all.parquet", schema) as w:
        for i in range(groups):
            d = "alpha" if i % 2 else "beta"
            w.write_table(pa.table({"domain": [d], "text": [f"{d} {i} " + " ".join(WORDS[:20])]}))
    c.conf(f'path = "{c.data}/*.parquet"', extra="  plan { count = exact }\n")
    for d, odd in (("alpha", 1), ("beta", 0)):
        c.add(d, [f"{d} {i} " + " ".join(WORDS[:20]) for i in range(groups) if i % 2 == odd])
    c.expect()


@case
def parquet_row_groups_1000(c):
    """A row group for each row, as a writer that is called row by row makes them."""
    row_groups(c, 1000)


@case
def parquet_nested_domain(c):
    """The domain is a field of a struct: meta.pile_set_name, meta.redpajama_set_name."""
    for d in ("alpha", "beta"):
        t = c.add(d, texts(d))
        meta = pa.array([{"pile_set_name": d}] * len(t))
        pq.write_table(pa.table({"text": t, "meta": meta}), c.data / f"{d}.parquet")
    c.conf(f'path = "{c.data}/*.parquet", domain-column = meta.pile_set_name')
    c.expect()


@case
def parquet_token_lists(c):
    """Token ids as lists of several kinds, and one null among them."""
    kinds = [pa.list_(pa.uint16()), pa.large_list(pa.int64()), pa.list_(pa.uint32()), pa.list_(pa.int32(), 50)]
    rng = random.Random(3)
    for d in ("alpha", "beta"):
        for i, kind in enumerate(kinds):
            ids = [[rng.randrange(512) for _ in range(50)] for _ in range(10)]
            entry = c.domains.setdefault(d, {"rows": 0, "tokens": 0})
            entry["rows"] += 10
            entry["tokens"] += 500
            pq.write_table(pa.table({"domain": [d] * 10, "ids": pa.array(ids, kind)}), c.data / f"{d}{i}.parquet")
    c.conf(f'path = "{c.data}/*.parquet", tokens-column = ids')
    c.expect()


# ---------------------------------------------------------------- folders and names


def hive(c, values):
    for folder, d in values:
        (c.data / f"source={folder}").mkdir()
        t = c.add(d, texts(d))
        pq.write_table(pa.table({"text": t}), c.data / f"source={folder}" / "part-0.parquet")
    c.conf(f'path = "{c.data}", domain-column = source')
    c.expect()


@case
def hive_escaped(c):
    """Escaped values as Spark, pyarrow and DuckDB write them."""
    hive(c, [("a%2Fb", "a/b"), ("c%20d", "c d"), ("e+f", "e+f"), ("g%3Dh", "g=h"), ("%C3%BCber", "über"), ("i j", "i j")])


@case
def hive_literal_percent(c):
    """A percent sign that escapes nothing, from a writer that does not escape: Spark leaves it alone."""
    hive(c, [("web", "web"), ("top-10%", "top-10%"), ("50%off", "50%off")])


@case
def hive_null(c):
    """Rows whose domain was null when Spark or pyarrow partitioned them."""
    hive(c, [("web", "web"), ("code", "code")])
    folder = c.data / "source=__HIVE_DEFAULT_PARTITION__"
    folder.mkdir()
    pq.write_table(pa.table({"text": texts("nobody")}), folder / "part-0.parquet")
    c.expect(error=["__HIVE_DEFAULT_PARTITION__", "corpus.bad-rows"])


@case
def glob_recursive(c):
    """data/**/*.parquet over files at three depths, as Python, DuckDB, Polars and the hub's loaders read it."""
    (c.data / "x" / "y").mkdir(parents=True)
    for i, folder in enumerate((c.data, c.data / "x", c.data / "x" / "y")):
        for d in ("alpha", "beta"):
            t = table(c, d, f"{d}{i}").slice(0, 15)
            c.domains[d]["rows"] -= 25
            c.domains[d]["tokens"] -= sum(c.count(x) for x in texts(f"{d}{i}")[15:])
            pq.write_table(t, folder / f"{d}.parquet")
    c.conf(f'path = "{c.data}/**/*.parquet"')
    c.expect()


@case
def odd_file_names(c):
    """Blanks, #, %, ?, =, brackets and a decomposed accent in the names of files."""
    names = ["a b.parquet", "a#1.parquet", "a%20b.parquet", "a?x=1.parquet", "a[1].parquet", "a{x,y}.parquet",
             "a&b;c|d.parquet", unicodedata.normalize("NFD", "café") + ".parquet", "a'\"\\q.parquet", "a*.parquet"]
    for i, name in enumerate(names):
        d = "alpha" if i % 2 else "beta"
        pq.write_table(table(c, d, f"n{i}").slice(0, 12), c.data / name)
        c.domains[d]["rows"] -= 28
        c.domains[d]["tokens"] -= sum(c.count(t) for t in texts(f"n{i}")[12:])
    c.conf(f'path = "{c.data}"')
    c.expect()


@case
def file_name_with_colon(c):
    """A time of day in the name of one file of a folder."""
    pq.write_table(table(c, "alpha"), c.data / "a.parquet")
    pq.write_table(table(c, "beta"), c.data / "part-2024-01-01T00:00:00.parquet")
    c.conf(f'path = "{c.data}"')
    c.expect()


@case
def odd_domain_names(c):
    """Names that YAML, HOCON, HTML, shells and paths each read as something else; all exports."""
    names = ["no", "1e3", "null", "a: b", "- x", "a #b", "@at", "'q'", 'd"q', "back\\slash", "web/cc", "tab\there",
             "line\nbreak", "<script>", "{x}", "${y}", "🙂", "..", "a,b", "%s", "caf\u00e9", "cafe\u0301", " lead", "*star", "~"]
    with open(c.data / "all.jsonl", "w", encoding="utf-8") as f:
        for d in names:
            for t in c.add(d, texts(d)):
                f.write(dumps(domain=d, text=t) + "\n")
    trainers = ["megatron", "mosaic", "olmo-core", "nanotron", "grain"]
    paths = ", ".join(f'{t} = "/data/{t}/{{domain}}"' for t in trainers)
    c.conf(f'path = "{c.data}/*.jsonl"',
           extra="  plan { exports = [megatron, huggingface, mosaic, olmo-core, llama-factory, nanotron, levanter, grain, litdata,"
                 f" torchtitan, trl, axolotl], paths {{ {paths} }} }}\n")
    c.expect()


@case
def card_names(c):
    """Names with a slash, as most corpora have them: a card's config names may not hold one."""
    entries = []
    for d in ("web/cc", "web/forum: q?"):
        name = d.replace("/", "_").replace(" ", "_").replace("?", "_").replace(":", "_")
        (c.data / f"{name}.jsonl").write_text("\n".join(dumps(text=t) for t in c.add(d, texts(d))) + "\n", encoding="utf-8")
        entries.append(f'"{d}" = "{c.data}/{name}.jsonl"')
    c.conf("domains { " + ", ".join(entries) + " }", extra="  plan { exports = [huggingface, llama-factory, trl, axolotl] }\n")
    c.expect()


# ---------------------------------------------------------------- checkpoints


def weights(c):
    return load_file(c.checkpoint / "model.safetensors")


def checkpoint(c, tensors, config=None, tokenizer=None, metadata=None, name="model.safetensors"):
    folder = c.folder / "checkpoint"
    folder.mkdir(exist_ok=True)
    base = json.loads((c.checkpoint / "config.json").read_text())
    base.update(config or {})
    (folder / "config.json").write_text(json.dumps(base))
    if tokenizer is None:
        shutil.copy(c.checkpoint / "tokenizer.json", folder)
    else:
        (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    if tensors is not None:
        save_file(tensors, folder / name, metadata=metadata or {"format": "pt"})
    return folder


def on_good(c, folder):
    c.good()
    c.conf(f'path = "{c.data}/*.jsonl"', checkpoint=folder)
    c.expect()


def bare(name):
    return name.removeprefix("transformer.")


@case
def gpt2_head_only(c):
    """safetensors' save_model keeps one name of tied tensors, the alphabetically first: lm_head.weight."""
    t = {("transformer." + bare(k)): v for k, v in weights(c).items()}
    t["lm_head.weight"] = t.pop("transformer.wte.weight")
    on_good(c, checkpoint(c, t, {"architectures": ["GPT2LMHeadModel"], "tie_word_embeddings": True},
                          metadata={"format": "pt", "transformer.wte.weight": "lm_head.weight"}))


@case
def gpt2_stale_shards(c):
    """The same, and the old shards are there still, with other weights than the new file."""
    t = weights(c)
    folder = checkpoint(c, t)
    save_file({k: (v * 3 + 1).astype(v.dtype) for k, v in t.items()}, folder / "model-00001-of-00001.safetensors",
              metadata={"format": "pt"})
    (folder / "model.safetensors.index.json").write_text(json.dumps(
        {"metadata": {}, "weight_map": {k: "model-00001-of-00001.safetensors" for k in t}}))
    on_good(c, folder)


@case
def gpt2_slow_tokenizer(c):
    """vocab.json and merges.txt, no tokenizer.json, as a slow tokenizer saves them."""
    folder = checkpoint(c, weights(c))
    model = json.loads((folder / "tokenizer.json").read_text())["model"]
    (folder / "vocab.json").write_text(json.dumps(model["vocab"]))
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    (folder / "tokenizer.json").unlink()
    c.good()
    c.conf(f'path = "{c.data}/*.jsonl"', checkpoint=folder)
    c.expect(error=["tokenizer.json", "vocab.json"])


@case
def gpt2_truncating_tokenizer(c):
    """tokenizer.json saved while truncation to 16 and padding to 16 were switched on."""
    t = json.loads((c.checkpoint / "tokenizer.json").read_text())
    t["truncation"] = {"direction": "Right", "max_length": 16, "strategy": "LongestFirst", "stride": 0}
    t["padding"] = {"strategy": {"Fixed": 16}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
                    "pad_type_id": 0, "pad_token": "<|endoftext|>"}
    on_good(c, checkpoint(c, weights(c), tokenizer=json.dumps(t)))


@case
def gpt2_as_shipped(c):
    """bfloat16 shards with an index, buffers, a separate head, a padded vocabulary, all at once."""
    import ml_dtypes

    t = {("transformer." + bare(k)): v for k, v in weights(c).items()}
    wte = t["transformer.wte.weight"]
    t["transformer.wte.weight"] = np.concatenate([wte, np.zeros((64, wte.shape[1]), wte.dtype)])
    t["lm_head.weight"] = t["transformer.wte.weight"] + 1
    t = {k: v.astype(ml_dtypes.bfloat16) for k, v in t.items()}
    for layer in range(4):
        t[f"transformer.h.{layer}.attn.bias"] = np.tril(np.ones((1, 1, 64, 64), np.uint8))
        t[f"transformer.h.{layer}.attn.masked_bias"] = np.array(-1e4, np.float32)
    folder = checkpoint(c, None, {"vocab_size": len(wte) + 64, "dtype": "bfloat16", "reorder_and_upcast_attn": True})
    names = sorted(t)
    shards = {f"model-0000{i + 1}-of-00003.safetensors": names[i::3] for i in range(3)}
    for name, keys in shards.items():
        save_file({k: t[k] for k in keys}, folder / name, metadata={"format": "pt"})
    (folder / "model.safetensors.index.json").write_text(json.dumps(
        {"metadata": {"total_size": 1}, "weight_map": {k: n for n, keys in shards.items() for k in keys}}))
    on_good(c, folder)


def random_gpt2(c, vocabulary, tokenizer, inner=None):
    rng = np.random.default_rng(1)
    width, layers, inner = 48, 4, inner or 192

    def normal(*shape):
        return rng.normal(0, 0.1, shape).astype(np.float32)

    t = {"wte.weight": normal(vocabulary, width), "wpe.weight": normal(64, width)}
    for i in range(layers):
        for part, shape in (("attn.c_attn", (width, 3 * width)), ("attn.c_proj", (width, width)),
                            ("mlp.c_fc", (width, inner)), ("mlp.c_proj", (inner, width))):
            t[f"h.{i}.{part}.weight"] = normal(*shape)
            t[f"h.{i}.{part}.bias"] = normal(shape[1])
        for part in ("ln_1", "ln_2"):
            t[f"h.{i}.{part}.weight"] = 1 + normal(width)
            t[f"h.{i}.{part}.bias"] = normal(width)
    t["ln_f.weight"], t["ln_f.bias"] = 1 + normal(width), normal(width)
    return checkpoint(c, t, {"vocab_size": vocabulary, "n_inner": inner}, tokenizer=tokenizer)


@case
def gpt2_positions(c):
    """config.json claims 128 positions, the weights have 64; windows of 100 tokens."""
    folder = checkpoint(c, weights(c), {"n_positions": 128, "n_ctx": 128})
    c.good()
    c.conf(f'path = "{c.data}/*.jsonl"', checkpoint=folder, extra="  sample.window-tokens = 100\n")
    c.expect(error=["wpe.weight", "(64, 48)", "(128, 48)"])


@case
def gpt2_inner(c):
    """n_inner that is not four times the width."""
    on_good(c, random_gpt2(c, 512, None, inner=80))


def tokenizer_case(c, tokenizer, change=lambda t: t):
    t = json.loads(tokenizer.to_str())
    change(t)
    c.tokenizer = Tokenizer.from_str(json.dumps(t))
    on_good(c, random_gpt2(c, c.tokenizer.get_vocab_size() + 7, json.dumps(t, ensure_ascii=False)))


def corpus_for_tokenizers():
    return [t for d in ("alpha", "beta", "gamma") for t in texts(d)]


@case
def tokenizer_llama3(c):
    """Split by a regular expression with look-ahead, byte level, ignore_merges, merges as pairs, added tokens."""
    from tokenizers import Regex, decoders, models, pre_tokenizers, trainers

    t = Tokenizer(models.BPE(ignore_merges=True))
    pattern = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
               r"|\s*[\r\n]+|\s+(?!\S)|\s+")
    t.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(corpus_for_tokenizers(), trainers.BpeTrainer(
        vocab_size=600, special_tokens=["<|begin_of_text|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False))
    t.add_special_tokens(["<|eot_id|>"])
    t.add_tokens(["river stone"])
    tokenizer_case(c, t)


@case
def tokenizer_byte_fallback(c):
    """Metaspace, prepend_scheme, NFKC, byte fallback, fused unknowns, as converted sentencepiece BPE has them."""
    from tokenizers import models, normalizers, pre_tokenizers, trainers

    t = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    t.train_from_iterator([x.encode("ascii", "ignore").decode() for x in corpus_for_tokenizers()], trainers.BpeTrainer(
        vocab_size=700, special_tokens=["<unk>", "<s>", "</s>"] + [f"<0x{i:02X}>" for i in range(256)], show_progress=False))
    tokenizer_case(c, t)


# ---------------------------------------------------------------- embeddings made elsewhere


def embeddings(c, column, names=("domain", "embedding")):
    domains = ["alpha"] * 20 + ["beta"] * 20 + ["gamma"] * 20
    pq.write_table(pa.table({names[0]: domains, names[1]: column}), c.data / "e.parquet")
    (c.folder / "run.conf").write_text(f'chameleon {{ embedding {{ from = "{c.data}/*.parquet" }}, plan {{ tokens = 1000000 }} }}\n')


def vectors():
    return np.random.default_rng(0).normal(size=(60, 8))


@case
def embeddings_fixed_size(c):
    """A fixed-size list of float32, as vector stores and pyarrow write it."""
    flat = pa.array(vectors().astype(np.float32).ravel())
    embeddings(c, pa.FixedSizeListArray.from_arrays(flat, 8))
    c.expect(weights=True)


@case
def embeddings_float16(c):
    """Half-precision embeddings."""
    flat = pa.array(vectors().astype(np.float16).ravel(), type=pa.float16())
    embeddings(c, pa.ListArray.from_arrays(pa.array(range(0, 481, 8), pa.int32()), flat))
    c.expect(error=["data/e.parquet", "embedding", "float"])


@case
def embeddings_capital_columns(c):
    embeddings(c, pa.array(vectors().tolist()), ("Domain", "Embedding"))
    c.expect(error=["Domain", "Embedding"])


def spark(folder):
    """Writes with the Spark that this Python has, a domain for each codec and version of the format."""
    from pyspark.sql import SparkSession, functions

    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    release = session.version.rsplit(".", 1)[0]
    for codec in ("snappy", "zstd", "gzip", "uncompressed"):
        for version in ("PARQUET_1_0", "PARQUET_2_0"):
            name = f"spark {release} {codec} {version}"
            rows = session.createDataFrame([(name, t, t.encode()) for t in texts(name, 30)], "domain string, text string, raw binary")
            if session.version >= "4":
                rows = rows.withColumn("any", functions.expr("parse_json('[1, {\"a\": null}]')"))
            writer = rows.coalesce(1).write.mode("overwrite").option("compression", codec)
            writer.option("parquet.writer.version", version).parquet(f"{folder}/{name}")
    session.stop()
    print("written")


def count(folder, tokenizer_file):
    """Prints rows and tokens of each domain as pyarrow and tokenizers count them."""
    tokenizer = Tokenizer.from_file(tokenizer_file)
    domains = {}
    for file in sorted(Path(folder).rglob("*.parquet")):
        table = pq.read_table(file, columns=["domain", "text"], partitioning=None)
        for domain, text in zip(table["domain"].to_pylist(), table["text"].to_pylist()):
            entry = domains.setdefault(domain, {"rows": 0, "tokens": 0})
            entry["rows"] += 1
            entry["tokens"] += len(tokenizer.encode(text, add_special_tokens=False).ids)
    print(json.dumps({"domains": domains}))


def main():
    command, *arguments = sys.argv[1:]
    if command == "make":
        out, checkpoint_folder = arguments
        for name, function in CASES.items():
            function(Case(out, checkpoint_folder, name))
            print(name)
    else:
        {"spark": spark, "count": count}[command](*arguments)


if __name__ == "__main__":
    main()
