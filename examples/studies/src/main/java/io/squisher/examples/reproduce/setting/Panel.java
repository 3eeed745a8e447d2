package io.squisher.examples.reproduce.setting;

/** The six settings of the paper, in the order of its main figure. */
public enum Panel {
    FISHER_MERGING("Fisher merging", "parameters averaged"),
    UBGM("UBGM merging", "parameters averaged"),
    PRUNING("Pruning", "random"),
    FISH_MASK("FISH mask", "random"),
    TASK_EMBEDDING("Task embedding", "largest data set"),
    EWC("EWC", "no penalty");

    private final String title;
    private final String baseline;

    Panel(String title, String baseline) {
        this.title = title;
        this.baseline = baseline;
    }

    public String title() {
        return title;
    }

    /** The paper's baseline, which looks at no Fisher. */
    public String baseline() {
        return baseline;
    }
}
