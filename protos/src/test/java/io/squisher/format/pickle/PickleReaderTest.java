package io.squisher.format.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.squisher.files.FileRegion;
import io.squisher.files.FormatException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes are those of Python's pickle module, in the protocol that the test names. */
class PickleReaderTest {
    @TempDir
    Path folder;

    private static final PickleConstructors ONE_CLASS = new PickleConstructors() {
        @Override
        public boolean knows(PickleGlobal global) {
            return global.toString().equals("fractions.Fraction");
        }

        @Override
        public Object construct(PickleGlobal global, List<Object> arguments) {
            return "made of " + arguments;
        }

        @Override
        public Object persistent(Object id) {
            return "outside " + id;
        }
    };

    private Object read(byte[] bytes) throws IOException {
        Path path = Files.write(folder.resolve("p.pkl"), bytes);
        try (FileChannel channel = FileChannel.open(path)) {
            return new PickleReader(new FileRegion(path, channel, 0, bytes.length), 0, "pickle", ONE_CLASS).read();
        }
    }

    private Object read(String hex) throws IOException {
        return read(HexFormat.of().parseHex(hex));
    }

    /** {@code {'a': [1, -2, 3.5, None, True], 'b': (2**70, 'ü')}} in protocols 0, 2 and 4. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "286470300a56610a70310a286c70320a49310a61492d320a6146332e350a614e614930310a617356620a70330a284c313138303539313632303731373431313330333432344c0a56fc0a70340a7470350a732e",
                "80027d71002858010000006171015d7102284b014afeffffff47400c0000000000004e886558010000006271038a090000000000000000405802000000c3bc7104867105752e",
                "80049535000000000000007d94288c0161945d94284b014afeffffff47400c0000000000004e88658c0162948a090000000000000000408c02c3bc948694752e"
            })
    void readsPlainValues(String hex) throws IOException {
        Map<?, ?> map = assertInstanceOf(Map.class, read(hex));
        List<Object> list = ((PickleSequence) map.get("a")).items();
        assertEquals(java.util.Arrays.asList(1L, -2L, 3.5, null, true), list);
        List<Object> tuple = ((PickleSequence) map.get("b")).items();
        assertEquals(BigInteger.TWO.pow(70), tuple.get(0));
        assertEquals("ü", tuple.get(1));
    }

    @Test
    void readsBytesInProtocol4() throws IOException {
        assertArrayEquals(new byte[] {'x', 'y'}, (byte[]) read("8004430278792e"));
    }

    @Test
    void aListThatContainsItselfIsHeldWithoutEnd() throws IOException {
        PickleSequence list = (PickleSequence) read("80025d71006800612e");
        assertEquals(List.of(list), list.items());
    }

    @Test
    void anAllowedNameIsCalled() throws IOException {
        assertEquals("made of [1]", read(text("cfractions\nFraction\n(I1\ntR.")));
        assertEquals("outside 5", read(text("P5\n.")));
    }

    /** Every way to name a function: none runs, each leaves a placeholder with its name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cos\nsystem\n(S'echo hacked'\ntR.",
                "(S'echo hacked'\nios\nsystem\n.",
                "(cos\nsystem\nS'echo hacked'\no.",
                "\u0080\u0002cos\nsystem\nX\u0001\u0000\u0000\u0000a\u0085\u0081.",
                "\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093)R."
            })
    void aHostileNameIsAnInertPlaceholder(String pickle) throws IOException {
        PickleObject object = assertInstanceOf(PickleObject.class, read(text(pickle)));
        assertEquals("an object of 'os.system'", object.toString());
    }

    /** What a placeholder is called with, built of and asked for is a placeholder again. */
    @Test
    void placeholdersAreMadeOfPlaceholders() throws IOException {
        // {Settings(1): getattr(Settings, 'x')(2)} with a state of attributes and slots.
        PickleObject object = (PickleObject) read(text("cmine\nSettings\n(I1\ntR((dS'a'\nI2\ns(dS'b'\nI3\nstb."));
        assertEquals(List.of(1L), object.arguments());
        assertEquals(Map.of("a", 2L, "b", 3L), object.state());
        PickleObject called = (PickleObject) read(text("cmine\nmake\n(tR(I7\ntR."));
        assertEquals("mine.make", called.type().toString());
        assertEquals(List.of(7L), called.arguments());
        PickleObject old =
                (PickleObject) read(text("ccopy_reg\n_reconstructor\n(cmine\nSettings\nc__builtin__\nobject\nNtR."));
        assertEquals("mine.Settings", old.type().toString());
        PickleObject enumerated = (PickleObject) read(text("cmine\nSettings\n)\u0081(I1\nI2\ntb."));
        assertEquals(List.of(1L, 2L), ((PickleSequence) enumerated.otherState()).items());
    }

