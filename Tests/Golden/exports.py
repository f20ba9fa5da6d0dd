"""Real exports of classifiers by the frameworks people use: made here, then opened by the program without options.

    python exports.py BINARY FOLDER [--only NAME,...] [--family MODULE,...] [--small] [--again] [--table FILE]

Models, pictures and references go to FOLDER, a folder each, and stay: what is there is not made again, what the same
binary has judged is not judged again (`--again` does). Weights are random with a fixed seed, or trained for seconds on
what the packages ship. A family whose framework is not installed is skipped, and said: TensorFlow wants an environment of its own, `exporters/requirements-tensorflow.txt`;
the others are in `exporters/requirements.txt`.

Judged, on pictures as the user of the framework has them, without any option:

- whether the model loads;
- outputs from `predict --logits` with ONNX Runtime on pixels prepared by the framework: 1e-4 of the largest, or three times
  what its own move with the optimiser off and at pixels moved in their last place;
  labels, truths and the model's own probabilities with them; pictures of another size: 2e-2, or what Hugging Face's own
  two ways of resizing differ by;
- the margin's gradient, `derive`, with the framework in double precision: 1e-3, or three times what single precision
  and pixels moved by 1e-6 move it (kinks);
- whether `section` and `curvature` end well.

Exit status 1 where a limit is passed, or a model is refused that is not of a kind that has no answer.
"""
import argparse
import hashlib
import importlib
import json
import os
import sys
import tempfile

from exporters import case, table

FAMILIES = ("scikit", "networks", "heads", "vision", "runtime", "image_models", "huggingface", "yolo", "keras_models",
            "quantised", "qonnx")


def load(families):
    for family in families:
        try:
            importlib.import_module(f"exporters.{family}")
        except ImportError as error:
            print(f"{family} is skipped: {error}", flush=True)


def make(one, folder, results):
    """Whether the case is there, or could be made; what was judged of an older one is forgotten."""
    if os.path.exists(os.path.join(folder, one.name, "case.json")):
        return True
    results.forget(one.name)
    try:
        one.make(case.Folder(folder, one))
        return True
    except Exception as error:
        print(f"{one.name:36} cannot be made: {type(error).__name__}: {str(error).strip()[:200]}", flush=True)
        return False


class Results:
    """What was judged, by case, with the digest of the binary: FOLDER/results.json."""

    def __init__(self, folder, binary):
        self.path = os.path.join(folder, "results.json")
        with open(binary, "rb") as file:
            self.digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.all = self.read()

    def read(self):
        if not os.path.exists(self.path):
            return {}
        with open(self.path) as file:
            return json.load(file)

    def has(self, name):
        return self.all.get(name, {}).get("binary") == self.digest

    def forget(self, name):
        self.all.pop(name, None)

    def keep(self, name, judged):
        self.all = {**self.read(), name: {**judged, "binary": self.digest}}  # another run may have written meanwhile
        part = f"{self.path}.{os.getpid()}"
        with open(part, "w") as file:
            json.dump(self.all, file, indent=1)
        os.replace(part, self.path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("folder")
    parser.add_argument("--only", default="", help="names or parts of names, with commas")
    parser.add_argument("--family", default=",".join(FAMILIES), help="modules of exporters, with commas")
    parser.add_argument("--small", action="store_true", help="only those that take seconds")
    parser.add_argument("--make", action="store_true", help="make what is missing, judge nothing")
    parser.add_argument("--again", action="store_true", help="judge anew what this binary has judged")
    parser.add_argument("--table", help="write the table to this file")
    parser.add_argument("--options", default="", help="further options of the program")
    a = parser.parse_args()
    from exporters.judge import Judge
    load(a.family.split(","))
    parts = list(filter(None, a.only.split(",")))
    wanted = [c for c in case.CASES.values() if (c.small or not a.small) and (not parts or any(p in c.name for p in parts))]
    results = Results(a.folder, a.binary)
    for one in wanted:
        if not make(one, a.folder, results) or a.make or results.has(one.name) and not a.again:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            judged = Judge(a.binary, a.options.split(), os.path.join(a.folder, one.name), scratch).run()
        results.keep(one.name, judged)
        print(f"{one.name:36} {judged['seconds']:6.1f} s  {'; '.join(judged['wrong']) or 'ok'}", flush=True)
    if a.make:
        return
    text = table.markdown(a.folder, results.read())
    if a.table:
        with open(a.table, "w") as file:
            file.write(text)
    else:
        print(text)
    sys.exit(any(results.all.get(c.name, {}).get("wrong") and not c.refused for c in wanted))


if __name__ == "__main__":
    main()
