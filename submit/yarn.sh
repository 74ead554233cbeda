#!/usr/bin/env bash
# Runs a chameleon command on YARN:
#   SPARK_HOME=/opt/spark HADOOP_CONF_DIR=/etc/hadoop/conf submit/yarn.sh run --config hdfs:///conf/run.conf
# See spark.sh for the environment. A configuration file of this machine is shipped to the driver.
set -euo pipefail
SPARK_MASTER=${SPARK_MASTER:-yarn}
: "${HADOOP_CONF_DIR:?Set HADOOP_CONF_DIR to the folder of core-site.xml and yarn-site.xml.}"
source "$(dirname "${BASH_SOURCE[0]}")/spark.sh"

if [ -n "${GPUS_PER_EXECUTOR:-}" ]; then
  # YARN isolates GPUs but does not tell Spark which: each executor looks for itself.
  options+=(
    --files "$home/submit/gpu-discovery.sh"
    --conf spark.executor.resource.gpu.discoveryScript=./gpu-discovery.sh
  )
fi
if [ "$DEPLOY_MODE" = cluster ]; then
  # The driver starts in a folder of its own, where YARN puts what is shipped.
  arguments=() previous=
  for argument in "$@"; do
    if [ "$previous" = --config ] && [ -f "$argument" ]; then
      options+=(--conf "spark.yarn.dist.files=file://$(realpath "$argument")")
      shipped=$argument
      argument=$(basename "$argument")
    fi
    arguments+=("$argument")
    previous=$argument
  done
  if [ -n "${shipped:-}" ]; then cd "$(dirname "$shipped")"; fi
  set -- "${arguments[@]}"
fi
submit "$@"
