#!/usr/bin/env bash
# Embedding speed against PyTorch on the same cores, 82M GPT-2 shape with random weights, alternating; prints medians
# and ratios. Needs `mvn verify -Pinterop` once before. usage: benchmark.sh [ROUNDS]
# BENCHMARK_REPEATS: measurements in each round (default 5).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
rounds=${1:-3} threads=$(nproc) batch=16 repeats=${BENCHMARK_REPEATS:-5}
model=target/interop/benchmark-gpt2 python=target/interop/model/bin/python
export DJL_OFFLINE=true OPT_OUT_TRACKING=true
if [ ! -f $model/model.safetensors ]; then
  $python -c "
from transformers import GPT2Config, GPT2Model
import torch
torch.manual_seed(0)
GPT2Model(GPT2Config(n_positions=512, n_embd=768, n_layer=6, n_head=12)).save_pretrained('$model')"
fi
jar=$(ls -t target/chameleon-spark-*-application.jar | head -n 1)
ours() {
  java @submit/java-17.options -Xmx4g -cp "target/test-classes:$jar:$(cat target/local.classpath)" \
    org.chameleon.embedding.EmbeddingBenchmark $model $batch $repeats "$threads" 2>/dev/null
}
peer() { $python src/test/interop/embedding_peer.py $model $batch $repeats "$threads" "$1" 2>/dev/null; }
for _ in $(seq "$rounds"); do
  echo "ours $(ours)"
  echo "all $(peer all)"
  echo "half $(peer half)"
done | tee target/interop/benchmark.txt
awk '{ v[$1] = v[$1] " " $2 } END { for (n in v) { k = split(v[n], a, " "); asort_(a, k); m[n] = a[int((k + 1) / 2)] }
  printf "ours %.0f tokens/s: %.1f times GPT2Model with all layers (%.0f), %.1f times its lower half (%.0f)\n", m["ours"], m["ours"] / m["all"], m["all"], m["ours"] / m["half"], m["half"] }
  function asort_(a, n,  i, j, t) { for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j] + 0 < a[j - 1] + 0; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t } }' target/interop/benchmark.txt
