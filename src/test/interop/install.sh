#!/usr/bin/env bash
# Installs the Python packages of the interoperability tests below a folder: usage install.sh FOLDER
# One environment each, because they want different versions of the same packages.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$1
environment() {
  local name=$1 stamp
  stamp=$(cat "$here/$name.txt" | sha256sum)
  if [ "$(cat "$folder/$name/.stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "${folder:?}/$name"
    python3 -m venv "$folder/$name"
    "$folder/$name/bin/pip" install -q --disable-pip-version-check -r "$here/$name.txt"
    if [ "$name" = data ]; then
      # Only its parser and its blender are used, neither needs its dependencies.
      "$folder/$name/bin/pip" install -q --disable-pip-version-check --no-deps megatron-core==0.16.1
    fi
    echo "$stamp" > "$folder/$name/.stamp"
  fi
}
mkdir -p "$folder"
environment model
environment data
environment spark
environment airflow
environment moto
