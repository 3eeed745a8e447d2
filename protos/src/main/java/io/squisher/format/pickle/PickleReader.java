package io.squisher.format.pickle;

import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The stack machine. It reads one pickle after the other from a file.
 *
 * <p>What is refused: extension codes and out-of-band buffers. A name that the constructors do not know makes a
 * {@link PickleObject}, and so does what is called or built through one. Entries of dictionaries whose keys are neither plain values
 * nor objects are dropped, since nothing here looks them up.
 */
public final class PickleReader {
    /** Values of an honest pickle: a few for each tensor. Each takes a byte of the file and many of memory. */
    private static final long MOST_VALUES = 8 << 20;

    private final FileRegion file;
    private final String format;
    private final PickleConstructors constructors;
    private final PickleInput in;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();
    private long values;
    private long copied;

    /**
     * A reader from byte {@code start} of {@code file} on.
     *
     * @param format what the file is, for messages
     */
    public PickleReader(FileRegion file, long start, String format, PickleConstructors constructors) {
        this.file = file;
        this.format = format;
        this.constructors = constructors;
        this.in = new PickleInput(file, start);
    }

    /** Position after the last pickle that was read. */
    public long position() {
        return in.position();
    }

    /**
     * Reads the next pickle.
     *
     * @throws FormatException if it is damaged or asks for something that is not known
     */
    public Object read() {
        stack.clear();
        marks.clear();
        memo.clear();
        long at = in.position();
        try {
            while (true) {
                at = in.position();
                int opcode = in.unsignedByte();
                if (opcode == '.') {
                    return pop();
                }
                execute(opcode);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ClassCastException | NullPointerException e) {
            String reason =
                    e instanceof IllegalArgumentException ? e.getMessage() : "the stack does not hold what it needs";
            throw FormatException.bad(
                    file.file(), format, "pickle opcode at 0x" + Long.toHexString(at) + ": " + reason);
        }
    }

    private void execute(int opcode) {
        if (!(scalar(opcode) || text(opcode) || stackOrMemo(opcode) || container(opcode) || call(opcode))) {
            throw new IllegalArgumentException("0x" + Integer.toHexString(opcode) + " is no known opcode");
        }
    }

    private boolean scalar(int opcode) {
        switch (opcode) {
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) in.signedInt());
            case 'K' -> push((long) in.unsignedByte());
            case 'M' -> push((long) in.unsignedShort());
            case 0x8a -> push(in.number(in.unsignedByte()));
            case 0x8b -> push(in.number(in.signedInt()));
            case 'G' -> push(in.bigEndianDouble());
            case 'F' -> push(Double.valueOf(in.line()));
            case 'I' -> push(textNumber(in.line()));
            case 'L' -> push(PickleInput.narrow(new BigInteger(decimal(in.line()))));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Parsing decimals takes quadratic time: no honest number of a checkpoint has so many digits. */
    private static String decimal(String line) {
        if (line.length() > 1000) {
            throw new IllegalArgumentException("a number of " + line.length() + " digits");
        }
        return line.replace("L", "");
    }

    private static Object textNumber(String line) {
        return switch (line) {
            case "00" -> false;
            case "01" -> true;
            default -> Long.valueOf(line);
        };
    }

    private boolean text(int opcode) {
        switch (opcode) {
            case 'X', 'T' -> push(in.utf8(in.unsignedInt()));
            case 0x8c, 'U' -> push(in.utf8(in.unsignedByte()));
            case 0x8d -> push(in.utf8(in.signedLong()));
            case 'V' -> push(in.line());
            case 'S' -> push(unquoted(in.line()));
            case 'B' -> push(in.bytes(in.unsignedInt()));
            case 'C' -> push(in.bytes(in.unsignedByte()));
            case 0x8e, 0x96 -> push(in.bytes(in.signedLong()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static String unquoted(String line) {
        if (line.length() < 2) {
            throw new IllegalArgumentException("a string without quotes");
        }
        return line.substring(1, line.length() - 1);
    }

    private boolean stackOrMemo(int opcode) {
        switch (opcode) {
            case 0x80 -> checkProtocol(in.unsignedByte());
            case 0x95 -> in.signedLong();
            case '(' -> marks.add(stack.size());
            case '0' -> pop();
            case '1' -> popMark();
            case '2' -> push(top());
            case 'p' -> memo.put(Long.valueOf(in.line()), top());
            case 'q' -> memo.put((long) in.unsignedByte(), top());
            case 'r' -> memo.put(in.unsignedInt(), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'g' -> push(remembered(Long.parseLong(in.line())));
            case 'h' -> push(remembered(in.unsignedByte()));
            case 'j' -> push(remembered(in.unsignedInt()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void checkProtocol(int version) {
        if (version > 5) {
            throw new IllegalArgumentException("pickle protocol " + version + ", up to 5 are known");
        }
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case '}' -> push(new LinkedHashMap<Object, Object>());
            case ']', ')', 0x8f -> push(new PickleSequence(List.of()));
            case 'l', 't', 0x91 -> push(new PickleSequence(popMark()));
            case 'd' -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                putAll(map, popMark());
                push(map);
            }
            case 0x85, 0x86, 0x87 -> push(new PickleSequence(popLast(opcode - 0x84)));
            case 'a' -> append(popLast(1));
            case 'e', 0x90 -> append(popMark());
            case 's' -> set(popLast(2));
            case 'u' -> set(popMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean call(int opcode) {
        switch (opcode) {
            case 'c' -> {
                String module = in.line();
                push(new PickleGlobal(module, in.line()));
            }
            case 0x93 -> {
                List<Object> names = popLast(2);
                push(new PickleGlobal((String) names.get(0), (String) names.get(1)));
            }
            case 'R', 0x81 -> {
                List<Object> both = popLast(2);
                push(construct(both.get(0), ((PickleSequence) both.get(1)).items()));
            }
            case 0x92 -> {
                List<Object> three = popLast(3);
                push(construct(three.get(0), ((PickleSequence) three.get(1)).items()));
            }
            case 'o' -> {
                List<Object> items = popMark();
                push(construct(items.get(0), items.subList(1, items.size())));
            }
            case 'i' -> {
                String module = in.line();
                push(construct(new PickleGlobal(module, in.line()), popMark()));
            }
            case 'b' -> build(pop());
            case 'Q' -> push(constructors.persistent(pop()));
            case 'P' -> push(constructors.persistent(in.line()));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Nothing is called: a name that is known makes a value of ours, any other thing an object that only has that name. */
    private Object construct(Object callable, List<Object> arguments) {
        if (callable instanceof PickleGlobal global && constructors.knows(global)) {
            arguments.forEach(this::copy);
            return constructors.construct(global, arguments);
        }
        return PickleObject.of(callable, arguments);
    }

    /**
     * A constructor may copy what it is given, and a few bytes name a large value again and again: all copies together are not
     * larger than what the file can hold.
     */
    private void copy(Object argument) {
        if (argument instanceof PickleSequence sequence) {
            copied += sequence.items().size();
        } else if (argument instanceof Map<?, ?> map) {
            copied += map.size();
        } else if (argument instanceof String text) {
            copied += text.length();
        }
        if (copied > file.size()) {
            throw new IllegalArgumentException("it copies its values over and over");
        }
    }

    /** State of an object: kept for those that are data, ignored for the others (an OrderedDict's attributes). */
    private void build(Object state) {
        if (!(top() instanceof PickleObject object)) {
            return;
        }
        boolean attributesAndSlots = state instanceof PickleSequence both
                && both.items().size() == 2
                && both.items().stream().allMatch(part -> part == null || part instanceof Map<?, ?>);
        if (attributesAndSlots) {
            ((PickleSequence) state).items().forEach(part -> addAttributes(object, part));
        } else if (state instanceof Map<?, ?>) {
            addAttributes(object, state);
        } else {
            object.setOtherState(state);
        }
    }

    private void addAttributes(PickleObject object, Object attributes) {
        if (attributes instanceof Map<?, ?> map) {
            copy(map);
            object.state().putAll(map);
        }
    }

    private void append(List<Object> items) {
        Object target = top();
        if (target instanceof PickleSequence sequence) {
            items.forEach(sequence::add);
        } else if (!(target instanceof PickleObject)) {
            throw new IllegalArgumentException("items are added to something that is no list");
        }
    }

    @SuppressWarnings("unchecked")
    private void set(List<Object> keysAndValues) {
        Object target = top();
        if (target instanceof Map<?, ?> map) {
            putAll((Map<Object, Object>) map, keysAndValues);
        } else if (target instanceof PickleObject object) {
            putAll(object.state(), keysAndValues);
        } else {
            throw new IllegalArgumentException("entries are set in something that is no dictionary");
        }
    }

    private static void putAll(Map<Object, Object> map, List<Object> keysAndValues) {
        if (keysAndValues.size() % 2 != 0) {
            throw new IllegalArgumentException("a key without a value");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = keysAndValues.get(i);
            // Objects are compared by identity; other containers may contain themselves.
            if (key instanceof String
                    || key instanceof Number
                    || key instanceof Boolean
                    || key instanceof PickleObject) {
                map.put(key, keysAndValues.get(i + 1));
            }
        }
    }

    private Object remembered(long key) {
        if (!memo.containsKey(key)) {
            throw new IllegalArgumentException("nothing was remembered under " + key);
        }
        return memo.get(key);
    }

    private void push(Object value) {
        if (++values > MOST_VALUES) {
            throw new IllegalArgumentException("more than " + MOST_VALUES + " values");
        }
        stack.add(value);
    }

    private Object top() {
        return stack.get(stack.size() - 1);
    }

    private Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private List<Object> popLast(int count) {
        return cut(stack.size() - count);
    }

    private List<Object> popMark() {
        return cut(marks.remove(marks.size() - 1));
    }

    private List<Object> cut(int from) {
        List<Object> tail = stack.subList(from, stack.size());
        List<Object> items = new ArrayList<>(tail);
        tail.clear();
        return items;
    }
}
