"""Which image of a bundled set shows most: the numbers of Assets/exemplars.json.

Of the first COUNT images that the model labels rightly, the one whose boundary bends most, on average over ±R/5, at z along the UAP of norm R/5
(learnt on 500 images) where along the random direction of seed 1 it leaves its tangent by no more than a fortieth of the
side of a picture of ±EXTENT pixel units.

    python exemplar.py PROGRAM MODEL IMAGES [COUNT]
"""
import json, subprocess, sys, tempfile

EXTENT = 4


def ask(program, *words):
    return json.loads(subprocess.run([program, *words, "--json", "--quiet"], capture_output=True, check=True).stdout)


def main():
    program, model, images = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 30
    radius = ask(program, "noise", model, "--images", images, "--range", "0..100")["radius"] / 5
    labels = ask(program, "predict", model, "--images", images, "--range", f"0..{count}")["predictions"]
    with tempfile.NamedTemporaryFile(suffix=".npy") as v:
        ask(program, "universal", model, "--images", images, "--range", "0..500", "--method", "uap", "--radius",
            str(radius), "--output", v.name)
        found = []
        for row in labels:
            if row["label"] != row["truth"]:
                continue
            bend = {}
            for along in (v.name, "random:1"):
                bend[along] = ask(program, "section", model, "--images", images, "--index", str(row["index"]), "--along",
                                  along, "--extent", str(EXTENT), "--size", "5x5", "--step", str(radius))["curvature"]
            if abs(bend["random:1"]) * EXTENT <= .1:
                found.append((bend[v.name], bend["random:1"], row["index"]))
    for universal, random, image in sorted(found, reverse=True)[:5]:
        print({"model": model, "images": images, "image": image, "among": count, "universal": round(universal, 3),
               "random": round(random, 3)})


main()
