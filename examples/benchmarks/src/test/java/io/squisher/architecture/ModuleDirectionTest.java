package io.squisher.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which module and package may know which: {@code benchmarks -> studies -> command line -> applications, report and onnx-tools
 * -> protos <- tf-plugin}.
 */
@AnalyzeClasses(
        packages = "io.squisher",
        importOptions = {ImportOption.DoNotIncludeTests.class, OwnClasses.class})
class ModuleDirectionTest {
    private static final String APPLICATIONS = "io.squisher.apps.(*)..";
    private static final String REPRODUCE = "io.squisher.examples.reproduce";

    @ArchTest
    static final ArchRule MODULES = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("benchmarks")
            .definedBy("io.squisher.examples.benchmarks..")
            .layer("studies")
            .definedBy(allBut("io.squisher.examples..", "io.squisher.examples.benchmarks.."))
            .layer("command line")
            .definedBy("io.squisher.apps.cli..")
            .layer("applications")
            .definedBy(allBut("io.squisher.apps..", "io.squisher.apps.cli.."))
            .layer("report")
            .definedBy("io.squisher.report..")
            .layer("onnx-tools")
            .definedBy("io.squisher.onnx..")
            .layer("tf-plugin")
            .definedBy("io.squisher.tf..")
            .layer("protos")
            .definedBy(
                    "io.squisher",
                    "io.squisher.checkpoint..",
                    "io.squisher.files..",
                    "io.squisher.fisher..",
                    "io.squisher.format..",
                    "io.squisher.mask..",
                    "io.squisher.proto..",
                    "io.squisher.tensor..",
                    "io.squisher.units..",
                    "io.squisher.weights..")
            .whereLayer("benchmarks")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("studies")
            .mayOnlyBeAccessedByLayers("benchmarks")
            .whereLayer("command line")
            .mayOnlyBeAccessedByLayers("studies", "benchmarks")
            .whereLayer("applications")
            .mayOnlyBeAccessedByLayers("command line", "studies", "benchmarks")
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("command line", "studies", "benchmarks")
            .whereLayer("onnx-tools")
            .mayOnlyBeAccessedByLayers("command line", "studies", "benchmarks")
            .whereLayer("tf-plugin")
            .mayOnlyBeAccessedByLayers("studies", "benchmarks")
            .ensureAllClassesAreContainedInArchitecture();

