"""The weights of a joint reader's graph, to go on from where an earlier fit ended."""

from pathlib import Path

import numpy as np

from index.models.wheel import Matrix

_ZERO = 128  # what `index.models.onnx_graph` writes for a weight of 0
_APART = ("qkv", "ao", "fi", "fo")


def read_graph(path: Path) -> dict[str, Matrix]:
    """The tensors that `onnx_graph.write_joint_graph` was given, within the precision of 8 bits."""
    import onnx
    from onnx import numpy_helper

    held = {one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}
    found = {name: held[name] for name in held if name.endswith((".w", ".b"))}
    for name in [name.removesuffix(".w8") for name in held if name.endswith(".w8")]:
        levels = held[f"{name}.w8"].astype(np.float32) - _ZERO
        found[f"{name}.w"] = levels * held[f"{name}.scale"]
    for name in [name for name in found if name.endswith(".qkv.w")]:
        layer = name.removesuffix(".qkv.w")
        weights, biases = found.pop(name), found.pop(f"{layer}.qkv.b")
        for part, own, bias in zip(
            "qkv", np.split(weights, 3, axis=1), np.split(biases, 3), strict=True
        ):
            found[f"{layer}.{part}.w"], found[f"{layer}.{part}.b"] = own, bias
    # The wheel's layout: outputs first, in one row.
    products = [f".{part}.w" for part in (*"qkv", *_APART[1:])]
    return {
        name: own.T.reshape(-1) if any(map(name.endswith, products)) else own
        for name, own in found.items()
    }
