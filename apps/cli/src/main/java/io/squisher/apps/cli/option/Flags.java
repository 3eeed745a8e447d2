package io.squisher.apps.cli.option;

import org.apache.commons.cli.Option;

/** The ways in which options are declared. */
public final class Flags {
    private Flags() {}

    /** {@code --name VALUE}: any words, but some. */
    public static Option value(String name, String argument, String description) {
        return value(name, argument, Domain.TEXT, description);
    }

    /** {@code --name VALUE}, with the values that it takes. */
    public static Option value(String name, String argument, Domain<?> domain, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(argument)
                .converter(domain)
                .desc(description)
                .get();
    }

    /** {@code --name FILE}. */
    public static Option path(String name, String argument, String description) {
        return value(name, argument, Domain.PATH, description);
    }

    /** {@code --scale S}. */
    public static Option scale() {
        return value("scale", "S", Domain.SCALE, "accumulators: none, batch (default), dataset or a number");
    }

    /** {@code --seed N}. */
    public static Option seed(String whatFor) {
        return value("seed", "N", Domain.SEED, whatFor + "; default 0");
    }

    /** {@code --name}. */
    public static Option bare(String name, String description) {
        return Option.builder().longOpt(name).desc(description).get();
    }

    /** {@code -o OUT}, {@code --out OUT}: where {@code kind} is written. */
    public static Option output(OutputKind kind, String description) {
        return output(kind, "OUT", description);
    }

    /** As {@link #output(OutputKind, String)}, with another name for what is written, such as DIR. */
    public static Option output(OutputKind kind, String argument, String description) {
        return Option.builder("o")
                .longOpt("out")
                .hasArg()
                .argName(argument)
                .converter(kind)
                .desc(description)
                .get();
    }

    /** {@code --name FILE}: where {@code kind} is written beside the main output. */
    public static Option outputBeside(String name, OutputKind kind, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName("FILE")
                .converter(kind)
                .desc(description)
                .get();
    }

    /** {@code --name DIR}: a folder that files are written into beside the main output. */
    public static Option outputFolder(String name, OutputKind kind, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName("DIR")
                .converter(kind)
                .desc(description)
                .get();
    }

    /** {@code --json}. */
    public static Option json() {
        return bare("json", "print one JSON document");
    }

    /** {@code --exclude REGEX}. */
    public static Option exclude(String whatFor) {
        return value("exclude", "REGEX", Domain.REGEX, whatFor + " (found anywhere in the name)");
    }

    /** {@code --allow-other-model}. */
    public static Option allowOtherModel() {
        return bare("allow-other-model", "accept a Fisher that was made for other weights");
    }
}
