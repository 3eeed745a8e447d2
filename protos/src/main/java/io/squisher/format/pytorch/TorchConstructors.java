package io.squisher.format.pytorch;

import io.squisher.format.pickle.PickleConstructors;
import io.squisher.format.pickle.PickleGlobal;
import io.squisher.format.pickle.PickleObject;
import io.squisher.format.pickle.PickleSequence;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that pickles of tensors may use. Rebuilding functions of tensors make views of storages; containers of the
 * standard library make lists and maps; a few classes that training programs put beside the tensors are kept as data.
 */
final class TorchConstructors implements PickleConstructors {
    private static final Map<String, ElementType> STORAGES = Map.ofEntries(
            Map.entry("FloatStorage", ElementType.F32),
            Map.entry("DoubleStorage", ElementType.F64),
            Map.entry("HalfStorage", ElementType.F16),
            Map.entry("BFloat16Storage", ElementType.BF16),
            Map.entry("LongStorage", ElementType.I64),
            Map.entry("IntStorage", ElementType.I32),
            Map.entry("ShortStorage", ElementType.I16),
            Map.entry("CharStorage", ElementType.I8),
            Map.entry("ByteStorage", ElementType.U8),
            Map.entry("BoolStorage", ElementType.BOOL));

    private static final Map<String, ElementType> TYPES = Map.ofEntries(
            Map.entry("float32", ElementType.F32),
            Map.entry("float", ElementType.F32),
            Map.entry("float64", ElementType.F64),
            Map.entry("double", ElementType.F64),
            Map.entry("float16", ElementType.F16),
            Map.entry("half", ElementType.F16),
            Map.entry("bfloat16", ElementType.BF16),
            Map.entry("int64", ElementType.I64),
            Map.entry("int32", ElementType.I32),
            Map.entry("int16", ElementType.I16),
            Map.entry("int8", ElementType.I8),
            Map.entry("uint8", ElementType.U8),
            Map.entry("uint16", ElementType.U16),
            Map.entry("uint32", ElementType.U32),
            Map.entry("uint64", ElementType.U64),
            Map.entry("bool", ElementType.BOOL));

    private static final Set<String> REBUILDING = Set.of(
            "torch._utils._rebuild_tensor",
            "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_tensor_v3",
            "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_parameter_with_state",
            "torch._tensor._rebuild_from_type_v2");

    private static final Set<String> CONTAINERS = Set.of(
            "collections.OrderedDict",
            "collections.defaultdict",
            "collections.Counter",
            "builtins.dict",
            "builtins.list",
            "builtins.tuple",
            "builtins.set",
            "builtins.frozenset",
            "__builtin__.dict",
            "__builtin__.list",
            "__builtin__.tuple",
            "__builtin__.set",
            "__builtin__.frozenset",
            "torch.Size");

    /** Harmless classes that are kept as data: none of their code runs here, or anywhere near here. */
    private static final Set<String> DATA = Set.of(
            "argparse.Namespace",
            "builtins.bytearray",
            "builtins.complex",
            "builtins.float",
            "builtins.int",
            "builtins.str",
            "builtins.bool",
            "__builtin__.int",
            "__builtin__.float",
            "__builtin__.str",
            "__builtin__.bool",
            "copyreg._reconstructor",
            "copy_reg._reconstructor",
            "builtins.object",
            "__builtin__.object",
            "datetime.datetime",
            "numpy.core.multiarray._reconstruct",
            "numpy.core.multiarray.scalar",
            "numpy._core.multiarray._reconstruct",
            "numpy._core.multiarray.scalar",
            "numpy.dtype",
            "numpy.ndarray",
            "pathlib.PosixPath",
            "pathlib.WindowsPath",
            "torch.device",
            "torch.Tensor",
            "torch.nn.parameter.Parameter",
            "torch.torch_version.TorchVersion",
            "types.SimpleNamespace");

    /** Modules whose classes describe a run or a layout: loss scalers, enumerations, fragments. */
    private static final List<String> DATA_MODULES =
            List.of("deepspeed.", "transformers.trainer_utils", "torch.distributed.", "omegaconf.", "numpy.dtypes");

    private final Map<String, TorchStorage> storages = new HashMap<>();

    /** All storages that were referred to, by key. */
    Map<String, TorchStorage> storages() {
        return storages;
    }

    @Override
    public boolean allows(PickleGlobal global) {
        String full = global.toString();
        return REBUILDING.contains(full)
                || CONTAINERS.contains(full)
                || DATA.contains(full)
                || full.equals("_codecs.encode")
                || isStorage(global)
                || global.module().equals("torch") && isType(global.name())
                || DATA_MODULES.stream().anyMatch(full::startsWith);
    }

