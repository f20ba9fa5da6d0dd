"""timm's architectures, with the `config.json` that `timm.models.save_for_hf` leaves beside a model."""

import timm
import torch
from PIL import Image
from timm.data import create_transform, resolve_data_config
from timm.models._hub import save_config_for_hf

from .case import export, run
from .pictures import NAMES
from .pytorch import balance, margin_gradient, seeded, write


def moments(config):
    return (torch.tensor(config[key]).view(1, -1, 1, 1) for key in ("mean", "std"))


def network(name, exporter="dynamo", side=None, classes=10, small=False, sidecar=True, reparametrise=False, **options):
    """A case of one architecture; pictures are prepared by timm's own transform."""
    title = "timm-" + name.replace("_", "-") + ("-fused" if reparametrise else "") + ("" if sidecar else "-bare")

    @export(title, f"timm, {exporter}", small=small)
    def make(folder):
        net = seeded(timm.create_model, name, pretrained=False, num_classes=classes, exportable=True,
                     **({"img_size": side} if side and "img_size" in options else {}))
        config = resolve_data_config({"input_size": (3, side, side)} if side else {}, model=net)
        side_of_input = config["input_size"][-1]
        x = folder.pictures(side_of_input)
        mean, std = moments(config)
        scores = lambda p: net((p - mean.to(p)) / std.to(p))
        balance(net, scores, x)
        if reparametrise:
            from timm.utils.model import reparameterize_model
            net = reparameterize_model(net)
        fed = (torch.tensor(x) - mean) / std
        write(net, fed[:1], folder.model, exporter)
        net.pretrained_cfg = {**net.pretrained_cfg, **{k: config[k] for k in config}}
        save_config_for_hf(net, folder.path("config.json"), model_config={"num_classes": classes, "label_names": NAMES})
        transform = create_transform(**config)
        others = torch.stack([transform(Image.open(p).convert("RGB")) for p in folder.others()])
        folder.write(run(folder.model, fed.numpy()), others=run(folder.model, others.numpy()),
                     **margin_gradient(net, scores, x))


network("deit_tiny_patch16_224")
network("mixer_s32_224")
network("mobilevit_xxs")
network("repvgg_a0", side=64)
network("repvgg_a0", "script", side=64, reparametrise=True)
network("vit_small_patch14_dinov2", side=98, img_size=True)
network("vit_tiny_r_s16_p8_224")
network("convnextv2_atto", "script", side=96)
network("efficientvit_b0", side=96)
network("mobilenetv4_conv_small", "script", side=96)
network("ghostnet_100", "script", side=64)
network("eva02_tiny_patch14_224")
network("fastvit_t8", side=96)
network("levit_128s")
network("xcit_nano_12_p16_224")
network("nfnet_l0", "script", side=64)
network("test_vit", side=160, small=True)
network("test_resnet", "script", side=160, small=True)
network("test_byobnet", side=160, small=True)
