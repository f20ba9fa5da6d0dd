"""Curvature regularisation: the loss bends little along the direction in which it rises.

Moosavi-Dezfooli, Fawzi, Uesato, Frossard, Robustness via curvature regularization, and vice versa, CVPR 2019:
the penalty is the mean of ||grad l(x + h z) - grad l(x)||^2 with z the unit vector along sign(grad l(x)).
"""
import torch
import torch.nn.functional as F


def curvature_penalty(net, images, labels, step):
    """The penalty over a batch, with its graph; gradients of the summed loss, so that images do not mix."""
    images = images.detach().requires_grad_()
    loss = F.cross_entropy(net(images), labels, reduction="sum")
    (here,) = torch.autograd.grad(loss, images, create_graph=True)
    towards = F.normalize(here.detach().sign().flatten(1)).view_as(images)
    moved = (images + step * towards).detach().requires_grad_()
    (there,) = torch.autograd.grad(
        F.cross_entropy(net(moved), labels, reduction="sum"), moved, create_graph=True)
    return (there - here).flatten(1).square().sum(1).mean()