    @ArchTest
    static final ArchRule DERIVATIVES_DO_NOT_KNOW_WHAT_THEY_ARE_FOR = noClasses()
            .that()
            .resideInAPackage("io.squisher.onnx.autodiff..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.squisher.onnx.fisher..", "io.squisher.onnx.runtime..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule ONE_USER_OF_ONNX_RUNTIME = noClasses()
            .that()
            .resideOutsideOfPackage("io.squisher.onnx.runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule ONE_USER_OF_THE_TOKENIZERS = noClasses()
            .that()
            .resideOutsideOfPackage("io.squisher.onnx.text..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule TENSORFLOW_STAYS_IN_THE_PLUG_IN_AND_THE_EXAMPLES = noClasses()
            .that()
            .resideOutsideOfPackages("io.squisher.tf..", "io.squisher.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.tensorflow..");

    @ArchTest
    static final ArchRule SPARK_STAYS_IN_ITS_MODULE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.squisher.spark..", "org.apache.spark..", "org.apache.hadoop..", "scala..");

    /** A class path that we do not control may hold any version of them; TensorFlow's messages are TensorFlow's. */
    @ArchTest
    static final ArchRule PROTOBUF_AND_GSON_ARE_USED_UNDER_OUR_NAMES = noClasses()
            .that()
            .resideOutsideOfPackages("io.squisher.tf..", "io.squisher.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.protobuf..", "com.google.gson..");

    /** The examples contribute commands, whose interface is made of the command line's option types. */
    @ArchTest
    static final ArchRule ONLY_COMMANDS_KNOW_THE_OPTION_PARSER = noClasses()
            .that()
            .resideOutsideOfPackages("io.squisher.apps.cli..", "io.squisher.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.commons.cli..");

    @ArchTest
    static final ArchRule APPLICATIONS_KNOW_NEITHER_FORMATS_NOR_GRAPHS_NOR_THE_COMMAND_LINE = noClasses()
            .that()
            .resideInAPackage("io.squisher.apps..")
            .and()
            // The entry classes for library users open and write files, as commands do.
            .resideOutsideOfPackages("io.squisher.apps.cli..", "io.squisher.apps")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.squisher.format..",
                    "io.squisher.onnx..",
                    "io.squisher.proto.onnx..",
                    "io.squisher.apps.cli..",
                    "io.squisher.report..",
                    "me.tongfei..");

    /** Pages are made of numbers; whoever has them knows what they are of. */
    @ArchTest
    static final ArchRule REPORTS_KNOW_NEITHER_FORMATS_NOR_GRAPHS = noClasses()
            .that()
            .resideInAPackage("io.squisher.report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.squisher.format..", "io.squisher.fisher..", "io.squisher.onnx..", "io.squisher.apps..");

    /**
     * {@code apps.plan} is what applications share: problems of a plan, and how a Fisher is checked against a model;
     * {@code apps.topk} is what pruning and masks share.
     */
    @ArchTest
    static final ArchRule APPLICATIONS_DO_NOT_KNOW_EACH_OTHER = slices().matching(APPLICATIONS)
            .should()
            .notDependOnEachOther()
            .ignoreDependency(inPackage("io.squisher.apps.cli.."), inPackage("io.squisher.apps.."))
            .ignoreDependency(inPackage("io.squisher.apps.."), inPackage("io.squisher.apps.plan.."))
            .ignoreDependency(inPackage("io.squisher.apps.."), inPackage("io.squisher.apps.topk.."));

    @ArchTest
    static final ArchRule NO_CYCLES_OF_TOP_LEVEL_PACKAGES =
            slices().matching("io.squisher.(*)..").should().beFreeOfCycles();

    /** Each package for itself, however deep it stands: a package and those inside it are different ones. */
    @ArchTest
    static final ArchRule NO_CYCLES_OF_PACKAGES =
            slices().matching("(io.squisher..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_CYCLES_OF_THE_COMMAND_LINE =
            slices().matching("io.squisher.apps.cli.(*)..").should().beFreeOfCycles();

    /** What two families of commands share is an option, an output or a model. */
    @ArchTest
    static final ArchRule FAMILIES_OF_COMMANDS_DO_NOT_KNOW_EACH_OTHER =
            slices().matching("io.squisher.apps.cli.command.(*)..").should().notDependOnEachOther();

    /** The frame finds commands by their service, and what it is made of knows none. */
    @ArchTest
    static final ArchRule NOBODY_KNOWS_COMMANDS = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.squisher.apps.cli",
                    "io.squisher.apps.cli.model..",
                    "io.squisher.apps.cli.option..",
                    "io.squisher.apps.cli.output..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.squisher.apps.cli.command..");

    /** What two settings of the paper share is in {@code setting}; only who chooses them and who reports on them knows more. */
    @ArchTest
    static final ArchRule SETTINGS_OF_THE_PAPER_DO_NOT_KNOW_EACH_OTHER = slices().matching(REPRODUCE + ".(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(inPackage(REPRODUCE + ".."), inPackage(REPRODUCE + ".setting.."))
            .ignoreDependency(inPackage(REPRODUCE + ".experiment.."), inPackage(REPRODUCE + ".."))
            .ignoreDependency(inPackage(REPRODUCE + ".report.."), inPackage(REPRODUCE + ".running.."))
            .ignoreDependency(inPackage(REPRODUCE + ".report.."), inPackage(REPRODUCE + ".experiment.."));

    /** Graphs, rules and likelihoods are what a plan is made of, and know nothing of it. */
    @ArchTest
    static final ArchRule PARTS_OF_A_PLAN_DO_NOT_KNOW_IT = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.squisher.onnx.fisher.graph..",
                    "io.squisher.onnx.fisher.likelihood..",
                    "io.squisher.onnx.fisher.rules..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.squisher.onnx.fisher");

    /** The steps of reading are put together in one place. */
    @ArchTest
    static final ArchRule STEPS_OF_READING_DO_NOT_KNOW_THE_READER = noClasses()
            .that()
            .resideInAPackage("io.squisher.onnx.reading.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.squisher.onnx.reading");

    /** Who runs a graph needs its shapes, not its derivatives. */
    @ArchTest
    static final ArchRule THE_RUNTIME_KNOWS_NO_DERIVATIVES = noClasses()
            .that()
            .resideInAPackage("io.squisher.onnx.runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.squisher.onnx.autodiff..");

    @ArchTest
    static final ArchRule FACTS_OF_OPERATORS_STAND_ALONE = noClasses()
            .that()
            .resideInAPackage("io.squisher.onnx.operators..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("io.squisher.onnx.operators..", "java..");

    /** Rules over no classes hold for nothing: each source file of each module has its class here. */
    @ArchTest
    static void theClassesOfAllModulesWereSeen(JavaClasses classes) {
        List<String> missing = SourceModules.folders().stream()
                .flatMap(ModuleDirectionTest::classNames)
                .filter(name -> !classes.contain(name))
                .toList();
        assertEquals(List.of(), missing);
    }

    private static Stream<String> classNames(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files
                    .map(file -> sources.relativize(file).toString())
                    .filter(name -> name.endsWith(".java") && !name.endsWith("-info.java"))
                    .map(name ->
                            name.substring(0, name.length() - ".java".length()).replace(File.separatorChar, '.'))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DescribedPredicate<JavaClass> allBut(String packages, String excluded) {
        return inPackage(packages).and(DescribedPredicate.not(inPackage(excluded)));
    }

    private static DescribedPredicate<JavaClass> inPackage(String pattern) {
        return JavaClass.Predicates.resideInAPackage(pattern);
    }
}
