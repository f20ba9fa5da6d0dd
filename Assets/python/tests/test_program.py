"""The module and the program together: reports, exports, and what they refuse."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import boundaryscope

try:
    import torch
except ImportError:
    torch = None

SMALL = ["--range", "0..60", "--no-cache"]


class Reports(unittest.TestCase):
    def test_bundled_model(self):
        page = boundaryscope.report("lenet-shapes", "shapes", seconds=3, options=SMALL)
        self.assertTrue(page["verdict"])
        self.assertGreater(page["accuracy"]["rate"], .5)

    def test_what_is_not_there(self):
        with self.assertRaises(boundaryscope.Problem) as caught:
            boundaryscope.report("no-such-model.onnx", "shapes")
        self.assertEqual(caught.exception.status, 66)
        self.assertNotIn("\n", str(caught.exception))

    def test_explorer_without_terminal(self):
        code = "import boundaryscope\ntry: boundaryscope.explore()\nexcept boundaryscope.Problem as p: print(p.status, p)"
        done = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertTrue(done.stdout.startswith("69 the explorer needs a terminal"), done)

    def test_console_script(self):
        done = subprocess.run([sys.executable, "-m", "boundaryscope", "--version"], capture_output=True, text=True)
        self.assertTrue(done.stdout.startswith("boundaryscope "), done)

    def test_missing_program(self):
        env = os.environ | {"BOUNDARYSCOPE_PROGRAM": "/nowhere/boundaryscope"}
        done = subprocess.run([sys.executable, "-m", "boundaryscope"], capture_output=True, text=True, env=env)
        self.assertEqual(done.returncode, 69)
        self.assertEqual(len(done.stderr.splitlines()), 1)


@unittest.skipIf(torch is None, "PyTorch is not installed")
class Networks(unittest.TestCase):
    MEAN, STD = (.4, .5, .6), (.2, .25, .3)

    def setUp(self):
        torch.manual_seed(1)
        self.net = torch.nn.Sequential(
            torch.nn.Conv2d(3, 6, 3), torch.nn.BatchNorm2d(6), torch.nn.GELU(), torch.nn.AdaptiveAvgPool2d(2), torch.nn.Flatten(),
            torch.nn.Dropout(), torch.nn.Linear(24, 4))
        self.x = torch.rand(24, 3, 10, 10)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name) / "net.onnx"

    def test_both_exporters_and_profile(self):
        self.net.train()
        for exporter in ("dynamo", "torchscript", "auto"):
            path = boundaryscope.export(self.net, self.path, self.x, mean=self.MEAN, std=self.STD,
                                        class_names=["one", "two", "three", "four"], exporter=exporter)
            self.assertIn('"three"', path.with_suffix(".json").read_text())
            self.assertEqual(sorted(p.suffix for p in path.parent.iterdir() if p.suffix != ".data"), [".json", ".onnx"])
        self.assertTrue(self.net.training, "the network is left as it was")

    def test_report(self):
        labels = torch.randint(4, (24,))
        normalised = (self.x - torch.tensor(self.MEAN).view(3, 1, 1)) / torch.tensor(self.STD).view(3, 1, 1)
        pages = [boundaryscope.report(self.net, x, labels, mean=self.MEAN, std=self.STD, seconds=2, options=["--no-cache"])
                 for x in (self.x, normalised)]
        self.assertEqual(pages[0]["accuracy"], pages[1]["accuracy"])

    def test_libraries_answers(self):
        class Wrapped(torch.nn.Module):
            def __init__(self, inner):
                super().__init__()
                self.inner = inner

            def forward(self, x):
                return {"loss": None, "logits": self.inner(x)}

        boundaryscope.export(torch.nn.DataParallel(Wrapped(self.net)), self.path, self.x)

    def test_what_the_program_does_not_read(self):
        class Odd(torch.nn.Module):
            def forward(self, x):
                return torch.linalg.det(x).unsqueeze(1) * torch.arange(3.)

        with self.assertRaises(boundaryscope.Problem) as caught:
            boundaryscope.export(Odd(), self.path, self.x, exporter="torchscript")
        self.assertIn("Det", str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))

    def test_what_is_no_classifier(self):
        with self.assertRaisesRegex(boundaryscope.Problem, "only classifiers"):
            boundaryscope.export(torch.nn.Flatten(0), self.path, self.x)

    def test_random_network(self):
        class Random(torch.nn.Module):
            def __init__(self, inner):
                super().__init__()
                self.inner = inner

            def forward(self, x):
                return self.inner(x + torch.randn_like(x))

        with self.assertRaisesRegex(boundaryscope.Problem, "random|Random"):
            boundaryscope.export(Random(self.net), self.path, self.x)


if __name__ == "__main__":
    unittest.main()
