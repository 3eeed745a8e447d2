package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.internal.protobuf.InvalidProtocolBufferException;
import io.squisher.internal.protobuf.util.JsonFormat;
import io.squisher.proto.Provenance;
import io.squisher.proto.Shard;
import io.squisher.proto.Source;
import io.squisher.proto.Sums;
import io.squisher.proto.TiedTensor;
import io.squisher.tensor.ElementType;
import io.squisher.tensor.Tensor;
import io.squisher.tensor.TensorSpec;
import io.squisher.weights.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What stands beside sums: how headers are added, when they must not be, and what is wrong with one from a file. */
final class SumsHeaders {
    static final int FORMAT_VERSION = 1;

    private SumsHeaders() {}

    /**
     * What was asked, in words that stand in messages; sums with the same are added.
     *
     * @return by aspect
     */
    static Map<String, String> question(Sums header) {
        Provenance provenance = header.getProvenance();
        Map<String, String> question = new LinkedHashMap<>();
        question.put("the weights", "those of the hash " + provenance.getWeightsHash());
        question.put("the kind", kind(header));
        question.put("the likelihood", header.getLikelihood());
        question.put("the output", "'" + header.getOutput() + "'");
        question.put(
                "the shared arrays",
                header.getSharedHash().isEmpty() ? "none" : "those of the hash " + header.getSharedHash());
        question.put(
                "the tied weights",
                header.getTiesCount() == 0
                        ? "none"
                        : header.getTiesList().stream()
                                .map(tie -> tie.getName() + " = " + tie.getOriginal()
                                        + (tie.getTransposed() ? " transposed" : ""))
                                .collect(Collectors.joining(", ")));
        return question;
    }

    private static String kind(Sums header) {
        Provenance provenance = header.getProvenance();
        String name = provenance.getKind().name().toLowerCase(java.util.Locale.ROOT);
        return provenance.getKind() == Provenance.Kind.SAMPLED
                ? name + " with " + provenance.getSampleCount() + " draws and the seed " + provenance.getSeed()
                : name + (header.getTopClasses() > 0 ? " over the top " + header.getTopClasses() + " classes" : "");
    }

    /** The first aspect in which two headers differ: {@code the kind is exact there and empirical here}. */
    static Optional<String> difference(Sums here, Sums there) {
        Map<String, String> asked = question(here);
        for (Map.Entry<String, String> aspect : question(there).entrySet()) {
            String expected = asked.get(aspect.getKey());
            if (!aspect.getValue().equals(expected)) {
                return Optional.of(aspect.getKey() + (aspect.getKey().endsWith("s") ? " differ: " : " differs: ")
                        + aspect.getValue() + " and " + expected);
            }
        }
        return Optional.empty();
    }

    static Sums sum(List<Sums> headers) {
        Sums first = headers.get(0);
        Sums.Builder sum = first.toBuilder();
        Set<Source> sources = new LinkedHashSet<>();
        Map<String, Double> spread = new TreeMap<>();
        long examples = 0;
        long pieces = 0;
        double neglected = 0;
        List<Shard> shards = new ArrayList<>();
        for (Sums header : headers) {
            difference(first, header).ifPresent(difference -> {
                throw new SquisherException("sums of different estimations cannot be added: " + difference);
            });
            sources.addAll(header.getProvenance().getSourcesList());
            header.getSpreadMap().forEach((name, value) -> spread.merge(name, value, Double::sum));
            examples = Math.addExact(examples, header.getExampleCount());
            pieces = Math.addExact(pieces, header.getPieces());
            neglected += header.getNeglected();
            shards.addAll(header.getShardsList());
        }
        shards.sort(Comparator.comparingInt(Shard::getNumber));
        requireDisjoint(shards);
        sum.getProvenanceBuilder().clearSources().addAllSources(sources);
        return sum.clearSpread()
                .putAllSpread(spread)
                .setExampleCount(examples)
                .setPieces(pieces)
                .setNeglected(neglected)
                .clearShards()
                .addAllShards(shards)
                .build();
    }

    private static void requireDisjoint(List<Shard> shards) {
        for (int i = 1; i < shards.size(); i++) {
            Shard shard = shards.get(i);
            Shard before = shards.get(i - 1);
            if (shard.getCount() != before.getCount()) {
                throw new SquisherException("shards of different divisions overlap: " + text(before) + " and "
                        + text(shard) + " cannot be added");
            }
            if (shard.getNumber() == before.getNumber()) {
                throw new SquisherException("the shard " + text(shard) + " is there twice, and would count twice");
            }
        }
    }

    static String text(Shard shard) {
        return shard.getNumber() + "/" + shard.getCount();
    }

