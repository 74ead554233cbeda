# What standalone.sh and yarn.sh have in common; they set SPARK_MASTER, add to `options`, and call submit.
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
if [ -z "$(jar)" ] || [ ! -d "$home/target/native" ]; then
  echo "building the application jar" >&2
  mvn -q -B -f "$home/pom.xml" -Dquick package >&2
fi
if [ -z "${PYTORCH_NATIVE:-}" ]; then
  PYTORCH_NATIVE=$(ls "$home"/target/native/pytorch-native-*.jar)
fi

# The settings that every run needs, each with its reason in the file.
options=(--class org.chameleon.cli.Main --name chameleon)
while IFS= read -r line; do
  if [[ $line == spark.* ]]; then options+=(--conf "$line"); fi
done < "$home/conf/spark-defaults.conf"
if [ -n "${GPUS_PER_EXECUTOR:-}" ]; then
  # Executors get the GPUs; tasks only where a stage asks for them, so no task amount is set here.
  options+=(--conf "spark.executor.resource.gpu.amount=$GPUS_PER_EXECUTOR")
fi

# SPARK_SUBMIT_OPTIONS as words, with quotes but without a shell's other expansions. spark-submit would take
# the last --jars alone, so they are put together.
jars=${PYTORCH_NATIVE/#none/}
given=() previous=
if [ -n "${SPARK_SUBMIT_OPTIONS:-}" ]; then
  while IFS= read -r word; do
    if [ "$previous" = --jars ]; then
      jars=${jars:+$jars,}$word
    elif [ "$word" != --jars ]; then
      given+=("$word")
    fi
    previous=$word
  done < <(xargs -n 1 printf '%s\n' <<< "$SPARK_SUBMIT_OPTIONS")
fi
if [ -n "$jars" ]; then options+=(--jars "$jars"); fi

# submit COMMAND ARGUMENT…: a run goes where DEPLOY_MODE says; what only looks at one stays here.
submit() {
  if [ "${1:-}" != run ]; then
    exec "$SPARK_HOME/bin/spark-submit" --master "$SPARK_MASTER" "${options[@]}" "${given[@]}" \
      --deploy-mode client "$(jar)" "$@"
  fi
  local id=${CHAMELEON_RUN_ID:-$(hostname)-$$-$(date +%s)} code=0
  "$SPARK_HOME/bin/spark-submit" --master "$SPARK_MASTER" --deploy-mode "$DEPLOY_MODE" \
    "${options[@]}" "${given[@]}" "$(jar)" "$@" --run-id "$id" || code=$?
  if [ $code != 0 ] || [ "$DEPLOY_MODE" = client ]; then
    return $code
  fi
  # On the cluster spark-submit may leave with 0 whatever became of the driver: run.json tells.
  "$SPARK_HOME/bin/spark-submit" --master 'local[1]' "${options[@]}" "${given[@]}" --deploy-mode client \
    "$(jar)" status "${@:2}" --run-id "$id"
}
