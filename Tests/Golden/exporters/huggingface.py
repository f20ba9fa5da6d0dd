"""Classifiers of Hugging Face's transformers, built from their configurations, in the folder that `save_pretrained` fills.

The graph takes `pixel_values` and gives `logits`, both with an open batch, as Optimum writes it; `config.json` and
`preprocessor_config.json` lie beside it.
"""

import numpy as np
import torch
import transformers
from PIL import Image

from .case import export, run
from .pictures import NAMES
from .pytorch import balance, margin_gradient, seeded, write


class Logits(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, pixel_values):
        return self.net(pixel_values=pixel_values).logits


def shuffled():
    """Names in an order that is not the alphabet's: only the file can say which number means which."""
    return [NAMES[i] for i in (3, 1, 4, 0, 5, 9, 2, 6, 8, 7)]


def prepared(processor, files):
    images = [Image.open(f).convert("RGB") for f in files]
    return np.concatenate([processor(images=image, return_tensors="np")["pixel_values"] for image in images])


def network(title, kind, side, processor, exporter="dynamo", resize=None, **configuration):
    """A case: `kind` names the configuration and model classes, `processor` its class and options, `resize` the side to
    which it resizes before it crops."""
    @export(f"hf-{title}", f"transformers, {exporter}", small=True)
    def make(folder):
        names = shuffled()
        config = getattr(transformers, kind + "Config")(
            id2label=dict(enumerate(names)), label2id={n: i for i, n in enumerate(names)}, **configuration)
        net = seeded(getattr(transformers, kind + "ForImageClassification"), config)
        own = getattr(transformers, processor[0])(**processor[1])
        edge = ((resize or side) - side) // 2
        x = folder.pictures(resize or side, truth={n: i for i, n in enumerate(names)})
        x = np.ascontiguousarray(x[:, :, edge:edge + side, edge:edge + side])
        fed = prepared(own, folder.files).astype(np.float32)
        config.architectures = [kind + "ForImageClassification"]
        config.save_pretrained(folder.root)
        own.save_pretrained(folder.root)
        whole = Logits(net)
        feed = affine(fed, x)
        scores = lambda p: whole(feed(p))
        balance(whole, scores, x)
        axes = dict(dynamic_axes={"pixel_values": {0: "batch_size"}, "logits": {0: "batch_size"}}) \
            if exporter == "script" else dict(dynamic_shapes=({0: torch.export.Dim("batch_size")},))
        write(whole, torch.tensor(fed[:2]), folder.model, exporter, input_names=["pixel_values"],
              output_names=["logits"], **axes)
        others = prepared(own, folder.others()).astype(np.float32)
        resized = run(folder.model, others)
        # The processors by torchvision and by Pillow round their resized pixels differently, by a level at most.
        twin = getattr(transformers, processor[0] + "Pil")(**processor[1])
        other = run(folder.model, prepared(twin, folder.others()).astype(np.float32))
        spread = float(np.abs(other - resized).max() / np.abs(resized).max())
        folder.write(run(folder.model, fed), others=resized, limits={"resized": max(2e-2, 1.5 * spread)},
                     **margin_gradient(whole, scores, x))


def affine(fed, pixels):
    """What the processor did to pictures of the right size, as a function of pixels: an affine map of each channel, perhaps of other channels."""
    order, factors = [], []
    for channel in range(3):
        y = fed[:, channel].ravel().astype(np.float64)
        fits = [np.polyfit(pixels[:, c].ravel().astype(np.float64), y, 1, full=True)[:2] for c in range(3)]
        best = min(range(3), key=lambda c: float(fits[c][1][0]))
        assert float(fits[best][1][0]) / len(y) < 1e-8, "the processor changes pictures of the right size"
        order.append(best)
        factors.append(fits[best][0])
    size, shift = (torch.tensor([f[i] for f in factors]).view(1, 3, 1, 1) for i in (0, 1))
    return lambda p: p[:, order] * size.to(p) + shift.to(p)


def square(side):
    return {"height": side, "width": side}


