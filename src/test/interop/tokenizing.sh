#!/usr/bin/env bash
# Tokenizing speed of one thread on the quick start's texts, against the tokenizers library itself and as it is called
# from here, alternating; prints medians and ratios. Needs the quick start and `mvn verify -Pinterop` once before.
# usage: tokenizing.sh [ROUNDS] [TOKENIZER]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
rounds=${1:-3} tokenizer=${2:-runs/quickstart/proxy/tokenizer.json}
texts=target/interop/benchmark-texts.jsonl
target/interop/data/bin/python - $texts <<'END'
import glob, json, sys
import pyarrow.parquet as parquet
with open(sys.argv[1], "w", encoding="utf-8") as out:
    for file in sorted(glob.glob("corpus/quickstart/*.parquet")):
        for text in parquet.read_table(file, columns=["text"])["text"].to_pylist():
            out.write(json.dumps(text) + "\n")
END
export DJL_OFFLINE=true OPT_OUT_TRACKING=true TOKENIZERS_PARALLELISM=false RAYON_NUM_THREADS=1
jar=$(ls -t target/chameleon-spark-*-application.jar | head -n 1)
here() {
  java @submit/java-17.options -Xmx4g -cp "target/test-classes:$jar:$(cat target/local.classpath)" \
    org.chameleon.model.TokenizingBenchmark "$tokenizer" $texts "$1" "$2" 2>/dev/null
}
for _ in $(seq "$rounds"); do
  echo "ours $(here 5 ours)"
  echo "called $(here 1 library)"
  echo "library $(target/interop/model/bin/python src/test/interop/tokenizing_peer.py "$tokenizer" $texts 1)"
done | tee target/interop/tokenizing.txt
sort -k1,1 -k2,2n target/interop/tokenizing.txt | awk '{ n[$1]++; v[$1, n[$1]] = $2; t[$1] = $3 }
  function median(name) { return v[name, int((n[name] + 1) / 2)] }
  END { printf "ours %.1f MB/s: %.1f times the tokenizers library (%.2f), %.1f times the same called from here (%.2f); tokens %s\n",
    median("ours"), median("ours") / median("library"), median("library"), median("ours") / median("called"), median("called"),
    t["ours"] == t["library"] ? "as many" : "not as many" }'
