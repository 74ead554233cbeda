#!/usr/bin/env bash
# Installs the jars and Python packages of the interoperability tests below a folder, or some environments of them alone:
# usage install.sh FOLDER [ENVIRONMENT ...]
# One environment each, because they want different versions of the same packages.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$1
environment() {
  local name=$1 stamp
  shift
  stamp=$(cat "$here/$name.txt" | sha256sum)
  if [ "$(cat "$folder/$name/.stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "${folder:?}/$name"
    python3 -m venv "$folder/$name"
    "$folder/$name/bin/pip" install -q --disable-pip-version-check "$@" -r "$here/$name.txt"
    echo "$stamp" > "$folder/$name/.stamp"
  fi
}
mkdir -p "$folder"
if [ $# -gt 1 ]; then
  for name in "${@:2}"; do environment "$name"; done
  exit
fi
mvn -q -B -f "$here/jars.pom.xml" dependency:copy -Dfolder="$(cd "$folder" && pwd)/jars"
environment model
environment data
# The trainers' libraries pin versions that contradict each other, and work with those listed; torch is the model's.
environment trainers --no-deps
(cd "$folder/model/lib"/python3*/site-packages && pwd) > "$(echo "$folder/trainers/lib"/python3*/site-packages)/model.pth"
environment spark
environment spark4
environment airflow
environment moto
