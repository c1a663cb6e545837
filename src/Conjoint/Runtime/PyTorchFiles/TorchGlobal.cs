using static TorchSharp.torch;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>A name of a class or function in a pickle that this reader gives a meaning to. The meaning is the reader's own; no code is looked up.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Type">The element type of a storage class or of a <c>torch.dtype</c>.</param>
internal sealed record TorchGlobal(TorchGlobalKind Kind, ScalarType Type = ScalarType.Byte)
{
    private static readonly Dictionary<string, TorchGlobal> s_known = Known();

    /// <summary>The meaning of a name; null for a name without one.</summary>
    public static TorchGlobal? Find(string module, string name) => s_known.GetValueOrDefault($"{module}.{name}");

    private static Dictionary<string, TorchGlobal> Known()
    {
        var known = new Dictionary<string, TorchGlobal>(StringComparer.Ordinal);
        void Add(TorchGlobalKind kind, params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
                known.Add(name, new TorchGlobal(kind));
        }

        foreach (var (storage, type, dtypes) in ((string, ScalarType, string[])[])
        [
            ("Double", ScalarType.Float64, ["float64", "double"]), ("Float", ScalarType.Float32, ["float32", "float"]),
            ("Half", ScalarType.Float16, ["float16", "half"]), ("BFloat16", ScalarType.BFloat16, ["bfloat16"]),
            ("Long", ScalarType.Int64, ["int64", "long"]), ("Int", ScalarType.Int32, ["int32", "int"]), ("Short", ScalarType.Int16, ["int16", "short"]),
            ("Char", ScalarType.Int8, ["int8"]), ("Byte", ScalarType.Byte, ["uint8"]), ("Bool", ScalarType.Bool, ["bool"]),
        ])
        {
            known.Add($"torch.{storage}Storage", new TorchGlobal(TorchGlobalKind.Storage, type));
            known.Add($"torch.cuda.{storage}Storage", new TorchGlobal(TorchGlobalKind.Storage, type));
            foreach (var dtype in dtypes)
                known.Add($"torch.{dtype}", new TorchGlobal(TorchGlobalKind.DType, type));
        }

        Add(TorchGlobalKind.Storage, "torch.UntypedStorage", "torch.storage.UntypedStorage", "torch.storage._UntypedStorage");
        Add(TorchGlobalKind.RebuildTensor, "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2");
        Add(TorchGlobalKind.RebuildTyped, "torch._utils._rebuild_tensor_v3");
        Add(TorchGlobalKind.RebuildParameter, "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state");
        Add(TorchGlobalKind.Size, "torch.Size");

        Add(TorchGlobalKind.Dictionary, "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "builtins.dict", "__builtin__.dict");
        // Dictionaries with attributes: VISSL's and Lightning's settings.
        Add(TorchGlobalKind.Dictionary, "vissl.config.attr_dict.AttrDict", "vissl.utils.hydra_config.AttrDict");
        Add(TorchGlobalKind.Dictionary, "pytorch_lightning.utilities.parsing.AttributeDict", "lightning_fabric.utilities.data.AttributeDict");
        Add(TorchGlobalKind.Set, "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset");

        // Seen in checkpoints beside the weights: command lines, scores, random states, paths.
        Add(TorchGlobalKind.Inert, "argparse.Namespace", "torch.device", "collections.deque", "_codecs.encode", "datetime.timedelta");
        Add(TorchGlobalKind.Inert, "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct");
        Add(TorchGlobalKind.Inert, "numpy._core.multiarray.scalar", "numpy._core.multiarray._reconstruct");
        Add(TorchGlobalKind.Inert, "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib._local.PosixPath", "pathlib._local.WindowsPath");
        foreach (var type in (ReadOnlySpan<string>)["list", "tuple", "int", "float", "bool", "str", "bytes", "bytearray", "complex"])
            Add(TorchGlobalKind.Inert, $"builtins.{type}", $"__builtin__.{type}");
        return known;
    }
}

/// <summary>What a known name means to the reader.</summary>
internal enum TorchGlobalKind
{
    /// <summary>A class of storages.</summary>
    Storage,

    /// <summary>An element type.</summary>
    DType,

    /// <summary>Makes a tensor of a storage, an offset, a shape and strides.</summary>
    RebuildTensor,

    /// <summary>The same over a storage of bytes, with an element type.</summary>
    RebuildTyped,

    /// <summary>Makes a parameter of a tensor; here it is that tensor.</summary>
    RebuildParameter,

    /// <summary>A tensor's shape: a tuple.</summary>
    Size,

    /// <summary>A dictionary.</summary>
    Dictionary,

    /// <summary>A set.</summary>
    Set,

    /// <summary>Anything harmless that weights have no use for.</summary>
    Inert,
}
