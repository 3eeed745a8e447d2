package io.squisher.examples.reproduce;

/** What holds the weights of earlier tasks. */
enum EwcMethod {
    NONE(Panel.EWC.baseline()),
    IDENTITY("identity"),
    FISHER(Methods.FISHER),
    EXACT(Methods.EXACT),
    /** Adam's own accumulator, new for each task, which from the second task on holds the penalty's gradient too. */
    SQUISHER(Methods.SQUISHER),
    /** The average of the data loss' squared gradients, which the plug-in keeps beside Adam. */
    DATA_LOSS("Squisher of the data loss");

    private final String label;

    EwcMethod(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
