"""The run-time form of the encoder: an ONNX graph written from the weights, without torch.

BERT as published (Devlin et al. 2019), with onnxruntime's fused operators. Word embeddings are
looked up outside the graph (`index.encoders.onnx_encoder`), so that the file stays small and opens
fast. The four matrix products of a layer are named `qkv`, `ao` (attention output), `fi` and `fo`
(feed-forward in and out); where peaks are known they run on 8-bit weights with 8-bit activations.
Why so: docs/decisions/0002-encoder-runtime.md and 0323.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from index.models.wheel import Matrix, ModelShape

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

Product = Literal["qkv", "ao", "fi", "fo"]
FUSED = "com.microsoft"
OPSET, IR_VERSION = 21, 10
ALPHA = 0.5  # SmoothQuant's balance between activations and weights (Xiao et al. 2023, eq. 4)
_SMOOTHED: frozenset[Product] = frozenset({"qkv", "fi"})
# Neurons of a feed-forward layer in full precision: in seven of twelve layers one rises to 2 to 12
# times what all others reach, and 8 bits over both would tell little of the others.
_APART = 1
Peaks = Mapping[str, Matrix]  # `peaks["l3.fi"]`: the greatest absolute value of each input


def write_graph(
    path: Path, shape: ModelShape, tensors: Mapping[str, Matrix], peaks: Peaks | None = None
) -> None:
    """Write the encoder as ONNX, as many layers as `shape` has; in full precision without `peaks`.

    Inputs: `embeddings` (b, s, hidden) float32 rows of `emb.word`; `lengths` (b,) int32.
    Output: `hidden` (b, s, hidden) float32, the last layer.
    """
    import onnx

    onnx.save(GraphBuilder(shape, tensors, peaks).model(), str(path))


class GraphBuilder:
    """Collects the nodes and weights of an encoder, layer by layer."""

    def __init__(
        self, shape: ModelShape, tensors: Mapping[str, Matrix], peaks: Peaks | None
    ) -> None:
        self.shape = shape
        self.tensors = tensors
        self.peaks = peaks
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []

    def model(self) -> "ModelProto":
        """The whole graph."""
        from onnx import TensorProto, helper

        hidden = self.shape.hidden
        state = self.embed()
        for layer in range(self.shape.layers):
            state = self.layer(layer, state)
        self.nodes.append(helper.make_node("Identity", [state], ["hidden"]))
        graph = helper.make_graph(
            self.nodes,
            "multilingual-e5-small",
            [
                helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["b", "s", hidden]),
                helper.make_tensor_value_info("lengths", TensorProto.INT32, ["b"]),
            ],
            [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["b", "s", hidden])],
            self.weights,
        )
        imports = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=imports, ir_version=IR_VERSION)

    def embed(self) -> str:
        """Word rows plus position and type rows, normalised: (b, s, hidden)."""
        kinds = self.tensors["emb.type"].reshape(-1, self.shape.hidden)
        places = self.tensors["emb.pos"].reshape(-1, self.shape.hidden) + kinds[0]
        length = self.add("Shape", ["embeddings"], start=1, end=2)
        zero, axis = self.constant("zero", np.array([0])), self.constant("axis", np.array([0]))
        rows = self.add("Slice", [self.constant("places", places), zero, length, axis])
        summed = self.add("Add", ["embeddings", rows])
        return self.norm(summed, "emb.ln")

    def layer(self, number: int, state: str) -> str:
        """One transformer layer (post-norm): (b, s, hidden) to (b, s, hidden)."""
        name = f"l{number}"
        context = self.attention(name, state)
        mixed = self.product(name, "ao", context, f"{name}.ao.b")
        state = self.norm(self.add("Add", [state, mixed]), f"{name}.aln")
        outer = self.feed_forward(name, state)
        return self.norm(self.add("Add", [state, outer]), f"{name}.oln")

    def feed_forward(self, name: str, state: str) -> str:
        """(b, s, hidden) to (b, s, hidden)."""
        apart = self.apart(name)
        bias = np.where(apart, 0.0, self.tensors[f"{name}.fi.b"])
        inner = self.product(name, "fi", state)
        inner = self.add("BiasGelu", [inner, self.constant(f"{name}.fi.b", bias)], domain=FUSED)
        outer = self.product(name, "fo", inner, f"{name}.fo.b")
        if not apart.any():
            return outer
        own = {
            "in.w": self.matrix(name, "fi", whole=True)[:, apart],
            "in.b": self.tensors[f"{name}.fi.b"][apart],
            "out.w": self.matrix(name, "fo", whole=True)[apart],
        }
        first, bias_name, second = (
            self.constant(f"{name}.apart.{key}", part) for key, part in own.items()
        )
        few = self.add("MatMul", [state, first])
        few = self.add("BiasGelu", [few, bias_name], domain=FUSED)
        return self.add("Add", [outer, self.add("MatMul", [few, second])])

    def apart(self, name: str) -> npt.NDArray[np.bool_]:
        """(feed_forward,) which neurons of a layer are computed apart, in full precision."""
        found = np.zeros(self.shape.feed_forward, bool)
        if self.peaks is not None:
            found[np.argsort(-self.peaks[f"{name}.fo"])[:_APART]] = True
        return found

    def attention(self, name: str, state: str) -> str:
        """Self-attention without the output's product: (b, s, hidden) to (b, s, hidden)."""
        bias = np.concatenate([self.tensors[f"{name}.{part}.b"] for part in "qkv"])
        bias_name = self.constant(f"{name}.qkv.b", bias)
        heads = self.shape.heads
        if self.peaks is None:
            weights = self.constant(f"{name}.qkv.w", self.matrix(name, "qkv"))
            inputs = [state, weights, bias_name, *self.masked()]
            return self.add("Attention", inputs, domain=FUSED, num_heads=heads)
        packed = self.product(name, "qkv", state)
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        self.add("Split", [packed], outputs=parts, axis=-1, num_outputs=3)
        inputs = [*parts, bias_name, *self.masked()]
        return self.add("MultiHeadAttention", inputs, domain=FUSED, num_heads=heads)

    def masked(self) -> list[str]:
        """The input that tells how much of each row is text, if there is one."""
        return ["lengths"]

    def product(self, name: str, kind: Product, value: str, bias: str = "") -> str:
        """`value` times the matrix, and a bias if one is named."""
        matrix = self.matrix(name, kind)
        key = f"{name}.{kind}"
        if self.peaks is None:
            plain = self.add("MatMul", [value, self.constant(f"{key}.w", matrix)])
            return self.add("Add", [plain, self.weight(bias)]) if bias else plain
        if kind in _SMOOTHED:
            smooth = smoothing(self.peaks[key], matrix)
            value = self.add("Mul", [value, self.constant(f"{key}.smooth", 1.0 / smooth)])
            matrix = matrix * smooth[:, None]
        levels, scales = quantise_columns(matrix)
        points = np.full(len(scales), 128, np.uint8)
        inputs = [value, self.constant(f"{key}.w8", levels)]
        inputs += [self.constant(f"{key}.scale", scales), self.constant(f"{key}.point", points)]
        inputs += [self.weight(bias)] if bias else []
        return self.add("DynamicQuantizeMatMul", inputs, domain=FUSED)

    def norm(self, state: str, name: str) -> str:
        """Normalised. The operator that adds before takes three times as long as both apart."""
        inputs = [state, self.weight(f"{name}.w"), self.weight(f"{name}.b")]
        return self.add("LayerNormalization", inputs, epsilon=self.shape.norm_epsilon, axis=-1)

    def matrix(self, name: str, kind: Product, *, whole: bool = False) -> Matrix:
        """(inputs, outputs) float32 of one product, without the neurons that are computed apart
        unless `whole`; the wheel stores (outputs, inputs)."""
        parts = ["q", "k", "v"] if kind == "qkv" else [kind]
        inputs = self.shape.feed_forward if kind == "fo" else self.shape.hidden
        arrays = [self.tensors[f"{name}.{part}.w"].reshape(-1, inputs).T for part in parts]
        found = np.concatenate(arrays, axis=1)
        if kind == "fi" and not whole:
            found[:, self.apart(name)] = 0.0
        if kind == "fo" and not whole:
            found[self.apart(name)] = 0.0
        return found

    def weight(self, name: str) -> str:
        """One of the model's own tensors as a constant."""
        return self.constant(name, self.tensors[name])

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        """Keeps the values (float64 as float32) under this name."""
        from onnx import numpy_helper

        if values.dtype == np.float64:
            values = values.astype(np.float32)
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(
        self,
        kind: str,
        inputs: list[str],
        *,
        outputs: list[str] | None = None,
        domain: str = "",
        **attributes: Any,
    ) -> str:
        """Appends a node; the name of its first output."""
        from onnx import helper

        outputs = outputs or [f"{kind}_{len(self.nodes)}"]
        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **attributes))
        return outputs[0]


def smoothing(peaks: Matrix, matrix: Matrix) -> Matrix:
    """(inputs,) divisors that move outliers of the activations into the weights.

    SmoothQuant (Xiao et al. 2023, eq. 4): peak^a / max|w|^(1-a), scaled to geometric mean 1.
    """
    weights = np.abs(matrix).max(axis=1) + 1e-8
    factors = np.maximum(peaks, 1e-5) ** ALPHA / weights ** (1 - ALPHA)
    return np.asarray(factors / np.exp(np.log(factors).mean()), np.float32)


def quantise_columns(matrix: Matrix) -> tuple[npt.NDArray[np.uint8], Matrix]:
    """(inputs, outputs) uint8 around 128 and (outputs,) float32 scales, symmetric per column.

    Unsigned, since the signed form saturates in 16-bit sums on processors without VNNI.
    """
    scales = np.maximum(np.abs(matrix).max(axis=0), 1e-12) / 127.0
    levels = np.clip(np.round(matrix / scales), -127, 127) + 128
    return levels.astype(np.uint8), scales.astype(np.float32)