    @Test
    void placeholdersAreKeysByIdentity() throws IOException {
        Map<?, ?> map = (Map<?, ?>) read(text("(dcmine\nKey\n(tRI1\nscmine\nKey\n(tRI2\ns."));
        assertEquals(List.of(1L, 2L), List.copyOf(map.values()));
    }

    /** A placeholder that is its own attribute, argument and key. */
    @Test
    void placeholdersThatContainThemselvesAreHeldWithoutEnd() throws IOException {
        PickleObject object = (PickleObject) read(text("cmine\nKey\n(tRp0\n(dS'self'\ng0\nsg0\ng0\nsb."));
        assertEquals(object, object.state().get("self"));
        assertEquals(object, object.state().get(object));
    }

    @Test
    void plainValuesCannotBeCalled() {
        Exception e = assertThrows(FormatException.class, () -> read(text("I1\n(tR.")));
        assertTrue(e.getMessage().contains("it calls something that is no class or function"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "80022e, the stack does not hold what it needs",
        "8002, truncated",
        "80ff2e, pickle protocol 255",
        "8002ff2e, 0xff is no known opcode",
        "8002823c2e, 0x82 is no known opcode",
        "800268052e, nothing was remembered under 5",
        "80024b014b02612e, items are added to something that is no list",
        "80024b014b024b03732e, entries are set in something that is no dictionary",
        "80027d284b01752e, a key without a value",
        "80025800e1f5052e, is more than is left or plausible",
        "80048dffffffffffffff7f2e, is more than is left or plausible",
        "80048dffffffffffffffff2e, is more than is left or plausible",
        "80028bffffff7f2e, is more than is left or plausible",
        "80024b014b02522e, the stack does not hold what it needs",
        "8002652e, the stack does not hold what it needs"
    })
    void damageIsRefusedWithItsPlace(String hex, String reason) {
        Exception e = assertThrows(FormatException.class, () -> read(hex));
        assertTrue(e.getMessage().contains("bad pickle (pickle opcode at 0x"), e.getMessage());
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void anEndlessNumberTextIsRefused() {
        assertThrows(FormatException.class, () -> read(text("I12x\n.")));
        assertThrows(FormatException.class, () -> read(text("S'\n.")));
        assertThrows(FormatException.class, () -> read(text("I1")));
    }

    @Test
    void randomBytesNeverEscape() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[1 + random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                // Mostly opcodes, some anything.
                bytes[i] =
                        (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : OPCODES[random.nextInt(OPCODES.length)]);
            }
            try {
                read(bytes);
            } catch (FormatException expected) {
                assertEquals(1, expected.getMessage().lines().count(), "seed " + seed);
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static final int[] OPCODES =
            "N\u0088\u0089JKMGFILXTUVSBC(012pqrghj}])ltd\u0085\u0086\u0087aesuRboiQPc\u0080\u0093\u0081\u0094\u008f\u0090\u0091\u0095.\n"
                    .chars()
                    .toArray();

    private static byte[] text(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
}
