package io.squisher;

import java.util.List;

/** Words with the article that they are spoken with. */
public final class Article {
    /** Spelled out, these begin with a vowel: an npz file. */
    private static final List<String> SPELLED = List.of("HDF", "npz", "npy", "SVG", "XML", "HTML");

    private Article() {}

    /** {@code a mask}, {@code an ONNX model}, {@code an npz file}. */
    public static String of(String words) {
        boolean vowel =
                "AEIOUaeiou".indexOf(words.charAt(0)) >= 0 || SPELLED.stream().anyMatch(words::startsWith);
        return (vowel ? "an " : "a ") + words;
    }
}
