#!/usr/bin/env bash
# Tells Spark the GPUs of this machine, in the form that its discovery scripts have.
addresses=$(nvidia-smi --query-gpu=index --format=csv,noheader | sed 's/.*/"&"/' | paste -sd,)
echo "{\"name\": \"gpu\", \"addresses\": [$addresses]}"
