package io.squisher.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What this module may know. That no other module knows Spark, those test that are built without it. */
@AnalyzeClasses(packages = "io.squisher.spark", importOptions = ImportOption.DoNotIncludeTests.class)
class SparkModuleTest {
    /** The files and tensors of {@code protos}, and {@code onnx-tools}; the command line only where it is extended. */
    @ArchTest
    static final ArchRule KNOWS_THE_LIBRARY_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage("io.squisher.spark.command..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.squisher.apps..",
                    "io.squisher.tf..",
                    "io.squisher.examples..",
                    "io.squisher.spark.command..",
                    "org.apache.commons.cli..");

    @ArchTest
    static final ArchRule ONNX_RUNTIME_IS_USED_BY_ITS_MODULE_ALONE =
            noClasses().should().dependOnClassesThat().resideInAPackage("ai.onnxruntime..");

    /** A cluster has its own versions. */
    @ArchTest
    static final ArchRule PROTOBUF_AND_GSON_ARE_USED_UNDER_OUR_NAMES =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("com.google.protobuf..", "com.google.gson..");

    @ArchTest
    static final ArchRule NOTHING_PRINTS = noClasses()
            .that()
            .resideOutsideOfPackage("io.squisher.spark.command..")
            .should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule FAILURES_HAVE_A_TYPE = noClasses().should(THROW_GENERIC_EXCEPTIONS);

    /** The commands know failures too. */
    @ArchTest
    static final ArchRule ONLY_THE_ENTRY_IS_PUBLIC = classes()
            .that()
            .resideInAPackage("io.squisher.spark")
            .and()
            .areTopLevelClasses()
            .and()
            .arePublic()
            .should()
            .haveSimpleName("SparkFisher")
            .orShould()
            .haveSimpleName("JobFailure");
}
