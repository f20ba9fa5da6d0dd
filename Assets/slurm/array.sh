#!/usr/bin/env bash
#SBATCH --job-name=boundaryscope
#SBATCH --array=1-16
#SBATCH --cpus-per-task=4
#SBATCH --time=04:00:00
#SBATCH --output=boundaryscope-%A-%a.log
#SBATCH --requeue
#
# Finds ten thousand boundary points with sixteen tasks; a task that was requeued goes on from its last place.
#
#   sbatch Assets/slurm/array.sh model.onnx photos/ 0..10000       then, when all are done,
#   boundaryscope merge parts/*.part --output r.npy --json > perturb.json
#
# Without Slurm the same parts come one after the other:
#
#   PARTS=16 bash Assets/slurm/array.sh model.onnx photos/ 0..10000
set -euo pipefail
model=${1:?usage: array.sh MODEL IMAGES [RANGE] [COMMAND …]} images=${2:?usage: array.sh MODEL IMAGES [RANGE] [COMMAND …]}
range=${3:-}
shift $(($# < 3 ? $# : 3))
command=(perturb)
[[ $# = 0 ]] || command=("$@")
program=${BOUNDARYSCOPE:-boundaryscope}
folder=${FOLDER:-parts}
mkdir -p "$folder"

# Each task takes the threads it was given; Slurm counts them for it.
part() {
  "$program" "${command[@]}" "$model" --images "$images" ${range:+--range "$range"} --shard "$1" --output "$2" \
    --threads "${SLURM_CPUS_PER_TASK:-$(nproc)}" --quiet
}

if [[ -n ${SLURM_ARRAY_TASK_ID:-} ]]; then
  part slurm "$folder/$(printf '%04d' "$SLURM_ARRAY_TASK_ID").part"
else
  parts=${PARTS:-4}
  for ((i = 1; i <= parts; i++)); do part "$i/$parts" "$folder/$(printf '%04d' "$i").part"; done
fi
