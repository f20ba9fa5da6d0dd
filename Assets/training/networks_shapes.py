"""The networks of the procedural set: small, and each with a lesson of its own about the boundary."""
import torch.nn as nn
import torch.nn.functional as F


def lenet():
    """Two 5x5 convolutions and two dense layers; piecewise linear."""
    return nn.Sequential(
        nn.Conv2d(3, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 48, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3072, 96), nn.ReLU(), nn.Linear(96, 10))


def unit(channels, filters, kernel, activation, stride=1):
    return [nn.Conv2d(channels, filters, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(filters),
            activation()]


def nin():
    """All convolutional, after network in network (Lin, Chen, Yan 2014): 1x1 layers after each wide one."""
    relu = nn.ReLU
    return nn.Sequential(
        *unit(3, 64, 5, relu), *unit(64, 48, 1, relu), nn.MaxPool2d(2),
        *unit(48, 96, 5, relu), *unit(96, 96, 1, relu), nn.AvgPool2d(2),
        *unit(96, 128, 3, relu), *unit(128, 96, 1, relu), nn.Conv2d(96, 10, 1),
        nn.AdaptiveAvgPool2d(1), nn.Flatten())


class Residual(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.first = nn.Sequential(*unit(channels, filters, 3, nn.ReLU, stride))
        self.second = nn.Sequential(nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters))
        self.shortcut = nn.Identity() if stride == 1 else nn.Sequential(
            nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + self.shortcut(x))


def resnet():
    """Three stages of one residual block of two 3x3 convolutions; 8 layers."""
    return nn.Sequential(
        *unit(3, 24, 3, nn.ReLU), Residual(24, 24, 1), Residual(24, 48, 2), Residual(48, 96, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(96, 10))


def smooth():
    """SiLU and average pooling: infinitely differentiable, so that exact Hessians are curvatures."""
    silu = nn.SiLU
    return nn.Sequential(
        *unit(3, 32, 5, silu), nn.AvgPool2d(2), *unit(32, 64, 3, silu), nn.AvgPool2d(2),
        *unit(64, 96, 3, silu), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(96 * 16, 64), silu(), nn.Linear(64, 10))


NETWORKS = {"lenet": lenet, "nin": nin, "resnet": resnet, "smooth": smooth, "lenet-cure": lenet}
