"""How often the judge of readings is right, on networks whose right reading is known.

Trains small networks for seconds, each with one reading of pixels (range, moments, order of channels), on CIFAR-10 records
and on MNIST, exports them without it, and asks `boundaryscope inspect MODEL --images SET --json` twice: as if nothing were
known (the judge has to suspect the default reading and find one as good as the right one), and with the right options (a
suspicion is a false alarm). Networks of others with known readings, listed in OTHERS, are asked the same.

    python judge.py PROGRAM DATA WORK        DATA: cifar10/ mnist/ models/ ; WORK: a folder for the networks
"""
import gzip, json, pathlib, struct, subprocess, sys
import numpy as np

CIFAR = ([.4914, .4822, .4465], [.247, .2435, .2616])
IMAGENET = ([.485, .456, .406], [.229, .224, .225])
# name: scale, mean, std (in the order of the model's channels), channels
COLORED = {
    "unit": ("unit", None, None, "rgb"),
    "half": ("unit", [.5], [.5], "rgb"),
    "imagenet": ("unit", *IMAGENET, "rgb"),
    "cifar": ("unit", *CIFAR, "rgb"),
    "cifar-bgr": ("unit", CIFAR[0][::-1], CIFAR[1][::-1], "bgr"),
    "byte": ("byte", None, None, "rgb"),
    "caffe": ("byte", [103.939, 116.779, 123.68], None, "bgr"),
    "means": ("unit", CIFAR[0], None, "rgb"),
}
GREY = {
    "unit": ("unit", None, None, "grey"), "half": ("unit", [.5], [.5], "grey"),
    "mnist": ("unit", [.1307], [.3081], "grey"), "byte": ("byte", None, None, "grey"),
}
OTHERS = {
    "cifar10/derived_akamaster_resnet20": COLORED["imagenet"], "cifar10/derived_akamaster_resnet56": COLORED["imagenet"],
    "cifar10/vnncomp2021_cifar10_resnet_2b": COLORED["cifar"], "cifar10/vnncomp2021_cifar10_resnet_4b": COLORED["cifar"],
    "cifar10/vnncomp2021_marabou_cifar10_small": COLORED["unit"],
    "cifar10/vnncomp2021_oval21_cifar_base_kw": ("unit", IMAGENET[0], [.225], "rgb"),
    "cifar10/vnncomp2020_nnenum_cifar_base_kw_noscale": COLORED["unit"],
    "cifar10/winml_ImageClassifier": COLORED["half"],
    "cifar10/derived_abcrown_sdp_cifar_cnn_a_mix": ("unit", CIFAR[0], [.2023, .1994, .201], "rgb"),
    "mnist/vnncomp2021_mnistfc_256x2": GREY["unit"], "mnist/derived_burn_mnist_logsoftmax": GREY["mnist"],
    "mnist/derived_lts4_deepfool_lenet_meansub": GREY["byte"], "mnist/vnncomp2020_eth_mnist_0.1": GREY["mnist"],
}


def cifar(data, count):
    raw = np.fromfile(data / "cifar10/data_batch_1.bin", np.uint8).reshape(-1, 3073)[:count]
    return raw[:, 1:].reshape(-1, 3, 32, 32), raw[:, 0].astype(int)


def mnist(data, count):
    with gzip.open(data / "mnist/t10k-images-idx3-ubyte.gz") as f:
        images = np.frombuffer(f.read()[16:], np.uint8).reshape(-1, 1, 28, 28)
    with gzip.open(data / "mnist/t10k-labels-idx1-ubyte.gz") as f:
        labels = np.frombuffer(f.read()[8:], np.uint8).astype(int)
    return images[:count], labels[:count]


def read(images, reading):
    scale, mean, std, channels = reading
    x = images.astype(np.float32) / (1 if scale == "byte" else 255)
    if channels == "bgr":
        x = x[:, ::-1]
    shape = (1, -1, 1, 1)
    x = x - np.array(mean or [0], np.float32).reshape(shape)
    return np.ascontiguousarray(x / np.array(std or [1], np.float32).reshape(shape))


