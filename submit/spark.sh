# What standalone.sh and yarn.sh have in common; they set SPARK_MASTER and `cluster`, and call submit.
# From the environment:
#   SPARK_HOME             the installation whose spark-submit is used
#   SPARK_MASTER           spark://host:port, or yarn
#   DEPLOY_MODE            client (default) or cluster: where the driver runs
#   SPARK_SUBMIT_OPTIONS   handed to spark-submit as they are; what they set wins over what is set here
#   GPUS_PER_EXECUTOR      unset: processors only. Only the stages that compute ask for the GPUs
#   PYTORCH_NATIVE         the native library: a jar or URI (default: the processor's, below target/), or
#                          "none" where executors have PYTORCH_LIBRARY_PATH
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${SPARK_HOME:?Set SPARK_HOME to the Spark installation.}"
DEPLOY_MODE=${DEPLOY_MODE:-client}

jar() { ls -t "$home"/target/chameleon-spark-*-application.jar 2>/dev/null | head -n 1; }
if [ -z "$(jar)" ]; then
  echo "building the application jar" >&2
  mvn -q -B -f "$home/pom.xml" -Dquick package >&2
fi
if [ -z "${PYTORCH_NATIVE:-}" ]; then
  PYTORCH_NATIVE=$(ls "$home"/target/native/pytorch-native-*.jar)
fi

java17=$(grep -v '^#' "$home/submit/java-17.options" | tr '\n' ' ')
# DJL reads these as properties too: fetch nothing and call nobody at run time; unpack the library once on
# each host's own disk, since a home folder may be missing or on the network.
djl="-Dai.djl.offline=true -DOPT_OUT_TRACKING=true -DDJL_CACHE_DIR=${DJL_CACHE_DIR:-/tmp/chameleon-djl}"

options=(
  --class org.chameleon.cli.Main
  --name chameleon
  # Heap: shuffled windows, and on the driver the affinity matrix.
  --conf spark.driver.memory=2g
  --conf spark.executor.memory=2g
  # Beside the heap: libtorch (0.2 GB; 3-4 GB with CUDA), the weights once per executor, activations.
  --conf spark.executor.memoryOverhead=2g
  # One arena per thread would let native memory grow without use.
  --conf spark.executorEnv.MALLOC_ARENA_MAX=2
  # A driver on the cluster gets no options from spark-submit itself, so both get the list.
  --conf "spark.driver.extraJavaOptions=$java17 $djl"
  --conf "spark.executor.extraJavaOptions=$java17 $djl"
)
if [ "$PYTORCH_NATIVE" != none ]; then
  options+=(--jars "$PYTORCH_NATIVE")
fi
if [ -n "${GPUS_PER_EXECUTOR:-}" ]; then
  # Executors get the GPUs; tasks only where a stage asks for them, so no task amount is set here.
  options+=(--conf "spark.executor.resource.gpu.amount=$GPUS_PER_EXECUTOR")
fi

# SPARK_SUBMIT_OPTIONS as words, with quotes but without a shell's other expansions.
given=()
if [ -n "${SPARK_SUBMIT_OPTIONS:-}" ]; then
  mapfile -t given < <(xargs -n 1 printf '%s\n' <<< "$SPARK_SUBMIT_OPTIONS")
fi

# submit COMMAND ARGUMENT…: a run goes where DEPLOY_MODE says; what only looks at one stays here.
submit() {
  if [ "${1:-}" != run ]; then
    exec "$SPARK_HOME/bin/spark-submit" --master "$SPARK_MASTER" "${options[@]}" "${given[@]}" \
      --deploy-mode client "$(jar)" "$@"
  fi
  local id=${CHAMELEON_RUN_ID:-$(hostname)-$$-$(date +%s)} code=0
  "$SPARK_HOME/bin/spark-submit" --master "$SPARK_MASTER" --deploy-mode "$DEPLOY_MODE" \
    "${options[@]}" "${cluster[@]}" "${given[@]}" "$(jar)" "$@" --run-id "$id" || code=$?
  if [ $code != 0 ] || [ "$DEPLOY_MODE" = client ]; then
    return $code
  fi
  # On the cluster spark-submit may leave with 0 whatever became of the driver: run.json tells.
  "$SPARK_HOME/bin/spark-submit" --master 'local[1]' "${options[@]}" "${given[@]}" --deploy-mode client \
    "$(jar)" status "${@:2}" --run-id "$id"
}
