#!/usr/bin/env bash
# Runs a chameleon command on the cores of this machine, with the embedded Spark:
#   submit/local.sh run --config conf/quickstart.conf
# Builds the jar if it is missing. A configuration named quickstart.conf gets its corpus, if that is missing.
# CHAMELEON_MEMORY: heap of the one JVM (default 4g); the model's memory comes on top.
# CHAMELEON_JARS: libraries for storage and tables (hadoop-aws, Delta, Iceberg), separated by colons.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

jar() { ls -t "$home"/target/chameleon-spark-*-application.jar 2>/dev/null | head -n 1; }
if [ -z "$(jar)" ] || [ ! -f "$home/target/local.classpath" ]; then
  echo "building the application jar" >&2
  mvn -q -B -f "$home/pom.xml" -Dquick package >&2
fi

# No download and no call home at run time; one arena per thread is enough for native memory.
export DJL_OFFLINE=true OPT_OUT_TRACKING=true MALLOC_ARENA_MAX=2
export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}

chameleon() {
  java "@$home/submit/java-17.options" -Xmx"${CHAMELEON_MEMORY:-4g}" \
    -Dlog4j2.configurationFile="$home/conf/log4j2.properties" \
    -cp "$(jar):$(cat "$home/target/local.classpath")${CHAMELEON_JARS:+:$CHAMELEON_JARS}" "$@"
}

corpus=corpus/quickstart
if [[ " $* " == *quickstart.conf* && ! -d $corpus ]]; then
  echo "fetching the quick-start corpus" >&2
  mvn -q -B -f "$home/submit/quickstart-corpus.pom.xml" dependency:copy >&2
  chameleon org.chameleon.quickstart.QuickStartCorpus "$home/target/quickstart-artifacts" "$corpus" >&2
fi

chameleon org.chameleon.cli.Main "$@"
