package io.squisher.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FormatException;
import io.squisher.files.Mutations;
import io.squisher.tensor.Shape;
import io.squisher.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged and hostile files: each is refused with one line that says what is wrong, before any value is read. */
class MalformedSafetensorsTest {
    @TempDir
    Path folder;

    static byte[] bytes(String header, int... data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        for (int value : data) {
            bytes.put((byte) value);
        }
        return bytes.array();
    }

    /** The columns: the header (single quotes for double ones), the number of data bytes, what the message contains. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}                            | 7 | bad safetensors file (truncated: tensor 'a' ends at 0x
        {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}                            | 9 | 1 byte after the last tensor
        {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}                            | 8 | tensor 'a' of F32[3] needs 12 bytes, its offsets give 8
        {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}                            | 8 | tensor 'a' starts at offset 4, expected 0
        {'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[4],'data_offsets':[3,7]}} | 7 | tensor 'b' starts at offset 3, expected 4
        {'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[4],'data_offsets':[5,9]}} | 9 | tensor 'b' starts at offset 5, expected 4
        {'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}} | 4 | tensor 'b' starts at offset 0, expected 4
        {'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}} | 1 | the tensor 'a' is listed twice
        {'a':{'dtype':'U8','dtype':'I8','shape':[1],'data_offsets':[0,1]}}                | 1 | the tensor 'a' has two entries dtype
        {'a':{'dtype':'U8','shape':[1],'shape':[1],'data_offsets':[0,1]}}                 | 1 | the tensor 'a' has two entries shape
        {'__metadata__':{'k':'1','k':'2'}}                                                | 0 | the metadata 'k' is given twice
        {'__metadata__':{'k':1}}                                                          | 0 | the metadata 'k' is not a string
        {'a':{'dtype':'U8','shape':[-1],'data_offsets':[0,1]}}                            | 1 | negative dimension in shape [-1]
        {'a':{'dtype':'U8','shape':[1],'data_offsets':[-1,0]}}                            | 1 | starts at offset -1, expected 0
        {'a':{'dtype':'U8','shape':[1],'data_offsets':[1,0]}}                             | 1 | starts at offset 1, expected 0
        {'a':{'dtype':'U8','shape':[0],'data_offsets':[0,-9223372036854775808]}}          | 1 | needs 0 bytes, its offsets give -9223372036854775808
        {'a':{'dtype':'F64','shape':[9223372036854775807],'data_offsets':[0,8]}}          | 8 | overflows
        {'a':{'dtype':'F64','shape':[4294967296,4294967296],'data_offsets':[0,0]}}        | 0 | overflows
        {'a':{'dtype':'F64','shape':[0,4294967296,4294967296],'data_offsets':[0,0]}}      | 0 | overflows
        {'a':{'dtype':'U8','shape':[18446744073709551617],'data_offsets':[0,1]}}          | 1 | malformed JSON header
        {'a':{'dtype':'U8','shape':[1.5],'data_offsets':[0,1]}}                           | 1 | malformed JSON header
        {'a':{'dtype':'U8','shape':['1'],'data_offsets':[0,1]}}                           | 1 | a number was expected at $.a.shape[0]
        {'a':{'dtype':'U8','shape':[1],'data_offsets':[0]}}                               | 1 | lacks dtype, shape or two data_offsets
        {'a':{'shape':[1],'data_offsets':[0,1]}}                                          | 1 | lacks dtype, shape or two data_offsets
        {'a':{'dtype':'F8_E4M3','shape':[1],'data_offsets':[0,1]}}                        | 1 | unsupported safetensors file (tensor 'a' has the element type F8_E4M3)
        {'a':[]}                                                                          | 0 | malformed JSON header
        {'a'                                                                              | 0 | malformed JSON header
        {} {}                                                                             | 0 | malformed JSON header: syntax error at line 1 column 5
        []                                                                                | 0 | not a safetensors file (the header at 0x8 does not start with '{')
        """)
    void isRefused(String header, int dataBytes, String expected) throws IOException {
        Path path = Files.write(folder.resolve("m.safetensors"), bytes(header.replace('\'', '"'), new int[dataBytes]));
        Exception e = assertThrows(FormatException.class, () -> SafetensorsFile.open(path));
        assertTrue(e.getMessage().startsWith("cannot read '" + path + "': "), e.getMessage());
        assertTrue(e.getMessage().contains(expected), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void aTextFileIsNotASafetensorsFile() throws IOException {
        Path path = Files.writeString(folder.resolve("text.safetensors"), "Dear reader, this is a letter.");
        Exception e = assertThrows(FormatException.class, () -> SafetensorsFile.open(path));
        assertTrue(e.getMessage().contains("not a safetensors file (it is text; give the file"), e.getMessage());
    }

    @Test
    void aNameThatIsNotUtf8IsRefused() throws IOException {
        byte[] bytes = bytes("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 0);
        bytes[10] = (byte) 0xff;
        Path path = Files.write(folder.resolve("latin.safetensors"), bytes);
        Exception e = assertThrows(FormatException.class, () -> SafetensorsFile.open(path));
        assertTrue(e.getMessage().endsWith("bad safetensors file (the header is not UTF-8)"), e.getMessage());
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        Path path = folder.resolve("whole.safetensors");
        SafetensorsWriter.write(
                path,
                Map.of("a", Tensor.of(Shape.of(2), 1f, 2f), "b", Tensor.of(Shape.of(), 3.0)),
                Map.of("key", "value"));
        byte[] whole = Files.readAllBytes(path);
        for (int length = 0; length < whole.length; length++) {
            Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, length));
            Exception e = assertThrows(FormatException.class, () -> SafetensorsFile.open(cut), "length " + length);
            assertEquals(1, e.getMessage().lines().count());
        }
    }

    @Test
    void mutationsNeverEscape() throws IOException {
        Path path = folder.resolve("seed.safetensors");
        SafetensorsWriter.write(
                path,
                Map.of("a", Tensor.of(Shape.of(2), 1f, 2f), "b", Tensor.of(Shape.of(0), new double[0])),
                Map.of("key", "value"));
        Mutations.of(Files.readAllBytes(path), path, mutant -> {
            try (SafetensorsFile file = SafetensorsFile.open(mutant)) {
                file.tensors().values().forEach(Tensor::toDoubles);
            }
        });
    }
}
