"""Runs the program on one laid-down case, without options, and holds what it says against the reference."""
import json
import os
import subprocess
import time

import numpy as np

LIMITS = {"logits": 1e-4, "gradient": 1e-3, "probability": 1e-3, "resized": 2e-2}


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def behind(head, scores, width):
    """The model's outputs, of `width` columns, from its scores; one column is the second score over the first."""
    if width == 1 and scores.shape[1] == 2:
        scores = scores[:, 1:] - scores[:, :1]
    return {
        "logits": lambda z: z,
        "softmax": softmax,
        "log-softmax": lambda z: np.log(softmax(z)),
        "sigmoid": sigmoid,
        "shares": lambda z: sigmoid(z) / sigmoid(z).sum(1, keepdims=True),
    }[head](scores)


def apart(ours, theirs):
    """The largest difference over the largest number."""
    if ours.shape != theirs.shape:
        raise ValueError(f"{ours.shape[1]} classes, right {theirs.shape[1]}")
    return float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1e-12))


class Refused(Exception):
    """The program's own sentence."""


class Judge:
    """One case's figures: `judged` holds those that could be had, `wrong` what passes its limit or is false."""

    def __init__(self, binary, options, folder, scratch):
        self.command, self.options, self.scratch = [os.path.abspath(binary)], options, scratch
        self.folder = os.path.abspath(folder)
        with open(os.path.join(folder, "case.json")) as file:
            self.facts = json.load(file)
        self.reference = np.load(os.path.join(folder, "reference.npz"))
        self.judged, self.wrong = {}, []

    def program(self, *arguments, timeout=240):
        command = [*self.command, *map(str, arguments), "--json", "--quiet", *self.options]
        environment = {**os.environ, "XDG_CACHE_HOME": os.path.join(self.scratch, "cache")}
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=timeout,
                                  env=environment)
        except subprocess.TimeoutExpired:
            raise Refused(f"{arguments[0]}: still running after {timeout} s")
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or ["no sentence"]
            status = "" if done.returncode == 65 else f"status {done.returncode}: "
            sentence = lines[-1].removeprefix("boundaryscope: ").replace(self.folder + os.sep, "")
            raise Refused(status + sentence)
        return json.loads(done.stdout)

    def path(self, name):
        return os.path.join(self.folder, name)

    @property
    def model(self):
        return self.path(self.facts["model"])

    def limit(self, what, value, least=0.0):
        self.judged[what] = value
        if not value <= max(self.facts["limits"].get(what, LIMITS[what]), least):
            self.wrong.append(f"{what} {value:.1e}")

    def run(self):
        start = time.perf_counter()
        for step in (self.predict, self.resized, self.derive, self.section, self.curvature):
            try:
                step()
            except Refused as refusal:
                self.judged[step.__name__] = "refused"
                self.wrong.append(f"{step.__name__}: {refusal}")
                if step == self.predict:
                    self.judged["loads"] = self.loads()
                    break
            except (ValueError, KeyError, TypeError, IndexError) as error:
                self.wrong.append(f"{step.__name__}: {error!r}"[:160])
        self.judged |= {"wrong": self.wrong, "seconds": time.perf_counter() - start}
        return self.judged

    def loads(self):
        """Whether a model whose pictures are refused is itself read."""
        try:
            answer = self.program("inspect", self.model)
        except Refused:
            return False
        return not answer.get("problem") and not answer.get("unsupported")

    def predictions(self, images):
        answer = self.program("predict", self.model, "--images", self.path(images), "--logits")
        reading = answer.get("preprocessing") or {}
        self.judged.setdefault("source", reading.get("source", ""))
        self.judged.setdefault("guessed", bool(reading.get("guessed")))
        return answer, sorted(answer["predictions"], key=lambda p: p["index"])

    def difference(self, rows, theirs):
        scores = np.array([r["logits"] for r in rows], float)
        with np.errstate(all="ignore"):
            found = behind(self.facts["head"], scores, theirs.shape[1])
        return min(apart(candidate, theirs) for candidate in (found, scores) if candidate.shape == theirs.shape or
                   candidate is found)

    def predict(self):
        answer, rows = self.predictions(self.facts["images"])
        self.judged["loads"] = True
        theirs = self.reference["outputs"]
        if len(rows) != len(theirs):
            raise ValueError(f"{len(rows)} pictures, right {len(theirs)}")
        self.limit("logits", self.difference(rows, theirs), 3 * self.facts.get("rounding", 0))
        self.labels(rows, theirs)
        truth = self.facts["truth"]
        if truth is not None and [r.get("truth") for r in rows] != truth:
            said = [r.get("truth") for r in rows]
            self.judged["truth"] = "unknown" if set(said) == {None} else "false"
            if self.judged["truth"] == "false":
                self.wrong.append(f"truth {said[:6]}, right {truth[:6]}")

    def labels(self, rows, theirs):
        """Estimated labels, and probabilities where the model has its own."""
        if theirs.shape[1] == 1:
            z = theirs[:, 0] - (0.5 if self.facts["head"] == "sigmoid" else 0)
            right = (z > 0).astype(int)
        else:
            right = theirs.argmax(1)
        said = [r["label"] for r in rows]
        if theirs.shape[1] > 1:
            short = theirs[range(len(rows)), right] - theirs[range(len(rows)), said]
            equal = short <= 2 * self.facts["limits"].get("logits", LIMITS["logits"]) * np.abs(theirs).max()
        else:
            equal = right == said
        if not np.all(equal):
            self.wrong.append("labels")
        if self.facts["head"] in ("softmax", "sigmoid", "shares") and theirs.shape[1] > 1:
            own = theirs[range(len(rows)), right]
            self.limit("probability", float(np.abs(own - [r["probability"] for r in rows]).max()))

    def resized(self):
        """Pictures of another size, resized as the files beside the model say."""
        if "others" not in self.reference:
            return
        _, rows = self.predictions("others")
        self.limit("resized", self.difference(rows, self.reference["others"]))

    def derive(self):
        if "gradient" not in self.reference:
            return
        output, pair = os.path.join(self.scratch, "gradient.npy"), self.facts["pair"]
        self.program("derive", self.model, "--images", self.path(self.facts["images"]), "--range", "0..1", "--order",
                     "gradient", "--margin", f"pair:{pair[0]},{pair[1]}", "--output", output)
        ours, theirs = np.load(output)[0].astype(float).ravel(), self.reference["gradient"].ravel()
        if ours.shape != theirs.shape:
            raise ValueError(f"gradient of {ours.size} numbers, right {theirs.size}")
        if self.facts["unscaled"]:
            ours, theirs = (g / max(np.linalg.norm(g), 1e-300) for g in (ours, theirs))
        error = np.linalg.norm(ours - theirs) / max(np.linalg.norm(theirs), 1e-300)
        self.limit("gradient", float(error), 3 * self.facts["kink"])

    def section(self):
        answer = self.program("section", self.model, "--images", self.path(self.facts["images"]), "--index", 0, "--along",
                              "random:1", "--size", "8x8")
        if not np.isfinite(np.array(answer["margin"], float)).all():
            raise ValueError("a margin of the section is not finite")
        self.judged["section"] = "ok"

    def curvature(self):
        answer = self.program("curvature", self.model, "--images", self.path(self.facts["images"]), "--range", "0..2",
                              "--eigenvectors", 1, "--iterations", 3, "--step", 0.5)
        if not np.isfinite(np.array(answer["eigenvalues"], float)).all():
            raise ValueError("an eigenvalue is not finite")
        self.judged["curvature"] = "ok"
