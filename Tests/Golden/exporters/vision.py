"""torchvision's architectures by PyTorch's exporters."""
import torch
import torchvision
from torch import nn
from torchvision import models

from .case import export
from .pytorch import Normalize, finish, seeded, write_training


def network(name, side, exporter, build=None, small=False, suffix="", inside=False, **options):
    """A case of one architecture with ten classes; `inside`: ImageNet's moments stand in the graph."""
    build = build or (lambda: models.get_model(name, weights=None, num_classes=10))

    @export(f"{name.replace('_', '-')}{suffix}-{exporter}", f"torchvision, {exporter}", small=small)
    def make(folder):
        whole = (lambda: nn.Sequential(Normalize(), build())) if inside else build
        finish(folder, seeded(whole), folder.pictures(side), exporter, **options)


def vgg():
    """VGG-11 as people fit it to small pictures: torchvision's adaptive pooling stays, the dense layers shrink."""
    net = models.vgg11(num_classes=10)
    net.classifier = nn.Sequential(nn.Linear(512 * 49, 64), nn.ReLU(), nn.Dropout(), nn.Linear(64, 10))
    return net


def alexnet():
    net = models.alexnet(num_classes=10)
    net.classifier = nn.Sequential(nn.Dropout(), nn.Linear(256 * 36, 64), nn.ReLU(), nn.Linear(64, 10))
    return net


def maxvit():
    return models.MaxVit(input_size=(64, 64), stem_channels=16, partition_size=2, block_channels=[16, 32, 64],
                         block_layers=[1, 1, 1], head_dim=16, stochastic_depth_prob=0.1, num_classes=10)


def transformer():
    return models.VisionTransformer(image_size=64, patch_size=16, num_layers=4, num_heads=3, hidden_dim=96, mlp_dim=192,
                                    num_classes=10)


# The TorchScript exporter refuses adaptive pooling to more places than there are.
network("vgg11", 32, "dynamo", vgg, small=True)
network("alexnet", 64, "dynamo", alexnet, small=True)
for exporter in ("script", "dynamo"):
    network("resnet18", 32, exporter, small=True)
    network("vit_small", 64, exporter, transformer, small=True)
    network("mobilenet_v3_small", 96, exporter, inside=True)
    network("swin_t", 64, exporter)

network("mobilenet_v2", 96, "dynamo", inside=True)
network("efficientnet_b0", 96, "dynamo", inside=True)
network("densenet121", 64, "script")
network("googlenet", 64, "script", lambda: models.googlenet(num_classes=10, init_weights=False, aux_logits=True),
        balanced=False)
# Its graph takes ImageNet's moments back, so that it wants pixels normalised by them.
network("inception_v3", 96, "dynamo",
        lambda: models.inception_v3(num_classes=10, init_weights=False, transform_input=True),
        balanced=False, feed=Normalize())
network("shufflenet_v2_x0_5", 64, "dynamo")
network("squeezenet1_1", 64, "script", balanced=False)  # an activation and a pooling follow its last layer
network("regnet_y_400mf", 64, "dynamo")
network("convnext_tiny", 64, "script")
network("maxvit", 64, "dynamo", maxvit, inside=True)
network("mnasnet0_5", 64, "script")
network("resnet18", 32, "dynamo", small=True, suffix="-dynamic-batch",
        dynamic_shapes=({0: torch.export.Dim("batch")},), example=torch.rand(2, 3, 32, 32))


@export("googlenet-auxiliary-script", "torchvision, script", refused="batch statistics: exported without model.eval()")
def auxiliary(folder):
    """Three outputs and batch statistics: exported as it is trained."""
    net = seeded(models.googlenet, num_classes=10, init_weights=False, aux_logits=True)
    x = folder.pictures(128)  # the auxiliary heads pool to 4×4 what has to be a multiple of that
    finish(folder, net, x, "script", balanced=False)
    write_training(net, torch.tensor(x[:2]), folder.model)


class Outputs(nn.Module):
    """The logits and what an auxiliary head says of them."""

    def __init__(self):
        super().__init__()
        self.net = models.inception_v3(num_classes=10, init_weights=False, aux_logits=True)

    def forward(self, x):
        kept = {}
        hook = self.net.Mixed_6e.register_forward_hook(lambda module, given, y: kept.update(y=y))
        logits = self.net(x)
        hook.remove()
        return logits, self.net.AuxLogits(kept["y"])


@export("inception-two-heads-script", "torchvision, script")
def two_heads(folder):
    net = seeded(Outputs)
    finish(folder, net, folder.pictures(299, each=1), "script", scores=net.net, balanced=False, output_names=["logits", "aux_logits"],
           output="logits")


class Prepared(nn.Module):
    """torchvision's own preset of transforms as part of the graph: resize, crop, moments."""

    def __init__(self):
        super().__init__()
        self.net = models.mobilenet_v3_small(num_classes=10)
        self.move = torchvision.transforms.Compose([
            torchvision.transforms.Resize((40, 40), antialias=False), torchvision.transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))])

    def forward(self, x):
        return self.net(self.move(x))


@export("mobilenet-preset-inside-script", "torchvision, script", small=True)
def preset(folder):
    finish(folder, seeded(Prepared), folder.pictures(64), "script")
