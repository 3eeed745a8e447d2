package io.squisher.format.pytorch;

import io.squisher.Counted;
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
 * The names that stand for something in pickles of tensors. Rebuilding functions of tensors make views of storages; containers of
 * the standard library make lists and maps. Tensors whose elements are no numbers that we know (complex, float8, quantized) are
 * placeholders of their type, as everything else is that a program puts beside its tensors.
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

    /** Bytes of an element of storages that can be skipped but not read. */
    private static final Map<String, Integer> OTHER_STORAGES = Map.of(
            "ComplexFloatStorage", 8,
            "ComplexDoubleStorage", 16,
            "QInt8Storage", 1,
            "QUInt8Storage", 1,
            "QInt32Storage", 4,
            "QUInt4x2Storage", 1,
            "QUInt2x4Storage", 1);

    private static final Set<String> UNTYPED = Set.of("UntypedStorage", "_UntypedStorage", "TypedStorage");

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

    private static final String SUBCLASS = "torch._tensor._rebuild_from_type_v2";

    private static final Set<String> REBUILDING = Set.of(
            "torch._utils._rebuild_tensor",
            "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_tensor_v3",
            "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_parameter_with_state");

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

    private final Map<String, TorchStorage> storages = new HashMap<>();

    /** All storages that were referred to, by key. */
    Map<String, TorchStorage> storages() {
        return storages;
    }

    @Override
    public boolean knows(PickleGlobal global) {
        String full = global.toString();
        return REBUILDING.contains(full)
                || CONTAINERS.contains(full)
                || full.equals(SUBCLASS)
                || full.equals("_codecs.encode");
    }

    @Override
    public Object construct(PickleGlobal global, List<Object> arguments) {
        String full = global.toString();
        if (REBUILDING.contains(full)) {
            return rebuild(global.name(), arguments);
        }
        if (full.equals(SUBCLASS)) {
            return subclass(arguments);
        }
        if (CONTAINERS.contains(full)) {
            return container(global.name(), arguments);
        }
        return ((String) arguments.get(0)).getBytes(StandardCharsets.ISO_8859_1);
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
            default -> arguments.get(0);
        };
    }

    /**
     * A subclass of Tensor: (function, class, arguments, state). What is no plain view of a storage (a shard of a distributed
     * tensor, blocks of a quantized one) stands for its class.
     */
    private static Object subclass(List<Object> arguments) {
        PickleGlobal function = (PickleGlobal) arguments.get(0);
        List<Object> inner = ((PickleSequence) arguments.get(2)).items();
        if (REBUILDING.contains(function.toString())) {
            return rebuild(function.name(), inner);
        }
        return new PickleObject(arguments.get(1) instanceof PickleGlobal type ? type : function, inner);
    }

    private static Object view(List<Object> arguments, Optional<PickleGlobal> givenType) {
        TorchStorage storage = (TorchStorage) arguments.get(0);
        Optional<ElementType> known =
                givenType.isPresent() ? givenType.map(global -> TYPES.get(global.name())) : storage.type();
        if (known.isEmpty()) {
            return new PickleObject(givenType.orElse(storage.declared()), arguments);
        }
        ElementType type = known.get();
        long[] dims = longs(arguments.get(2));
        long[] strides = longs(arguments.get(3));
        if (dims.length != strides.length) {
            throw new IllegalArgumentException(
                    Counted.of(dims.length, "dimension") + " and " + Counted.of(strides.length, "stride"));
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

    /**
     * {@code ("storage", storage class, key, device, number of elements, …)}; older files of whole modules also have
     * {@code ("module", class, file, source)}, which stands for the class.
     */
    @Override
    public Object persistent(Object id) {
        List<Object> parts = ((PickleSequence) id).items();
        boolean sourceOfClass = "module".equals(parts.get(0)) && parts.size() > 1;
        if (sourceOfClass && parts.get(1) instanceof PickleGlobal type) {
            return type;
        }
        if (!"storage".equals(parts.get(0)) || !(parts.get(1) instanceof PickleGlobal type)) {
            throw new IllegalArgumentException("an outside value that is no storage of a known type");
        }
        String key = (String) parts.get(2);
        long elements = (Long) parts.get(4);
        if (elements < 0 || elements > Long.MAX_VALUE / 16) {
            throw new IllegalArgumentException("a storage of " + Counted.of(elements, "element"));
        }
        return storages.computeIfAbsent(key, k -> storage(k, type, elements));
    }

    private static TorchStorage storage(String key, PickleGlobal declared, long elements) {
        ElementType type = STORAGES.get(declared.name());
        int width = type != null
                ? type.bytes()
                : UNTYPED.contains(declared.name()) ? 1 : OTHER_STORAGES.getOrDefault(declared.name(), 0);
        return new TorchStorage(key, declared, Optional.ofNullable(type), width, elements);
    }

    /** The element type that PyTorch calls by that name; empty for those that cannot be read. */
    static Optional<ElementType> type(PickleGlobal global) {
        return Optional.ofNullable(TYPES.get(global.name()));
    }

    static List<Object> listOf(Object value) {
        return value instanceof PickleSequence sequence ? sequence.items() : new ArrayList<>();
    }
}
