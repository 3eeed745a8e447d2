package io.squisher.onnx.fisher;

import io.squisher.SquisherException;
import io.squisher.files.Opening;
import io.squisher.files.SameFile;
import io.squisher.proto.Shard;
import io.squisher.proto.Sums;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sums of several files, added in the order of their shards: the same division of the data gives the same bits, in whatever
 * order the files are named and wherever each was made. Files without a shard are added in the given order.
 */
public final class FisherMerge implements AutoCloseable {
    private final List<FisherSumsFile> files;
    private final FisherSums sums;

    private FisherMerge(List<FisherSumsFile> files, FisherSums sums) {
        this.files = files;
        this.sums = sums;
    }

    /**
     * Opens files and checks that they can be added.
     *
     * @param paths at least one
     * @throws SquisherException if one cannot be read, two are of different estimations or hold the same examples, or the
     *     shards are not of one data set
     */
    public static FisherMerge open(List<Path> paths) {
        try (Opening opening = new Opening()) {
            List<FisherSumsFile> files = new ArrayList<>();
            for (Path path : paths) {
                refuseTwice(path, files);
                files.add(opening.add(FisherSumsFile.open(path)));
            }
            files.sort(Comparator.comparingInt(FisherMerge::firstShard));
            files.forEach(file -> checkBeside(files.get(0), file));
            checkShards(files);
            FisherSums sums =
                    FisherSums.sum(files.stream().map(FisherSumsFile::sums).toList());
            return opening.keep(new FisherMerge(files, sums));
        }
    }

    private static void refuseTwice(Path path, List<FisherSumsFile> files) {
        for (FisherSumsFile file : files) {
            if (SameFile.is(path, file.path())) {
                throw new SquisherException("'" + path + "' is given twice, and would count twice; give it once");
            }
        }
    }

    private static int firstShard(FisherSumsFile file) {
        return file.sums().header().getShardsList().stream()
                .mapToInt(Shard::getNumber)
                .min()
                .orElse(0);
    }

    private static void checkBeside(FisherSumsFile first, FisherSumsFile file) {
        Sums header = file.sums().header();
        // Tensors first: the hash of the weights is over those alone, and says less.
        Optional<String> difference = SumsHeaders.difference(
                        first.sums().tensors(), file.sums().tensors())
                .or(() -> SumsHeaders.difference(first.sums().header(), header));
        difference.ifPresent(different -> {
            throw new SquisherException("'" + file.path() + "' and '" + first.path()
                    + "' are of different estimations, whose sums cannot be added: " + different);
        });
        if ((header.getShardsCount() == 0) != (first.sums().header().getShardsCount() == 0)) {
            FisherSumsFile without = header.getShardsCount() == 0 ? file : first;
            throw new SquisherException("'" + without.path()
                    + "' does not say which shard it is, and the others do: examples could count twice");
        }
    }

    /** Shards of one data set differ by one example at most. */
    private static void checkShards(List<FisherSumsFile> files) {
        for (int i = 0; i < files.size(); i++) {
            for (Shard shard : files.get(i).sums().header().getShardsList()) {
                for (FisherSumsFile earlier : files.subList(0, i)) {
                    refuseOverlap(shard, files.get(i), earlier);
                }
            }
        }
        List<FisherSumsFile> single = files.stream()
                .filter(file -> file.sums().header().getShardsCount() == 1)
                .toList();
        for (FisherSumsFile file : single) {
            FisherSumsFile first = single.get(0);
            long more = Math.abs(file.sums().count() - first.sums().count());
            if (more > 1) {
                throw new SquisherException(
                        "'" + first.path() + "' holds " + first.sums().count() + " examples and '"
                                + file.path() + "' " + file.sums().count()
                                + ": shards of one data set differ by one at most, so these are of different data");
            }
        }
    }

    private static void refuseOverlap(Shard shard, FisherSumsFile file, FisherSumsFile earlier) {
        for (Shard other : earlier.sums().header().getShardsList()) {
            if (other.getCount() != shard.getCount()) {
                throw new SquisherException(
                        "'" + earlier.path() + "' is the shard " + SumsHeaders.text(other) + " and '"
                                + file.path() + "' the shard " + SumsHeaders.text(shard)
                                + ": parts of different divisions overlap");
            }
            if (other.getNumber() == shard.getNumber()) {
                throw new SquisherException("'" + earlier.path() + "' and '" + file.path() + "' are both the shard "
                        + SumsHeaders.text(shard) + ", whose examples would count twice; give one of them");
            }
        }
    }

    /** The sum of all, readable until {@link #close()}. */
    public FisherSums sums() {
        return sums;
    }

    /** The numbers of the shards that are not among the files. */
    public Set<Integer> missing() {
        return SumsHeaders.missing(sums.header());
    }

    /**
     * Checks that no shard is missing.
     *
     * @throws SquisherException naming those that are
     */
    public void requireAll() {
        Set<Integer> missing = missing();
        if (!missing.isEmpty()) {
            throw new SquisherException("of " + sums.header().getShards(0).getCount() + " shards "
                    + (missing.size() == 1 ? "number " + missing.iterator().next() + " is" : missing + " are")
                    + " missing; compute " + (missing.size() == 1 ? "it" : "them")
                    + ", or --allow-missing takes the Fisher of the others");
        }
    }

    @Override
    public void close() {
        files.forEach(FisherSumsFile::close);
    }
}
