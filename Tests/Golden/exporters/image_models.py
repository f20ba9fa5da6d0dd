"""timm's architectures, with the `config.json` that `timm.models.save_for_hf` leaves beside a model."""
import numpy as np
import timm
import torch
from PIL import Image
from timm.data import create_transform, resolve_data_config
from timm.models._hub import save_config_for_hf
from timm.utils.model import reparameterize_model

from .case import export, rounding, run
from .pictures import NAMES
from .pytorch import balance, margin_gradient, seeded, write


def prepared(transform, files):
    return torch.stack([transform(Image.open(f).convert("RGB")) for f in files])


def normalized(config):
    """What the transform does to pixels that need no resizing."""
    mean, std = (torch.tensor(config[key]).view(1, -1, 1, 1) for key in ("mean", "std"))
    return lambda x: (x - mean.to(x)) / std.to(x)


def centre(pictures, side):
    edge = round((pictures.shape[-1] - side) / 2)
    return np.ascontiguousarray(pictures[:, :, edge:edge + side, edge:edge + side])


def network(name, exporter="dynamo", side=None, small=False, fused=False, options=None):
    """A case of one architecture; pictures have the size to which timm's own transform resizes before it crops."""
    title = "timm-" + name.replace("_", "-") + ("-fused" if fused else "")

    @export(title, f"timm, {exporter}", small=small)
    def make(folder):
        net = seeded(timm.create_model, name, pretrained=False, num_classes=10, exportable=True, **(options or {}))
        config = resolve_data_config({"input_size": (3, side, side)} if side else {}, model=net)
        transform, feed = create_transform(**config), normalized(config)
        x = centre(folder.pictures(transform.transforms[0].size), config["input_size"][-1])
        scores = lambda p: net(feed(p))
        balance(net, scores, x)
        net = reparameterize_model(net) if fused else net
        fed = prepared(transform, folder.files)
        assert torch.allclose(fed, feed(torch.tensor(x)), atol=1e-5)
        write(net, fed[:1], folder.model, exporter)
        net.pretrained_cfg = {**net.pretrained_cfg, **config}
        save_config_for_hf(net, folder.path("config.json"), model_config={"num_classes": 10, "label_names": NAMES})
        others = run(folder.model, prepared(transform, folder.others()).numpy())
        folder.write(run(folder.model, fed.numpy()), others=others, rounding=rounding(folder.model, fed.numpy()),
                     **margin_gradient(net, scores, x))


network("deit_tiny_patch16_224", side=64, options={"img_size": 64})
network("mixer_s32_224", side=64, options={"img_size": 64})
network("mobilevit_xxs", side=64)
network("repvgg_a0", side=64)
network("repvgg_a0", "script", side=64, fused=True)
network("vit_small_patch14_dinov2", side=70, options={"img_size": 70})
network("beit_base_patch16_224", "script", side=64, options={"img_size": 64, "depth": 3})
network("convnextv2_atto", "script", side=64)
network("efficientvit_b0", side=64)
network("mobilenetv4_conv_small", "script", side=64)
network("ghostnet_100", "script", side=64)
network("eva02_tiny_patch14_224", side=70, options={"img_size": 70})
network("fastvit_t8", side=64)
network("xcit_nano_12_p16_224", side=64)
network("nfnet_l0", "script", side=64)
network("resnet26d", side=64)
network("test_vit", side=160, small=True)
network("test_resnet", "script", side=96, small=True)
network("test_byobnet", side=96, small=True)
