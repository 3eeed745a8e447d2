package io.squisher.apps.cli;

/** How a run ended, as scripts see it. */
public enum ExitCode {
    /** What was asked for is done. */
    DONE(0),
    /** It was understood but failed, or a comparison exceeded its tolerance. */
    FAILED(1),
    /** The command line was wrong; nothing was tried. */
    WRONG_USAGE(2);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The process's exit code. */
    public int number() {
        return number;
    }
}
