package io.squisher.weights;

import io.squisher.SquisherException;
import io.squisher.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one rule for names that wrappers of a model changed: {@code torch.compile} writes {@code _orig_mod.}, DataParallel {@code
 * module.}, Lightning {@code model.} before each name, FSDP and activation checkpointing put words in the middle, PEFT the name of an
 * adapter. Two files match after these are gone, if then <em>all</em> names and shapes agree.
 */
public final class WrapperNames {
    /** Words that only wrappers write; they may stand anywhere. */
    private static final Set<String> ANYWHERE =
            Set.of("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module", "_fpw_module");

    /** Words that wrappers write first, and models too; they go where all names begin with them. */
    private static final Set<String> FIRST = Set.of("module", "model", "base_model");

    /** Longer chains of wrappers are part of a model. */
    private static final int MOST_WRAPPERS = 8;

    private WrapperNames() {}

    /**
     * How the names of one file become those of another.
     *
     * @param reference tensors of the file whose names are kept
     * @param other tensors of the file that has other names
     * @param subset whether {@code other} may have fewer tensors, as a Fisher of some parameters has
     * @return empty if nothing is to be renamed, or the files do not agree however one takes them
     */
    public static Optional<Renaming> between(Map<String, Shape> reference, Map<String, Shape> other, boolean subset) {
        if (other.isEmpty() || reference.keySet().containsAll(other.keySet())) {
            return Optional.empty();
        }
        List<Stripped> references = Stripped.of(reference.keySet());
        List<Stripped> others = Stripped.of(other.keySet());
        for (int gone = 0; gone < references.size() + others.size() - 1; gone++) {
            for (int i = Math.max(0, gone - others.size() + 1); i <= Math.min(gone, references.size() - 1); i++) {
                Stripped wanted = references.get(i);
                Stripped given = others.get(gone - i);
                boolean oneSide = i == 0 || gone == i;
                if ((oneSide || wanted.wrappersOnly() && given.wrappersOnly())
                        && agree(wanted, reference, given, other, subset)) {
                    return Optional.of(renaming(wanted, given));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * As {@link #between}, after {@code prefix} is taken from the names that begin with it; tensors that then have no counterpart
     * keep their names.
     */
    public static Optional<Renaming> between(Map<String, Shape> reference, Map<String, Shape> other, String prefix) {
        Map<String, String> byName = new LinkedHashMap<>();
        reference.keySet().forEach(name -> byName.put(clean(without(prefix, name)), name));
        Map<String, String> names = new LinkedHashMap<>();
        other.keySet().forEach(name -> {
            String target = byName.get(clean(without(prefix, name)));
            if (target != null && !target.equals(name) && !reference.containsKey(name)) {
                names.put(name, target);
            }
        });
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Renaming(names, "without the prefix '" + prefix + "'"));
    }

    /** {@code name} without {@code prefix}, if it begins with it. */
    public static String without(String prefix, String name) {
        return name.startsWith(prefix) && name.length() > prefix.length() ? name.substring(prefix.length()) : name;
    }

    /**
     * All names without {@code prefix}.
     *
     * @throws SquisherException if two would then be the same
     */
    public static Renaming without(String prefix, Collection<String> names) {
        Map<String, String> renamed = new LinkedHashMap<>();
        Map<String, String> taken = new LinkedHashMap<>();
        for (String name : names) {
            String rest = without(prefix, name);
            String earlier = taken.put(rest, name);
            if (earlier != null) {
                throw new SquisherException(
                        "'" + earlier + "' and '" + name + "' are the same without the prefix '" + prefix + "'");
            }
            if (!rest.equals(name)) {
                renamed.put(name, rest);
            }
        }
        return new Renaming(renamed, "without the prefix '" + prefix + "'");
    }

    /** The names of a set without wrappers, and without some words that all of them begin with. */
    private record Stripped(Map<String, String> names, boolean wrappersOnly) {
        /** First without the words of wrappers alone, then one common first word less each time. */
        static List<Stripped> of(Set<String> all) {
            Map<String, String> names = new LinkedHashMap<>();
            all.forEach(name -> names.put(clean(name), name));
            List<Stripped> levels = new ArrayList<>();
            if (names.size() < all.size()) {
                return levels;
            }
            levels.add(new Stripped(names, true));
            for (Optional<String> word = firstWord(names.keySet());
                    word.isPresent() && levels.size() <= MOST_WRAPPERS;
                    word = firstWord(levels.get(levels.size() - 1).names().keySet())) {
                Stripped last = levels.get(levels.size() - 1);
                int length = word.get().length() + 1;
                Map<String, String> shorter = new LinkedHashMap<>();
                last.names().forEach((rest, name) -> shorter.put(rest.substring(length), name));
                levels.add(new Stripped(shorter, last.wrappersOnly() && FIRST.contains(word.get())));
            }
            return levels;
        }

        private static Optional<String> firstWord(Set<String> names) {
            String one = names.iterator().next();
            int dot = one.indexOf('.');
            String start = dot < 0 ? "" : one.substring(0, dot + 1);
            boolean all = dot > 0 && names.stream().allMatch(name -> name.startsWith(start) && name.length() > dot + 1);
            return all ? Optional.of(one.substring(0, dot)) : Optional.empty();
        }
    }

    private static boolean agree(
            Stripped wanted, Map<String, Shape> reference, Stripped given, Map<String, Shape> other, boolean subset) {
        return (subset || wanted.names().size() == given.names().size())
                && given.names().entrySet().stream().allMatch(entry -> {
                    String name = wanted.names().get(entry.getKey());
                    return name != null && reference.get(name).equals(other.get(entry.getValue()));
                });
    }

    private static Renaming renaming(Stripped wanted, Stripped given) {
        Map<String, String> names = new LinkedHashMap<>();
        given.names().forEach((rest, own) -> {
            String name = wanted.names().get(rest);
            if (!name.equals(own)) {
                names.put(own, name);
            }
        });
        return new Renaming(names, words(names));
    }

    private static String words(Map<String, String> names) {
        Map.Entry<String, String> first = names.entrySet().iterator().next();
        int cut = first.getKey().length() - first.getValue().length();
        String less = cut > 0 ? first.getKey().substring(0, cut) : "";
        String more = cut < 0 ? first.getValue().substring(0, -cut) : "";
        boolean one =
                names.entrySet().stream().allMatch(entry -> (less + entry.getValue()).equals(more + entry.getKey()));
        if (one && !less.isEmpty()) {
            return "without the prefix '" + less + "'";
        }
        return one && !more.isEmpty()
                ? "with the prefix '" + more + "'"
                : "after wrappers' words are taken out, as '" + first.getValue() + "' for '" + first.getKey() + "'";
    }

    /** Without words that only wrappers write, and without the name of a PEFT adapter. */
    private static String clean(String name) {
        List<String> kept = new ArrayList<>();
        String[] words = name.split("\\.", -1);
        for (int i = 0; i < words.length; i++) {
            boolean adapter = words[i].startsWith("lora_") || words[i].equals("modules_to_save");
            if (!ANYWHERE.contains(words[i]) && !words[i].equals("modules_to_save")) {
                kept.add(words[i]);
            }
            if (words[i].equals("lora_magnitude_vector")) {
                // DoRA's vector stands in a module, and in the file by itself.
                break;
            }
            if (adapter && i + 1 < words.length && !words[i + 1].equals("weight") && !words[i + 1].equals("bias")) {
                i++;
            }
        }
        return kept.isEmpty() ? name : String.join(".", kept);
    }
}
