#!/usr/bin/env bash
# Runs a chameleon command on a standalone Spark cluster:
#   SPARK_HOME=/opt/spark SPARK_MASTER=spark://host:7077 submit/standalone.sh run --config s3a://bucket/run.conf
# See spark.sh for the environment. With DEPLOY_MODE=cluster the driver runs on a worker: give paths that
# all hosts reach, also of the jar, as full URIs.
set -euo pipefail
: "${SPARK_MASTER:?Set SPARK_MASTER to spark://host:port.}"
source "$(dirname "${BASH_SOURCE[0]}")/spark.sh"

if [ "$DEPLOY_MODE" = cluster ]; then
  # The driver starts in a folder of its own, so a file of this folder needs its full path.
  arguments=()
  for argument in "$@"; do
    if [ -f "$argument" ]; then argument=$(realpath "$argument"); fi
    arguments+=("$argument")
  done
  set -- "${arguments[@]}"
fi
# Workers find GPUs by their own spark.worker.resource.gpu.discoveryScript (gpu-discovery.sh will do).
submit "$@"
