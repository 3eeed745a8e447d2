package io.squisher.onnx.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.SquisherException;
import io.squisher.format.onnx.OnnxFile;
import io.squisher.proto.onnx.ModelProto;
import io.squisher.proto.onnx.StringStringEntryProto;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClassNamesTest {
    private static OnnxFile model(String key, String value) {
        return new OnnxFile(
                Path.of("m.onnx"),
                ModelProto.newBuilder()
                        .addMetadataProps(
                                StringStringEntryProto.newBuilder().setKey(key).setValue(value))
                        .build());
    }

    @Test
    void wordsAreNumberedInTheirOrder() {
        ClassNames classes = ClassNames.ofLabels(List.of("b", "a", "c", "a", "10"));
        assertEquals(List.of("10", "a", "b", "c"), classes.names());
        assertEquals(2, classes.number("b", ""));
    }

    @Test
    void numbersAreThoseOfTheClasses() {
        ClassNames classes = ClassNames.ofLabels(List.of("3", "0"));
        assertEquals(List.of("0", "1", "2", "3"), classes.names());
        assertEquals(3, classes.number("3", ""));
        assertTrue(classes.areNumbers());
        // Whether the model has so many is its own matter.
        assertEquals(9, classes.number("9", ""));
        assertEquals(List.of("-1", "0"), ClassNames.ofLabels(List.of("0", "-1")).names());
    }

    @Test
    void aModelKeepsWordsAndNoNumbers() {
        OnnxFile model = model("author", "somebody");
        OnnxFile named = ClassNames.of(List.of("no", "it's \"yes\"")).keptIn(model);
        assertEquals(
                Optional.of(List.of("no", "it's \"yes\"")), ClassNames.of(named).map(ClassNames::names));
        assertEquals(2, named.model().getMetadataPropsCount());
        OnnxFile numbered = ClassNames.ofLabels(List.of("0", "1")).keptIn(named);
        assertEquals(model.model(), numbered.model());
        assertEquals(Optional.empty(), ClassNames.of(numbered));
    }

    @Test
    void aStrangeLabelNamesItsPlaceAndWhatIsNear() {
        ClassNames classes = ClassNames.of(List.of("flight", "fare"));
        SquisherException refused =
                assertThrows(SquisherException.class, () -> classes.number("flights", "line 3 of 't.tsv'"));
        assertEquals(
                "line 3 of 't.tsv' has the label 'flights', which is none of the 2 classes [flight, fare], did you mean"
                        + " 'flight'?; leave such lines out, or train with examples of that class",
                refused.getMessage());
    }

    @Test
    void metadataOfAnotherKindAreRefused() {
        for (String value : List.of("{}", "[[1, 2]]", "nonsense [", "[null]")) {
            SquisherException refused =
                    assertThrows(SquisherException.class, () -> ClassNames.of(model(ClassNames.METADATA, value)));
            assertEquals("the metadata 'squisher.classes' of 'm.onnx' is no JSON array of names", refused.getMessage());
        }
    }
}