    /** The shards that the sums lack, if they are of shards. */
    static Set<Integer> missing(Sums header) {
        Set<Integer> missing = new TreeSet<>();
        if (header.getShardsCount() > 0) {
            Set<Integer> there =
                    header.getShardsList().stream().map(Shard::getNumber).collect(Collectors.toSet());
            for (int number = 1; number <= header.getShards(0).getCount(); number++) {
                if (!there.contains(number)) {
                    missing.add(number);
                }
            }
        }
        return missing;
    }

    /** What a reader of the diagonal should know of the shards. */
    static Optional<String> note(Sums header) {
        if (header.getShardsCount() == 0) {
            return Optional.empty();
        }
        int all = header.getShards(0).getCount();
        Set<Integer> missing = missing(header);
        return Optional.of(
                missing.isEmpty()
                        ? "sums of " + all + " shards"
                        : "sums of " + header.getShardsCount() + " of " + all + " shards; missing: " + missing);
    }

    static TiedWeights ties(Sums header) {
        Map<String, TiedWeights.Copy> copies = new LinkedHashMap<>();
        header.getTiesList()
                .forEach(
                        tie -> copies.put(tie.getName(), new TiedWeights.Copy(tie.getOriginal(), tie.getTransposed())));
        return new TiedWeights(copies);
    }

    static List<TiedTensor> ties(TiedWeights tied) {
        return tied.copies().entrySet().stream()
                .map(tie -> TiedTensor.newBuilder()
                        .setName(tie.getKey())
                        .setOriginal(tie.getValue().original())
                        .setTransposed(tie.getValue().transposed())
                        .build())
                .toList();
    }

    static Map<String, Role> roles(Sums header, Set<String> names) {
        Map<String, Role> roles = new LinkedHashMap<>();
        header.getRolesMap().forEach((name, role) -> {
            if (names.contains(name)) {
                roles.put(name, Role.valueOf(role));
            }
        });
        return roles;
    }

    /** The first tensor in which two sums differ but for its numbers. */
    static Optional<String> difference(Map<String, Tensor> here, Map<String, Tensor> there) {
        Set<String> names = new LinkedHashSet<>(here.keySet());
        names.addAll(there.keySet());
        return names.stream()
                .filter(name -> !spec(here, name).equals(spec(there, name)))
                .findFirst()
                .map(name ->
                        "'" + name + "' is " + spec(there, name) + " in one and " + spec(here, name) + " in the other");
    }

    private static String spec(Map<String, Tensor> tensors, String name) {
        return tensors.containsKey(name) ? TensorSpec.of(tensors.get(name)).toString() : "missing";
    }

    /** What is wrong with a header that stands beside some tensors; empty if nothing is. */
    static Optional<String> problem(Sums header, Map<String, Tensor> tensors) {
        if (header.getExampleCount() < 0 || header.getPieces() < 0 || header.getPieces() > header.getExampleCount()) {
            return Optional.of(header.getExampleCount() + " examples in " + header.getPieces() + " pieces");
        }
        Optional<String> ofTensor = tensors.entrySet().stream()
                .filter(entry -> entry.getValue().type() != ElementType.F64)
                .findFirst()
                .map(entry -> "'" + entry.getKey() + "' is " + TensorSpec.of(entry.getValue()) + ", sums are F64");
        Optional<String> ofTie = header.getTiesList().stream()
                .filter(tie -> !fits(tie, tensors))
                .findFirst()
                .map(tie -> "'" + tie.getName() + "' is tied to '" + tie.getOriginal() + "', which is no such tensor");
        Optional<String> ofShard = header.getShardsList().stream()
                .filter(shard -> shard.getNumber() < 1 || shard.getNumber() > shard.getCount())
                .findFirst()
                .map(shard -> "there is no shard " + text(shard));
        Optional<String> ofRole = header.getRolesMap().values().stream()
                .filter(role -> Arrays.stream(Role.values())
                        .noneMatch(known -> known.name().equals(role)))
                .findFirst()
                .map(role -> "the role " + role + " is not known");
        return ofTensor.or(() -> ofTie).or(() -> ofShard).or(() -> ofRole);
    }

    private static boolean fits(TiedTensor tie, Map<String, Tensor> tensors) {
        Tensor original = tensors.get(tie.getOriginal());
        return original != null
                && !tensors.containsKey(tie.getName())
                && (!tie.getTransposed() || original.shape().rank() == 2);
    }

    static String toJson(Sums header) {
        try {
            return JsonFormat.printer().omittingInsignificantWhitespace().print(header);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    static Sums parse(String json) throws InvalidProtocolBufferException {
        Sums.Builder header = Sums.newBuilder();
        JsonFormat.parser().ignoringUnknownFields().merge(json, header);
        return header.build();
    }
}
