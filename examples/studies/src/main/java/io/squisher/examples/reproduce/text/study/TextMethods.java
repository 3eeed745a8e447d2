package io.squisher.examples.reproduce.text.study;

import io.squisher.examples.reproduce.setting.Methods;

/** Names of methods that occur in several settings. */
final class TextMethods {
    static final String FISHER = Methods.FISHER;
    static final String SQUISHER = Methods.SQUISHER;
    static final String SAMPLED = "sampled Fisher";
    static final String AVERAGE = "parameters averaged";
    static final String RANDOM = "random";

    private TextMethods() {}
}