SMALL = dict(hidden_size=48, num_hidden_layers=3, num_attention_heads=3, intermediate_size=96)

CROPPED = {"size": {"shortest_edge": 72}, "crop_size": square(64)}
IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
SHARE = {"size": {"shortest_edge": 56}, "crop_pct": 0.875}

network("vit", "ViT", 64, ("ViTImageProcessor", {"size": square(64)}), image_size=64, **SMALL)
network("vit-script", "ViT", 64, ("ViTImageProcessor", {"size": square(64)}), "script", image_size=64, **SMALL)
network("deit", "DeiT", 64, ("DeiTImageProcessor", {"size": square(72), "crop_size": square(64)}), resize=72, image_size=64,
        **SMALL)
network("beit", "Beit", 64, ("BeitImageProcessor", {"size": square(64), "crop_size": square(64), "do_center_crop": False}),
        "script", image_size=64, use_relative_position_bias=True, **SMALL)
network("swin", "Swin", 64, ("ViTImageProcessor", {"size": square(64), **IMAGENET}), "script", image_size=64, embed_dim=24,
        depths=[1, 2, 1], num_heads=[2, 2, 4], window_size=4)
network("swinv2", "Swinv2", 64, ("ViTImageProcessor", {"size": square(64)}), "script", image_size=64, embed_dim=24,
        depths=[1, 2, 1], num_heads=[2, 2, 4], window_size=4)
network("dinov2", "Dinov2", 70, ("BitImageProcessor", {"size": {"shortest_edge": 80}, "crop_size": square(70), **IMAGENET}),
        resize=80, image_size=70, patch_size=14, hidden_size=48, num_hidden_layers=3, num_attention_heads=3)
network("dinov2-registers", "Dinov2WithRegisters", 70,
        ("BitImageProcessor", {"size": {"shortest_edge": 80}, "crop_size": square(70), **IMAGENET}), resize=80,
        image_size=70, patch_size=14, hidden_size=48, num_hidden_layers=3, num_attention_heads=3)
network("convnext", "ConvNext", 56, ("ConvNextImageProcessor", SHARE), "script", resize=64,
        hidden_sizes=[24, 32, 48, 64], depths=[1, 1, 2, 1])
network("efficientnet", "EfficientNet", 64, ("EfficientNetImageProcessor", {"size": square(64)}), "script", image_size=64,
        width_coefficient=1.0, depth_coefficient=1.0, hidden_dim=1280,
        initializer_range=0.2)
network("mobilevit", "MobileViT", 64, ("MobileViTImageProcessor", CROPPED), "script", resize=72, image_size=64,
        hidden_sizes=[24, 32, 40], neck_hidden_sizes=[8, 16, 24, 32, 40, 64, 96], initializer_range=0.2)
network("mobilenet-v2", "MobileNetV2", 64, ("MobileNetV2ImageProcessor", CROPPED), resize=72, image_size=64,
        depth_multiplier=0.5)
network("resnet", "ResNet", 56, ("ConvNextImageProcessor", SHARE), resize=64, hidden_sizes=[32, 48, 64, 96],
        depths=[1, 1, 1, 1], embedding_size=24, layer_type="basic")
network("regnet", "RegNet", 56, ("ConvNextImageProcessor", SHARE), "script", resize=64, embedding_size=16,
        hidden_sizes=[24, 32, 48, 64], depths=[1, 1, 1, 1], groups_width=8)
network("levit", "Levit", 64, ("LevitImageProcessor", {"size": {"shortest_edge": 64}, "crop_size": square(64)}), "script",
        resize=73, image_size=64, hidden_sizes=[64, 96, 128], depths=[1, 1, 1], num_attention_heads=[2, 3, 4],
        key_dim=[16, 16, 16], initializer_range=0.1)
network("poolformer", "PoolFormer", 56, ("PoolFormerImageProcessor", {**SHARE, "crop_size": square(56)}), resize=64,
        hidden_sizes=[24, 32, 48, 64], depths=[1, 1, 1, 1])
