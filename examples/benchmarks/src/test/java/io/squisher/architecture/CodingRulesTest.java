package io.squisher.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.squisher.SquisherException;
import io.squisher.apps.cli.Command;
import java.nio.file.Path;

/** Habits that hold in every module. Generated code is exempt. */
@AnalyzeClasses(
        packages = "io.squisher",
        importOptions = {ImportOption.DoNotIncludeTests.class, OwnClasses.class})
class CodingRulesTest {
    private static final String GENERATED = "io.squisher.proto..";

    @ArchTest
    static final ArchRule LIBRARIES_DO_NOT_PRINT = noClasses()
            .that()
            .resideOutsideOfPackages("io.squisher.apps.cli..", "io.squisher.examples..")
            .should(ACCESS_STANDARD_STREAMS);

    /** A command gets its files from the frame, which looks after them: a path that it made itself could be anything. */
    @ArchTest
    static final ArchRule COMMANDS_GET_PATHS_FROM_THEIR_OPTIONS = noClasses()
            .that()
            .resideInAPackage("io.squisher.apps.cli..")
            .and()
            .doNotHaveFullyQualifiedName("io.squisher.apps.cli.option.Domain")
            .and()
            .doNotHaveFullyQualifiedName("io.squisher.apps.cli.option.OutputKind")
            .or()
            .areAssignableTo(Command.class)
            .should()
            .callMethod(Path.class, "of", String.class, String[].class);

    @ArchTest
    static final ArchRule FAILURES_HAVE_A_TYPE =
            noClasses().that().resideOutsideOfPackage(GENERATED).should(THROW_GENERIC_EXCEPTIONS);

    @ArchTest
    static final ArchRule NO_LOGGING_BEHIND_THE_USERS_BACK = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

    @ArchTest
    static final ArchRule OUR_EXCEPTIONS_CARRY_A_MESSAGE_FOR_THE_USER = classes()
            .that()
            .areAssignableTo(Exception.class)
            .and()
            .resideOutsideOfPackage(GENERATED)
            .should()
            .beAssignableTo(SquisherException.class);

    @ArchTest
    static final ArchRule NO_DRAWERS =
            noClasses().should().resideInAnyPackage("..util..", "..utils..", "..common..", "..helpers..", "..misc..");
}
