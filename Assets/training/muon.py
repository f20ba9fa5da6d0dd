"""Muon: steepest descent under the spectral norm for convolutions and matrices (Jordan et al. 2024).

The step of a weight of shape out x in x k x k is its momentum, as a matrix of `out` rows, with every singular value moved
towards one by three steps of a quintic Newton-Schulz iteration. The convolutions are followed by batch normalisation, so
that their scale is free; each is kept at Frobenius norm sqrt(out), and `rate` is the size of a step relative to that.
"""
import torch


def orthogonalized(matrix, steps=3):
    """The nearest matrix of orthonormal rows (or columns), roughly: singular values mostly within 0.3 … 1.2."""
    x = matrix.bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = (x.T if tall else x).contiguous()
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return (x.T if tall else x).to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    def __init__(self, weights, rate, momentum=0.85):
        super().__init__(weights, {"lr": rate, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                state = self.state[weight]
                if not state:
                    state["mean"] = torch.zeros_like(weight.grad)
                mean = state["mean"].mul_(group["momentum"]).add_(weight.grad)
                ahead = weight.grad.add(mean, alpha=group["momentum"])
                weight.mul_(len(weight) ** 0.5 / weight.norm())
                weight.add_(orthogonalized(ahead.flatten(1)).view(weight.shape), alpha=-group["lr"])