def train(images, labels, reading, seed, path):
    import torch
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    c, side = images.shape[1], images.shape[2]
    width = 24 + 8 * (seed % 3)
    layers = [torch.nn.Conv2d(c, width, 5, 2, 2), torch.nn.BatchNorm2d(width), torch.nn.ReLU(),
              torch.nn.Conv2d(width, 2 * width, 3, 2, 1), torch.nn.BatchNorm2d(2 * width), torch.nn.ReLU(),
              torch.nn.Conv2d(2 * width, 2 * width, 3, 2, 1), torch.nn.ReLU(),
              torch.nn.AdaptiveAvgPool2d(2), torch.nn.Flatten(), torch.nn.Linear(8 * width, 10)]
    net = torch.nn.Sequential(*layers)
    optimiser = torch.optim.Adam(net.parameters(), 2e-3)
    x, y = torch.tensor(read(images, reading)), torch.tensor(labels)
    for _ in range(5 if c == 3 else 2):
        for batch in torch.randperm(len(x)).split(128):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(net(x[batch]), y[batch]).backward()
            optimiser.step()
    net.eval()
    torch.onnx.export(net, x[:1], str(path), opset_version=13, dynamo=False, input_names=["x"], output_names=["y"])


def options(reading):
    scale, mean, std, channels = reading
    text = lambda values, none: ",".join(str(v) for v in values) if values else none
    words = ["--scale", scale, "--mean", text(mean, "0"), "--std", text(std, "1")]
    return words + (["--channels", channels] if channels != "grey" else [])


def ask(program, model, images, words):
    out = subprocess.run([program, "inspect", str(model), "--images", str(images), "--json", "--no-cache", *words],
                         capture_output=True, text=True)
    return json.loads(out.stdout)["preprocessing"] if out.returncode == 0 else out.stderr.strip()


def main():
    program, data, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    work.mkdir(parents=True, exist_ok=True)
    cases = [(data / f"models/{name}.onnx", reading) for name, reading in OTHERS.items()]
    for kind, readings, images in [("cifar", COLORED, cifar(data, 6000)), ("mnist", GREY, mnist(data, 6000))]:
        for name, reading in readings.items():
            for seed in range(3):
                path = work / f"{kind}-{name}-{seed}.onnx"
                if not path.exists():
                    train(*images, reading, seed, path)
                cases.append((path, reading))
    if program == "-":
        return
    tally = {"right": 0, "wrong": 0, "quiet": 0, "alarms": 0, "failed": 0}
    for path, reading in cases:
        images = data / ("mnist/t10k-images-idx3-ubyte.gz" if "mnist" in str(path) else "cifar10/test_dev_5000.bin")
        given, told = ask(program, path, images, []), ask(program, path, images, options(reading))
        if isinstance(given, str) or isinstance(told, str):
            tally["failed"] += 1
            print(f"{path.stem:45} {given if isinstance(given, str) else told}")
            continue
        own = next(row for row in told["judged"] if row["given"])["accuracy"]
        start = next(row for row in given["judged"] if row["given"])["accuracy"]
        best = given["judged"][0]
        # A reading that is right as often as the right one is a right answer.
        if start >= own - 1e-9 or not given["suspect"] and start > own - .06:
            verdict = "quiet" if not given["suspect"] else "wrong"
        else:
            verdict = "right" if given["suspect"] and best["accuracy"] > own - .05 else "wrong"
        tally[verdict] += 1
        tally["alarms"] += told["suspect"]
        print(f"{path.stem:45} as given {start:.3f} right {own:.3f} best {best['accuracy']:.3f} {best['name']:32} "
              f"{verdict}{'  FALSE ALARM' if told['suspect'] else ''}")
    print(tally, "of", len(cases))


main()
