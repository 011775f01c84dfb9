"""The weights of a joint reader's graph, to go on from where an earlier fit ended."""

from pathlib import Path

import numpy as np

from index.models.wheel import Matrix

_ZERO = 128  # what `index.models.onnx_graph` writes for a weight of 0


def read_graph(path: Path) -> dict[str, Matrix]:
    """The tensors that `joint_graph.write_joint_graph` was given, within 8 bits."""
    import onnx
    from onnx import numpy_helper

    held = {one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}
    found = {name: own for name, own in held.items() if name.endswith((".w", ".b"))}
    for name in [name.removesuffix(".w8") for name in held if name.endswith(".w8")]:
        layer, _, product = name.partition(".")
        matrix = (held[f"{name}.w8"].astype(np.float32) - _ZERO) * held[f"{name}.scale"]
        if f"{name}.smooth" in held:
            matrix *= held[f"{name}.smooth"][:, None]
        if product == "fi":
            apart = ~matrix.any(axis=0)
            matrix[:, apart] = found.pop(f"{layer}.apart.in.w")
            found[f"{name}.b"] = found[f"{name}.b"].copy()
            found[f"{name}.b"][apart] = found.pop(f"{layer}.apart.in.b")
        elif product == "fo":
            matrix[~matrix.any(axis=1)] = found.pop(f"{layer}.apart.out.w")
        if product != "qkv":
            found[f"{name}.w"] = _as_in_the_wheel(matrix)
            continue
        biases = np.split(found.pop(f"{name}.b"), 3)
        for part, own, bias in zip("qkv", np.split(matrix, 3, axis=1), biases, strict=True):
            found |= {f"{layer}.{part}.w": _as_in_the_wheel(own), f"{layer}.{part}.b": bias}
    return found


def _as_in_the_wheel(matrix: Matrix) -> Matrix:
    """Outputs first, in one row."""
    return matrix.T.reshape(-1)