    private static boolean isStorage(PickleGlobal global) {
        boolean module = global.module().equals("torch")
                || global.module().equals("torch.cuda")
                || global.module().equals("torch.storage");
        return module
                && (STORAGES.containsKey(global.name())
                        || Set.of("UntypedStorage", "_UntypedStorage", "TypedStorage")
                                .contains(global.name()));
    }

    /** Also the types that cannot be read: they may stand in settings, where they do no harm. */
    private static boolean isType(String name) {
        return TYPES.containsKey(name)
                || name.startsWith("float8_")
                || name.startsWith("complex")
                || Set.of("strided", "preserve_format", "contiguous_format", "channels_last")
                        .contains(name);
    }

    @Override
    public Object construct(PickleGlobal global, List<Object> arguments) {
        String full = global.toString();
        if (REBUILDING.contains(full)) {
            return rebuild(global.name(), arguments);
        }
        if (CONTAINERS.contains(full)) {
            return container(global.name(), arguments);
        }
        if (full.equals("_codecs.encode")) {
            return ((String) arguments.get(0)).getBytes(StandardCharsets.ISO_8859_1);
        }
        return new PickleObject(global);
    }

    private static Object container(String name, List<Object> arguments) {
        switch (name) {
            case "OrderedDict", "dict", "Counter" -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                if (!arguments.isEmpty() && arguments.get(0) instanceof PickleSequence pairs) {
                    for (Object pair : pairs.items()) {
                        List<Object> entry = ((PickleSequence) pair).items();
                        if (entry.get(0) instanceof String key) {
                            map.put(key, entry.get(1));
                        }
                    }
                }
                return map;
            }
            case "defaultdict" -> {
                return new LinkedHashMap<Object, Object>();
            }
            default -> {
                boolean given = !arguments.isEmpty() && arguments.get(0) instanceof PickleSequence;
                return new PickleSequence(given ? ((PickleSequence) arguments.get(0)).items() : List.of());
            }
        }
    }

    private static Object rebuild(String function, List<Object> arguments) {
        return switch (function) {
            case "_rebuild_tensor", "_rebuild_tensor_v2" -> view(arguments, Optional.empty());
            case "_rebuild_tensor_v3" -> view(arguments, Optional.of((PickleGlobal) arguments.get(6)));
            // The data of a parameter, without requires_grad and hooks.
            case "_rebuild_parameter", "_rebuild_parameter_with_state" -> arguments.get(0);
            // A subclass of Tensor: (function, class, arguments, state).
            default -> rebuild(((PickleGlobal) arguments.get(0)).name(), ((PickleSequence) arguments.get(2)).items());
        };
    }

    private static TorchTensor view(List<Object> arguments, Optional<PickleGlobal> givenType) {
        TorchStorage storage = (TorchStorage) arguments.get(0);
        ElementType type = givenType
                .map(global -> {
                    ElementType known = TYPES.get(global.name());
                    if (known == null) {
                        throw new IllegalArgumentException("tensors of type " + global + " cannot be read");
                    }
                    return known;
                })
                .or(storage::type)
                .orElseThrow(() -> new IllegalArgumentException("a tensor over an untyped storage"));
        long[] dims = longs(arguments.get(2));
        long[] strides = longs(arguments.get(3));
        if (dims.length != strides.length) {
            throw new IllegalArgumentException(dims.length + " dimensions and " + strides.length + " strides");
        }
        try {
            return new TorchTensor(storage, type, Shape.of(dims), strides, (Long) arguments.get(1));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("sizes or strides of a tensor overflow", e);
        }
    }

    private static long[] longs(Object sequence) {
        return ((PickleSequence) sequence)
                .items().stream().mapToLong(item -> (Long) item).toArray();
    }

    /** {@code ("storage", storage class, key, device, number of elements, …)}. */
    @Override
    public Object persistent(Object id) {
        List<Object> parts = ((PickleSequence) id).items();
        if (!"storage".equals(parts.get(0)) || !(parts.get(1) instanceof PickleGlobal type) || !isStorage(type)) {
            throw new IllegalArgumentException("an outside value that is no storage of a known type");
        }
        String key = (String) parts.get(2);
        long elements = (Long) parts.get(4);
        if (elements < 0 || elements > Long.MAX_VALUE / 16) {
            throw new IllegalArgumentException("a storage of " + elements + " elements");
        }
        return storages.computeIfAbsent(
                key, k -> new TorchStorage(k, Optional.ofNullable(STORAGES.get(type.name())), elements));
    }

    static List<Object> listOf(Object value) {
        return value instanceof PickleSequence sequence ? sequence.items() : new ArrayList<>();
    }
}
