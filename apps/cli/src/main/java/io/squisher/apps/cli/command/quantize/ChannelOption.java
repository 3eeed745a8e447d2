package io.squisher.apps.cli.command.quantize;

import io.squisher.apps.cli.option.Domain;
import io.squisher.apps.cli.option.Flags;
import io.squisher.apps.cli.option.Values;
import io.squisher.apps.quantization.ChannelAxes;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.onnx.structure.ChannelAxis;
import io.squisher.weights.WeightSource;
import java.util.Optional;
import org.apache.commons.cli.Option;

/** {@code --channel-axis}: where weights count their output channels; a graph says so itself. */
final class ChannelOption {
    private ChannelOption() {}

    private enum Axis {
        FIRST,
        LAST
    }

    static Option declare() {
        return Flags.value(
                "channel-axis",
                "A",
                Domain.oneOf(Axis.class),
                "output channels along the first or last axis; default: as an ONNX model's operators read them, else first");
    }

    static ChannelAxes of(Values values, WeightSource model) {
        Optional<Axis> given = values.choice("channel-axis", Axis.class);
        if (given.isPresent()) {
            return given.get() == Axis.FIRST ? ChannelAxes.FIRST : ChannelAxes.LAST;
        }
        if (!model.format().hasGraph()) {
            return ChannelAxes.FIRST;
        }
        ChannelAxis axes = ChannelAxis.of(OnnxFile.read(model.path()));
        return (name, shape) -> axes.of(name, shape.rank());
    }
}
