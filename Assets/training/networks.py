"""The networks that the recipes train. Input: RGB in [0, 1], N x 3 x 32 x 32; the normalisation is part of the network."""
import torch
import torch.nn as nn
import torch.nn.functional as F

MEAN = (0.4914, 0.4822, 0.4465)
STD = (0.2470, 0.2435, 0.2616)


class Normalized(nn.Module):
    def __init__(self, body, mean=MEAN, std=STD):
        super().__init__()
        self.body = body
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(1, -1, 1, 1))

    def forward(self, x):
        return self.body((x - self.mean) / self.std)


def lenet():
    """5x5-64, pool, 5x5-64, pool, 384, 192, 10."""
    return nn.Sequential(
        nn.Conv2d(3, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 64, 384), nn.ReLU(), nn.Linear(384, 192), nn.ReLU(), nn.Linear(192, 10))


def convolution(channels, filters, kernel, padding):
    return [nn.Conv2d(channels, filters, kernel, padding=padding, bias=False), nn.BatchNorm2d(filters), nn.ReLU()]


def nin():
    """Network in network (Lin, Chen, Yan 2014), the CIFAR-10 model."""
    return nn.Sequential(
        *convolution(3, 192, 5, 2), *convolution(192, 160, 1, 0), *convolution(160, 96, 1, 0),
        nn.MaxPool2d(3, 2, 1), nn.Dropout(0.2),
        *convolution(96, 192, 5, 2), *convolution(192, 192, 1, 0), *convolution(192, 192, 1, 0),
        nn.AvgPool2d(3, 2, 1), nn.Dropout(0.2),
        *convolution(192, 192, 3, 1), *convolution(192, 192, 1, 0), nn.Conv2d(192, 10, 1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten())


def vgg16():
    layers, channels = [], 3
    for filters in [64, 64, None, 128, 128, None, 256, 256, 256, None, 512, 512, 512, None, 512, 512, 512, None]:
        if filters is None:
            layers.append(nn.MaxPool2d(2))
        else:
            layers += convolution(channels, filters, 3, 1)
            channels = filters
    layers[-1] = nn.AdaptiveMaxPool2d(1)  # 2x2 to one for images of side 32; smaller ones train too
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 10))


class Residual(nn.Module):
    """Two 3x3 convolutions beside an identity, or a 1x1 convolution where the shape changes."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(filters)
        self.second = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(filters)
        self.shortcut = nn.Identity()
        if stride != 1 or channels != filters:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        return F.relu(self.norm2(self.second(F.relu(self.norm1(self.first(x))))) + self.shortcut(x))


def resnet18():
    blocks, channels = convolution(3, 64, 3, 1), 64
    for filters, stride in [(64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)]:
        blocks.append(Residual(channels, filters, stride))
        channels = filters
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


NETWORKS = {"lenet": lenet, "nin": nin, "vgg16": vgg16, "resnet18": resnet18}
