package outside;

import io.squisher.apps.Compressing;
import io.squisher.apps.Consolidating;
import io.squisher.apps.Converting;
import io.squisher.apps.Embedding;
import io.squisher.apps.Masking;
import io.squisher.apps.Merging;
import io.squisher.apps.Pruning;
import io.squisher.apps.UnitPruning;
import io.squisher.apps.taskembedding.Distance;
import io.squisher.apps.taskembedding.TaskDistances;
import io.squisher.apps.taskembedding.TaskEmbedding;
import io.squisher.fisher.FisherDiagonal;
import io.squisher.onnx.Fisher;
import io.squisher.onnx.ModelUnits;
import io.squisher.onnx.fisher.FisherKind;
import io.squisher.onnx.fisher.likelihood.Likelihood;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import io.squisher.units.UnitGroup.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Each job of the library by its entry class. Arguments: the folder to write to, the fixtures, the Keras file. The
 * documentation quotes this program.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        Path modelA = Path.of(arguments[1], "mlp_relu", "model.onnx");
        Path data = Path.of(arguments[1], "mlp_relu", "data.npz");
        Path fisherA = folder.resolve("a.fisher.safetensors");
        FisherDiagonal fisher = Fisher.of(modelA)
                .data(data)
                .likelihood(new Likelihood.Categorical(-1))
                .kind(new FisherKind.Exact())
                .writeTo(fisherA);
        System.out.println(fisher);

        float[] images = new float[8 * 20];
        long[] labels = {0, 1, 2, 3, 4, 0, 1, 2};
        FisherDiagonal ofArrays = Fisher.of(modelA)
                .array("input", Tensor.of(Shape.of(8, 20), images))
                .array("labels", Tensor.of(Shape.of(8), labels))
                .compute();
        System.out.println(ofArrays.tensor(ofArrays.names().iterator().next()));

        Path modelB = folder.resolve("b.onnx");
        Path fisherB = folder.resolve("b.fisher.safetensors");
        System.out.println(Pruning.of(modelA).fisher(fisherA).sparsity(0.5).writeTo(modelB));
        Fisher.of(modelB).data(data).writeTo(fisherB);

        Path merged = folder.resolve("merged.onnx");
        System.out.println(Merging.of(modelA, modelB).fishers(fisherA, fisherB).writeTo(merged));

        Path smaller = folder.resolve("smaller.onnx");
        System.out.println(UnitPruning.of(ModelUnits.of(modelA)).kind(Kind.NEURONS).sparsity(0.5).writeTo(smaller));

        Path compressed = folder.resolve("compressed.onnx");
        System.out.println(Compressing.of(modelA).fisher(fisherA).budget(0.5).writeTo(compressed));

        Path mask = folder.resolve("mask.safetensors");
        System.out.println(Masking.of(fisherA).keep(0.02).exclude("bias").writeTo(mask));

        TaskEmbedding taskA = Embedding.of(fisherA).compute();
        TaskEmbedding taskB = Embedding.of(fisherB).compute();
        System.out.println(TaskDistances.of(List.of(taskA, taskB), Distance.COSINE));

        Path penalty = folder.resolve("ewc.safetensors");
        Path anchor = folder.resolve("anchor.safetensors");
        System.out.println(
                Consolidating.task(modelA, fisherA).and(modelB, fisherB).writeTo(penalty, anchor));

        Path checkpoint = Path.of(arguments[2]);
        Path squisher = folder.resolve("squisher.safetensors");
        System.out.println(Converting.of(checkpoint).batchSize(32).writeTo(squisher));
    }
}
