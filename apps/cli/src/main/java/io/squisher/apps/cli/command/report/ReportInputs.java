package io.squisher.apps.cli.command.report;

import io.squisher.apps.cli.model.NameMatching;
import io.squisher.apps.plan.FisherCheck;
import io.squisher.apps.plan.NamedFisher;
import io.squisher.apps.plan.Problems;
import io.squisher.fisher.FisherFile;
import io.squisher.format.WeightFormats;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.mask.MaskFile;
import io.squisher.tensor.Tensor;
import io.squisher.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The files of a page, open, under the names of one of them: the weights, the model, or the first Fisher. */
final class ReportInputs implements AutoCloseable {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<NamedFisher> fishers = new ArrayList<>();
    private Optional<NamedFisher> against = Optional.empty();
    private Optional<OnnxFile> model = Optional.empty();
    private Map<String, Tensor> weights = Map.of();
    private Map<String, Tensor> masks = Map.of();

    private ReportInputs() {}

    static ReportInputs open(ReportRequest request, NameMatching matching) {
        ReportInputs inputs = new ReportInputs();
        try {
            inputs.read(request, matching);
            return inputs;
        } catch (RuntimeException e) {
            inputs.close();
            throw e;
        }
    }

    private void read(ReportRequest request, NameMatching matching) {
        Problems problems = new Problems("cannot read the input");
        for (Path path : request.fishers()) {
            open(path, FisherFile::open, problems)
                    .ifPresent(file -> fishers.add(new NamedFisher(path.toString(), file.diagonal())));
        }
        against = request.against().flatMap(path -> open(path, FisherFile::open, problems)
                .map(file -> new NamedFisher(path.toString(), file.diagonal())));
        request.model().ifPresent(path -> problems.collect(() -> model = Optional.of(OnnxFile.read(path))));
        Optional<WeightSource> source = request.weights()
                .or(request::model)
                .filter(path -> model.isPresent() || request.model().isEmpty())
                .flatMap(path -> open(path, WeightFormats::open, problems));
        Optional<MaskFile> mask = request.mask().flatMap(path -> open(path, MaskFile::open, problems));
        problems.throwIfAny();
        match(request, source, mask, matching);
    }

    private void match(
            ReportRequest request, Optional<WeightSource> source, Optional<MaskFile> mask, NameMatching matching) {
        WeightSource reference =
                source.orElseGet(() -> keep(WeightFormats.open(request.fishers().get(0))));
        fishers.replaceAll(fisher -> matching.matched(reference, fisher));
        against = against.map(fisher -> matching.matched(reference, fisher));
        masks = mask.map(file -> matching.matched(reference, file.path().toString(), file.masks()))
                .orElse(Map.of());
        matching.requireUsed();
        source.ifPresent(weightsOf -> {
            Problems problems = new Problems("cannot make a page");
            FisherCheck check = new FisherCheck(problems, request.allowOtherModel());
            fishers.forEach(fisher -> check.check(weightsOf, fisher, List.of()));
            problems.throwIfAny();
            weights = new LinkedHashMap<>();
            fishers.get(0).diagonal().names().forEach(name -> weights.put(name, weightsOf.tensor(name)));
        });
    }

    private <T extends AutoCloseable> Optional<T> open(Path path, Function<Path, T> opener, Problems problems) {
        List<T> opened = new ArrayList<>();
        problems.collect(() -> opened.add(keep(opener.apply(path))));
        return opened.stream().findFirst();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    List<NamedFisher> fishers() {
        return fishers;
    }

    Optional<NamedFisher> against() {
        return against;
    }

    Optional<OnnxFile> model() {
        return model;
    }

    Map<String, Tensor> weights() {
        return weights;
    }

    Map<String, Tensor> masks() {
        return masks;
    }

    @Override
    public void close() {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
